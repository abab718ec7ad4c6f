"""Every public page in Chromium, light and dark, on a desktop and at 400 % zoom (320 pixels)."""

import gzip
import re
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from playwright.sync_api import Page, Response

from promises.pledges.models import Pledge
from tests import record
from tests.browser.conftest import WIDTHS, Opener, in_every_mode, sideways
from tests.record import NOW
from tests.site.addresses import PAGES, RECORDS
from tests.suggestions.challenged import challenge
from tests.suggestions.suggested import suggestion

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
# Style sheets of the desk that are Django's.
OF_DJANGO = Path(admin.__path__[0]) / "static"
# What a style sheet says for readers who want it dark: new values of its colours.
DARK = re.compile(
    r"@media (?:screen and )?\(prefers-color-scheme: dark\) \{\s*:root \{([^{}]*)\}\s*\}"
)
COLOUR = re.compile(r"--\w[\w-]*: (#[0-9a-f]{3,8}|var\(--\w[\w-]*\))|color-scheme: dark")
LATER = NOW + timedelta(days=400)
# What an address shows with something chosen in it.
MORE = {
    "home": "",
    "search": "?q=example",
    "pledges": "?q=example",
    "stale": "?reason=review_overdue",
    "compare": "?a={person}",
}
# Without the field that only robots fill.
FIELD = "input:not([type=hidden]):not([tabindex='-1'])"
FOCUSABLE = f"a[href], button, {FIELD}, select, textarea, [tabindex='0']"
# Where the focus stands among all that can have it, and whether its ring can be seen.
FOCUSED = f"""() => {{
    const all = [...document.querySelectorAll("{FOCUSABLE}")].filter(e => e.checkVisibility());
    const now = document.activeElement, box = now.getBoundingClientRect();
    const look = getComputedStyle(now);
    const ring = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
    const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return [all.indexOf(now), all.length, ring && seen];
}}"""

# Where what stands side by side has least room: just above the width at which it begins to.
CROWDED_WIDTHS = (834, 1024)
# Widths of the columns in which titles of lists stand, where they are cut or broken.
CROWDED = """[...document.querySelectorAll(".row-title")]
    .map((title) => title.parentElement.clientWidth).filter((width) => width && width < 200)"""


def addresses(pledge: Pledge) -> dict[str, str]:
    """Return the address of every public page, with the records around this pledge."""
    evidence, metric = pledge.evidence.order_by("pk").first(), pledge.metrics.get()
    assert evidence is not None
    names = {
        "prosecutor": pledge.person.slug,
        "topic": pledge.topic.slug,
        "evidence": evidence.slug,
        "metric": metric.slug,
        "tracking": challenge(of=pledge).reference,
        "suggestion": suggestion(pledge=pledge).reference,
        "record_request": pledge.record_requests.get().slug,
    }
    found = {name: address + MORE.get(name, "") for name, address in PAGES.items()}
    found["compare"] = found["compare"].format(person=pledge.person.slug)
    for name, (pattern, _model) in RECORDS.items():
        found[name] = pattern.format(names.get(name, pledge.slug))
    return found


def focus_faults(page: Page) -> list[str]:
    """Press Tab through a page; return where the order is not that of the text or no ring shows."""
    faults: list[str] = []
    expected = 0
    while True:
        page.keyboard.press("Tab")
        at, of, is_seen = page.evaluate(FOCUSED)
        if at != expected:
            return [*faults, f"Tab {expected} leads to {at}"]
        if not is_seen:
            faults.append(f"the focus on {at} is not seen")
        expected += 1
        if expected == of:
            return faults


# A record with everything takes longer to write than a page to look at: one for many pages.
NAMES = [*PAGES, *RECORDS]
GROUPS = [NAMES[start : start + 7] for start in range(0, len(NAMES), 7)]


@pytest.mark.parametrize("names", GROUPS, ids="-".join)
def test_pages_can_be_used_by_everyone_and_need_no_script(
    live_server: Any, open_page: Opener, full_pledge: Pledge, names: list[str]
) -> None:
    known = addresses(full_pledge)
    found: dict[tuple[str, ...], list[str]] = {}
    for name, language in product(names, ("", "/es")):
        there = live_server.url + language + known[name]
        with time_machine.travel(LATER):
            page = open_page(there)
            for width, scheme, faults in in_every_mode(page):
                found[name, language, str(width), scheme] = faults
            for width in CROWDED_WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                found[name, language, str(width), "crowded"] = page.evaluate(CROWDED)
                if wider := sideways(page):
                    found[name, language, str(width), "sideways"] = [f"{wider} pixels too wide"]
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 568 if width < 600 else 900})
                # Tab begins at the top of a page that has just been loaded.
                page.reload()
                found[name, language, str(width), "focus"] = focus_faults(page)
            found[name, language, "console"] = page.complaints
            page.context.close()
        is_light_and_needs_no_script(open_page, there)
    assert {where: faults for where, faults in found.items() if faults} == {}


def test_dark_differs_in_colours_alone() -> None:
    """So what does not depend on colours need not be asked again in the dark."""
    ours = [*(ROOT / "static").rglob("*.css"), ROOT / "promises/api/static/api/docs.css"]
    sheets = [sheet.read_text() for sheet in (*ours, *OF_DJANGO.rglob("*.css"))]
    dark = [DARK.findall(sheet) for sheet in sheets]
    assert sum(map(len, dark)) == sum(s.count("prefers-color-scheme: dark") for s in sheets) == 4
    said = [line for found in dark for block in found for line in block.split(";") if line.strip()]
    assert len(said) > 20
    assert [line for line in said if not COLOUR.fullmatch(line.strip())] == []


def is_light_and_needs_no_script(open_page: Opener, address: str) -> None:
    page = open_page("about:blank", java_script_enabled=False)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address)
    sizes = {answer.request.resource_type: len(gzip.compress(answer.body())) for answer in answers}
    assert set(sizes) <= {"document", "stylesheet", "image", "other"}
    assert len(answers) <= 3
    assert sizes["document"] <= 14 * 1024
    assert sum(sizes.values()) <= 40 * 1024


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_first_screen_of_a_small_phone_answers_four_questions(
    live_server: Any, open_page: Opener, full_pledge: Pledge, language: str
) -> None:
    page = open_page(f"{live_server.url}{language}/pledges/{full_pledge.slug}/", width=320)
    page.set_viewport_size({"width": 320, "height": 640})
    for part in (".status .chip", ".status .since", ".says > div:first-child", ".says a"):
        box = page.locator(f".verdict {part}").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 640, part


def test_a_long_pledge_prints_on_two_pages(
    live_server: Any, open_page: Opener, full_pledge: Pledge
) -> None:
    said = "What it says of the pledge takes a sentence of this length, with a figure and a day. "
    for number in range(13):
        stance = ("supports", "contradicts", "context")[number % 3]
        record.evidence(
            by=full_pledge.created_by,
            about=full_pledge,
            stance=stance,
            title=f"A headline of the usual length, the one numbered {number}",
            summary=said * 2,
        )
    page = open_page(f"{live_server.url}/pledges/{full_pledge.slug}/")
    for paper in ("A4", "Letter"):
        assert page.pdf(format=paper).count(b"/Type /Page\n") <= 2, paper
