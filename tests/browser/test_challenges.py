"""The form for a challenge, its page and the corrections, as Chromium shows them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import expect

from promises.pledges.models import Pledge
from promises.suggestions.actions import answer_challenge, take_up
from tests import record
from tests.browser.conftest import Opener, in_every_mode, keep
from tests.record import NOW
from tests.site import whole
from tests.suggestions.challenged import challenge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pledge(transactional_db: None) -> Pledge:
    """A pledge with one challenge answered and one taken up."""
    author = record.user("author")
    made = whole.pledge(by=author)
    sent = challenge(of=made, kind="missing_evidence")
    answer_challenge(
        challenge=sent,
        is_accepted=True,
        answer="The ruling of May was missing. It is on record now.",
        summary="A ruling of the state court is not listed.",
        by=author,
        now=NOW,
    )
    take_up(challenge=challenge(of=made), by=author, now=NOW)
    return made


def test_the_pages_fit_and_can_be_used_by_everyone(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    answered, waiting = pledge.challenges.order_by("pk")
    addresses = {
        "form": f"/pledges/{pledge.slug}/challenge/",
        "answered": f"/challenges/{answered.reference}/",
        "waiting": f"/challenges/{waiting.reference}/",
        "corrections": "/corrections/",
        "method": "/methodology/",
        "pledge": f"/pledges/{pledge.slug}/",
    }
    found = {}
    with time_machine.travel(NOW + timedelta(days=1)):
        for name, address in addresses.items():
            page = open_page(f"{live_server.url}{address}")
            if name == "form":
                page.get_by_role("button", name="Send the challenge").click()
                expect(page.get_by_role("alert")).to_have_count(1)
            for width, scheme, faults in in_every_mode(page):
                if faults:
                    found[name, width, scheme] = faults
                keep(page, f"{name}-{width}-{scheme}")
    assert found == {}


def test_a_challenge_is_sent_without_a_script(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    page = open_page(f"{live_server.url}/pledges/{pledge.slug}/", java_script_enabled=False)
    page.get_by_role("link", name="Challenge this rating").click()
    page.get_by_label("What is wrong?").select_option("factual_error")
    page.get_by_label("Please explain").fill("It was in June.\nSee page 3.")
    page.wait_for_timeout(4500)
    page.get_by_role("button", name="Send the challenge").click()
    assert page.get_by_role("heading", level=2).first.inner_text() == "Received"
    assert pledge.challenges.latest("pk").explanation == "It was in June.\nSee page 3."
    assert page.complaints == []


def test_what_is_wrong_with_a_form_is_seen_and_read_first(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    for address in (f"/es/pledges/{pledge.slug}/challenge/", "/es/suggest/"):
        page = open_page(f"{live_server.url}{address}", width=320)
        page.locator("form.letter button").click()
        faults = page.get_by_role("alert")
        expect(faults).to_be_focused()
        expect(faults).to_be_in_viewport(ratio=0.5)
