"""A real Chromium. Where there is none the tests are skipped, and say so."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from promises.captures.rendering import CHROMIUMS
from promises.evidence.actions import publish_evidence, save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.pledges.models import Pledge
from tests import record
from tests.record import NOW
from tests.site import whole

# How wide a window is, and which colours its reader wants. 320 pixels are 400 % zoom of 1280.
WIDTHS = (1280, 320)
MODES = list(product(WIDTHS, ("light", "dark")))
# How long a page may take on a machine that runs whole installations beside it, in milliseconds.
PATIENCE = 20_000
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Opener(Protocol):
    """Opens an address in a fresh window; the page carries its `complaints`."""

    def __call__(
        self, address: str, *, width: int = 1280, scheme: str = "light", **options: Any
    ) -> Any: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.skip("NOT TESTED IN A BROWSER: install chromium-headless-shell, or chromium.")
    # Playwright keeps an event loop in this thread, in which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Opener]:
    """Open pages, each in a window of its own, and close them at the end."""
    contexts: list[BrowserContext] = []

    def opened(address: str, *, width: int = 1280, scheme: str = "light", **options: Any) -> Any:
        size = {"width": width, "height": 568 if width < 600 else 900}
        context = chromium.new_context(
            viewport=size, color_scheme=scheme, locale="en-US", **options
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page: Any = context.new_page()
        page.complaints = listen(page)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


def listen(page: Page) -> list[str]:
    """Return a list that fills with whatever the browser complains about."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{message.location['url']}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


# WCAG 2.2, A and AA, with its size of targets, and what the makers of axe call good practice.
STRICT = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# Those of its rules whose answer depends on the colours that a reader asked for.
COLOURS = ["color-contrast", "link-in-text-block"]


def accessibility_faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds wrong with a page: rule, element and why.

    `rules` are the tags or names of axe's rules to run; without them axe runs those it has on.
    """
    # What passes is not asked for: gathering it takes most of the time. Nor are style sheets read
    # again, for which it waits: only a rule that it has off wants them.
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
    # After a click the next page has begun, and what has not come yet cannot be asked.
    page.wait_for_load_state()
    if rules:
        options["runOnly"] = rules
    # To read axe takes as long as to ask it, and it stays as long as the page does.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    asking = "options => axe.run(options).then(found => found.violations)"
    return [
        f"{violation['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for violation in page.evaluate(asking, options)
        for node in violation["nodes"]
    ]


def in_every_mode(page: Page) -> Iterator[tuple[int, str, list[str]]]:
    """Show an open page in each mode; yield width, scheme and what is wrong with it there.

    In the dark only colours differ (test_dark_differs_in_colours_alone).
    """
    for width, scheme in MODES:
        page.set_viewport_size({"width": width, "height": 568 if width < 600 else 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        faults = accessibility_faults(page, COLOURS if scheme == "dark" else STRICT)
        if wider := sideways(page):
            faults.append(f"{wider} pixels too wide")
        yield width, scheme, faults


def settled(page: Page) -> None:
    """Wait for colours that fade into each other: what counts is where they arrive."""
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(wider))


def keep(page: Any, name: str) -> None:
    """Keep a picture where whoever runs this wants to look at it."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def full_pledge(transactional_db: None) -> Pledge:
    """A pledge with everything on its page, stale, from the founding document."""
    author = record.user("author")
    made = whole.pledge(by=author, due_on=date(2025, 1, 31), quote="Never.", quote_attribution="x")
    record.evidence(
        by=author, about=made, checked="unconfirmed", publisher="A" * 60, title="word" * 40
    )
    for status in ("kept", "broken", "stalled", "in_the_works"):
        other = record.pledge(by=author, of=made.term, topic=made.topic)
        record.published_update(by=author, of=other, status=status)
    record.pledge(by=author, of=made.term, kind="standing")
    article = record.draft_evidence(by=author, slug=settings.FOUNDING_DOCUMENT)
    link = EvidenceLink(pledge=made, evidence=article, stance="context", is_source=True)
    save_evidence_link(link=link, by=author, now=NOW)
    publish_evidence(evidence=article, by=author, now=NOW)
    return made
