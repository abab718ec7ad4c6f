"""A browser that is closed, killed or overtaken loses nothing that was typed."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from promises.editorial.models import UnsavedWork
from promises.ledger.models import Entry
from promises.pledges.models import Pledge
from tests import record
from tests.browser.conftest import Opener, accessibility_faults
from tests.browser.test_desk import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "Kept at"
LOGGED_OUT = "You are logged out. Log in in another tab, then save here: what you typed stays."


def draft(title: str) -> Pledge:
    """A draft, and two people who may edit it."""
    for name in ("researcher", "editor"):
        record.user(name, is_staff=True, is_superuser=True)
    return record.draft_pledge(by=record.user("writer"), title=title)


def events() -> int:
    """How many rows the history of pledges has."""
    return int(Pledge.pgh_event_models["update"].objects.count())  # type: ignore[attr-defined]


def test_a_browser_that_dies_loses_nothing_that_was_typed(
    live_server: Any, open_page: Opener
) -> None:
    pledge = draft("As it was")
    before = (events(), Entry.objects.count())
    there = f"{live_server.url}/admin/pledges/pledge/{pledge.pk}/change/"
    page = log_in(open_page, live_server.url, "researcher")
    page.goto(there)
    page.locator("#id_statement").fill("She said she would")
    # A second criterion, in a row that the page's script made.
    page.get_by_text("Add another Criterion").click()
    page.locator("#id_criteria-1-text").fill("Nobody waits.")
    expect(page.locator("#desk-kept")).to_contain_text(KEPT, timeout=5_000)
    page.locator("#id_statement").press_sequentially(" do it")
    with page.expect_response("**/unsaved/", timeout=5_000) as answer:
        pass
    assert answer.value.status == 200
    assert page.complaints == []
    page.context.close()

    assert UnsavedWork.objects.count() == 1
    assert (events(), Entry.objects.count()) == before
    pledge.refresh_from_db()
    assert (pledge.version, pledge.criteria.count()) == (1, 1)

    again = log_in(open_page, live_server.url, "researcher")
    again.goto(there)
    expect(again.locator(".desk-unsaved")).to_contain_text("You have unsaved text from")
    assert again.complaints == []
    assert accessibility_faults(again, None) == []
    again.get_by_role("link", name="Take it up").click()
    expect(again.locator("#id_statement")).to_have_value("She said she would do it")
    expect(again.locator("#id_criteria-1-text")).to_have_value("Nobody waits.")
    again.locator("#id_criteria-1-aspect").select_option("effect")
    again.get_by_role("button", name="Save", exact=True).click()
    expect(again.locator(".messagelist .success")).to_be_visible()
    pledge.refresh_from_db()
    assert (pledge.statement, pledge.version) == ("She said she would do it", 2)
    assert list(pledge.criteria.values_list("text", flat=True))[1:] == ["Nobody waits."]
    assert UnsavedWork.objects.count() == 0
    assert events() == before[0] + 1


def test_a_page_that_is_left_keeps_the_last_word(live_server: Any, open_page: Opener) -> None:
    draft("As it was")
    page = log_in(open_page, live_server.url, "researcher")
    page.goto(f"{live_server.url}/admin/evidence/evidence/add/")
    page.locator("#id_title").fill("A memo")
    # Away at once, long before the next look. What was typed is on its way while the next page
    # opens, and may arrive after it.
    page.goto(f"{live_server.url}/admin/")
    for _ in range(100):
        if UnsavedWork.objects.exists():
            break
        page.wait_for_timeout(100)
    page.goto(f"{live_server.url}/admin/evidence/evidence/add/")
    page.get_by_role("link", name="Take it up").click()
    expect(page.locator("#id_title")).to_have_value("A memo")
    # A save that is refused keeps it; the text comes back with the refusal.
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("A memo")
    page.goto(f"{live_server.url}/admin/evidence/evidence/add/")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator(".messagelist .success")).to_contain_text("The unsaved text is gone.")
    expect(page.locator(".desk-unsaved")).to_have_count(0)
    assert UnsavedWork.objects.count() == 0
    assert page.complaints == []


def test_two_browsers_save_over_each_other(live_server: Any, open_page: Opener) -> None:
    pledge = draft("As it was")
    there = f"{live_server.url}/admin/pledges/pledge/{pledge.pk}/change/"
    mine = log_in(open_page, live_server.url, "researcher")
    theirs = log_in(open_page, live_server.url, "editor")
    for page in (mine, theirs):
        page.goto(there)
    theirs.locator("#id_title").fill("As they say")
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.locator(".messagelist .success")).to_be_visible()
    mine.locator("#id_title").fill("As I say")
    mine.locator("#id_statement").fill("My long text.")
    mine.get_by_role("button", name="Save", exact=True).click()
    row = mine.locator(".desk-meanwhile tr", has_text="Title")
    expect(row.locator("td")).to_have_text(["As it was", "As I say", "As they say"])
    expect(mine.locator("#id_statement")).to_have_value("My long text.")
    assert Pledge.objects.get().title == "As they say"
    assert [*mine.complaints, *theirs.complaints] == []
    assert accessibility_faults(mine, None) == []
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.locator(".messagelist .success")).to_be_visible()
    pledge.refresh_from_db()
    assert (pledge.title, pledge.statement, pledge.version) == ("As I say", "My long text.", 3)
    # Both are told apart in the history.
    names = list(
        Pledge.pgh_event_models["update"]  # type: ignore[attr-defined]
        .objects.order_by("pgh_id")
        .values_list("pgh_context__metadata__by_name", flat=True)
    )
    assert names == ["Writer", "Editor", "Researcher"]
    assert UnsavedWork.objects.count() == 0


def test_whoever_was_logged_out_logs_in_elsewhere_and_saves_here(
    live_server: Any, open_page: Opener
) -> None:
    pledge = draft("As it was")
    page = log_in(open_page, live_server.url, "researcher")
    page.goto(f"{live_server.url}/admin/pledges/pledge/{pledge.pk}/change/")
    page.locator("#id_title").fill("Typed before")
    expect(page.locator("#desk-kept")).to_contain_text(KEPT, timeout=15_000)
    Session.objects.all().delete()
    # Nothing was typed since, and yet the page is not sent into the login.
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#desk-kept")).to_contain_text(LOGGED_OUT, timeout=15_000)
    page.locator("#id_statement").fill("Typed when nobody was logged in.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#desk-kept")).to_contain_text(LOGGED_OUT)
    assert accessibility_faults(page, None) == []
    with page.context.expect_page() as opened:
        page.locator("#desk-kept").get_by_role("link", name="Log in").click()
    second = opened.value
    second.get_by_label("Username").fill("researcher")
    second.get_by_label("Password").fill("correct horse battery")
    second.get_by_role("button", name="Log in", exact=True).click()
    expect(second.get_by_role("heading", name="What waits", level=1)).to_be_visible()
    assert Pledge.objects.get().title == "As it was"
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    pledge.refresh_from_db()
    assert (pledge.title, pledge.statement, pledge.version) == (
        "Typed before",
        "Typed when nobody was logged in.",
        2,
    )
    assert UnsavedWork.objects.count() == 0
