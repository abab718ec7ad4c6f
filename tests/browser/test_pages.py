"""Home, pledge and officials as Chromium shows them: wide and narrow, light and dark."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Page

from promises.evidence.actions import publish_evidence, save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.pledges.models import Pledge
from tests import record
from tests.browser.conftest import STRICT, Opener, accessibility_faults
from tests.record import NOW
from tests.site import whole

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODES = list(product((1280, 320), ("light", "dark")))


@pytest.fixture
def pledge(transactional_db: None) -> Pledge:
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


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(wider))


@pytest.mark.parametrize("name", ["home", "pledge", "prosecutors", "topic"])
def test_a_page_fits_and_can_be_used_by_everyone(
    live_server: Any, open_page: Opener, pledge: Pledge, name: str
) -> None:
    address = {
        "home": "/",
        "pledge": f"/pledges/{pledge.slug}/",
        "prosecutors": "/prosecutors/",
        "topic": f"/topics/{pledge.topic.slug}/",
    }[name]
    found = {}
    with time_machine.travel(NOW + timedelta(days=400)):
        for width, scheme in MODES:
            page = open_page(f"{live_server.url}{address}", width=width, scheme=scheme)
            faults = [*page.complaints, *accessibility_faults(page, STRICT)]
            if wider := sideways(page):
                faults.append(f"{wider} pixels too wide")
            if faults:
                found[width, scheme] = faults
    assert found == {}


def test_the_colours_follow_the_readers_scheme(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    pages = [open_page(f"{live_server.url}/", scheme=scheme) for scheme in ("light", "dark")]
    assert [page.evaluate(paper) for page in pages] == ["rgb(252, 251, 249)", "rgb(19, 21, 25)"]


def test_the_first_tab_skips_to_the_content(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    page = open_page(f"{live_server.url}/pledges/{pledge.slug}/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the content"
    box = focused.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == str(pledge.person)


def test_the_verdict_is_in_the_first_screen_of_a_small_phone(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    page = open_page(f"{live_server.url}/pledges/{pledge.slug}/", width=320)
    box = page.locator(".verdict .status").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 568


def test_pages_need_no_script(live_server: Any, open_page: Opener, pledge: Pledge) -> None:
    page = open_page(f"{live_server.url}/pledges/?q=example", java_script_enabled=False)
    page.get_by_label("Status").select_option("kept")
    page.get_by_role("button", name="Show").click()
    assert page.get_by_role("heading", level=2).first.inner_text() == "One pledge"
