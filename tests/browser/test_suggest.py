"""The form for a suggestion and its page, as Chromium shows them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import expect

from promises.pledges.models import Pledge
from promises.suggestions.models import Suggestion
from promises.suggestions.suggesting import set_suggestion_aside
from tests import record
from tests.browser.conftest import (
    MODES,
    Opener,
    accessibility_faults,
    in_every_mode,
    keep,
    settled,
    sideways,
)
from tests.browser.test_desk import log_in
from tests.record import NOW
from tests.suggestions.suggested import suggestion

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pledge(transactional_db: None) -> Pledge:
    """A pledge with one suggestion that waits and one that was set aside."""
    author = record.user("author")
    made = record.pledge(by=author, title="Never ask for cash bail in minor cases")
    suggestion(pledge=made)
    aside = suggestion(kind="pledge", person=made.person)
    reason = "This promise is on record since May, under another title."
    set_suggestion_aside(suggestion=aside, reason=reason, by=author, now=NOW)
    return made


def test_the_pages_fit_and_can_be_used_by_everyone(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    waiting, aside = Suggestion.objects.order_by("pk")
    addresses = {
        "form": "/suggest/",
        "of-pledge": f"/suggest/?pledge={pledge.slug}",
        "waiting": f"/suggestions/{waiting.reference}/",
        "aside": f"/suggestions/{aside.reference}/",
    }
    found = {}
    with time_machine.travel(NOW + timedelta(days=1)):
        for name, address in addresses.items():
            page = open_page(f"{live_server.url}{address}")
            if name == "form":
                page.get_by_role("button", name="Send the suggestion").click()
                expect(page.get_by_role("alert")).to_have_count(1)
            for width, scheme, faults in in_every_mode(page):
                if faults:
                    found[name, width, scheme] = faults
                keep(page, f"suggest-{name}-{width}-{scheme}")
    assert found == {}


def test_a_suggestion_is_sent_without_a_script(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    page = open_page(f"{live_server.url}/pledges/{pledge.slug}/", java_script_enabled=False)
    page.locator("#main").get_by_role("link", name="Suggest evidence").click()
    page.get_by_label("Where can it be read?").fill("https://court.example.org/may")
    page.get_by_label("What does it say?").fill("It was in June.\nSee page 3.")
    page.wait_for_timeout(4500)
    page.get_by_role("button", name="Send the suggestion").click()
    assert page.get_by_role("heading", level=2).first.inner_text() == "Received"
    made = Suggestion.objects.latest("pk")
    assert (made.explanation, made.pledge) == ("It was in June.\nSee page 3.", pledge)
    assert page.complaints == []


def test_the_desk_shows_a_suggestion_and_the_page_of_its_draft(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    person = record.user("editor", is_staff=True, is_superuser=True)
    waiting = Suggestion.objects.earliest("pk")
    page = log_in(open_page, live_server.url, person.username)
    for name, there in (
        ("record", f"/admin/suggestions/suggestion/{waiting.pk}/change/"),
        ("draft", f"/admin/suggestions/suggestion/{waiting.pk}/step/draft-evidence/"),
    ):
        page.goto(f"{live_server.url}{there}")
        for width, scheme in MODES:
            page.set_viewport_size({"width": width, "height": 568 if width < 600 else 900})
            page.emulate_media(color_scheme=scheme)
            settled(page)
            assert accessibility_faults(page) == []
            assert sideways(page) == 0
            keep(page, f"desk-suggestion-{name}-{width}-{scheme}")
