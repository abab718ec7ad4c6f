"""Follow by email, as Chromium shows it: the form, what a mail leads to, and the mails."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from playwright.sync_api import expect

from promises.alerts import tokens
from promises.alerts.letters import write_alert, write_confirmation
from promises.alerts.models import Subscription
from promises.alerts.rules import NEWSWORTHY
from promises.ledger.models import Entry
from promises.pledges.models import Pledge
from tests import record
from tests.alerts.followed import following
from tests.browser.conftest import (
    MODES,
    STRICT,
    Opener,
    accessibility_faults,
    in_every_mode,
    keep,
    sideways,
)
from tests.record import NOW
from tests.site import whole

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pledge(transactional_db: None) -> Pledge:
    """A pledge of which everything is known; Jane follows it, its official and its topic."""
    made = whole.pledge(by=record.user("author"), title="Never ask for cash bail in minor cases")
    for subject, often in ((made, "immediate"), (made.person, "daily"), (made.topic, "weekly")):
        following(subject, address="jane@example.org", frequency=often)
    return made


def addresses(pledge: Pledge) -> dict[str, str]:
    made = Subscription.objects.select_related("subscriber").earliest("pk")
    found = {
        "what": "/follow/",
        "form": f"/follow/?pledge={pledge.slug}",
        "sent": "/follow/sent/",
        "confirm": tokens.confirm_address(made, "immediate"),
        "manage": tokens.manage_address(made.subscriber),
        "stop": tokens.stop_address(made.subscriber),
        "stopped": tokens.stop_address(made.subscriber),
    }
    return {name: there.removeprefix("http://127.0.0.1:8000") for name, there in found.items()}


def test_the_pages_fit_and_can_be_used_by_everyone(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    found = {}
    with time_machine.travel(NOW + timedelta(minutes=1)):
        for name, there in addresses(pledge).items():
            page = open_page(live_server.url + there)
            if name == "form":
                page.get_by_role("button", name="Send me a mail to confirm").click()
                expect(page.get_by_role("alert")).to_have_count(1)
            if name == "stopped":
                page.get_by_role("button", name="Stop").click()
            for width, scheme, faults in in_every_mode(page):
                if faults:
                    found[name, width, scheme] = faults
                keep(page, f"follow-{name}-{width}-{scheme}")
    assert found == {}


def test_a_reader_follows_and_stops_without_a_script(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    there = f"{live_server.url}/pledges/{pledge.slug}/"
    page = open_page(there, java_script_enabled=False)
    page.locator("#main").get_by_role("link", name="Follow by email").click()
    page.get_by_label("Your email").fill("joan@example.org")
    page.get_by_label("Once a day").check()
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Send me a mail to confirm").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Look into your mailbox"
    made = Subscription.objects.select_related("subscriber").latest("pk")
    confirm = tokens.confirm_address(made, "daily").removeprefix("http://127.0.0.1:8000")
    page.goto(live_server.url + confirm)
    page.get_by_role("button", name="Yes, send them").click()
    assert page.get_by_role("heading", level=2).first.inner_text() == "One subscription"
    page.get_by_label("How often?").select_option("weekly")
    page.get_by_role("button", name="Change").click()
    made.refresh_from_db()
    assert made.frequency == "weekly"
    page.get_by_role("button", name="Stop all mails").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Stopped"
    assert not Subscription.objects.filter(pk=made.pk).exists()
    assert page.complaints == []


def test_the_mails_can_be_read_by_everyone(open_page: Opener, pledge: Pledge) -> None:
    made = Subscription.objects.select_related("subscriber").earliest("pk")
    news = Entry.objects.filter(event__in=NEWSWORTHY)
    entries = list(news.values_list("edition", flat=True))
    mails = {
        "alert": write_alert({"subscriber": made.subscriber.pk, "entries": entries}),
        "asks": write_confirmation({"subscription": made.pk, "frequency": "daily"}),
    }
    for (name, mail), (width, scheme) in product(mails.items(), MODES):
        assert mail is not None
        page = open_page("about:blank", width=width, scheme=scheme)
        page.set_content(mail["html"])
        assert accessibility_faults(page, STRICT[:-1]) == []
        assert sideways(page) == 0
        keep(page, f"mail-{name}-{width}-{scheme}")
