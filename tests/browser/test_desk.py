"""Two people bring a pledge to the public, in two browsers."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from promises.newsroom.actions import assign
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.updates.models import StatusUpdate
from tests import record
from tests.browser.conftest import COLOURS, Opener, accessibility_faults, settled
from tests.suggestions.challenged import challenge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def log_in(open_page: Opener, site: str, name: str, **options: Any) -> Any:
    page = open_page(f"{site}/admin/", **options)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="What waits", level=1)).to_be_visible()
    return page


def choose(page: Page, field: str, words: str) -> None:
    """Type into an autocomplete and take what it finds."""
    page.locator(f"#id_{field} + .select2").click()
    page.locator(".select2-search__field").last.fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def write_the_pledge(page: Page, official: str, topic: str) -> None:
    """Fill in the whole page: pledge, criterion, new evidence, draft update."""
    choose(page, "person", official)
    choose(page, "term", official)
    choose(page, "topic", topic)
    page.locator("#id_title").fill("Open the files")
    # The address follows the title while one types.
    page.locator("#id_title").press("End")
    page.locator("#id_title").type("!")
    expect(page.locator("#id_slug")).to_have_value("open-the-files")
    page.locator("#id_statement").fill("She said she would open the files.")
    page.locator("#id_controlled_by").select_option("office")
    page.locator("#id_made_on").fill("2023-11-07")
    page.locator("#id_origin").select_option("campaign")
    page.locator("#id_criteria-0-aspect").select_option("letter")
    page.locator("#id_criteria-0-text").fill("Every file can be read.")
    row = "#id_evidence_links-0-"
    page.locator(f"{row}title").fill("Files opened")
    page.locator(f"{row}stance").select_option("supports")
    page.locator(f"{row}summary").fill("A memo orders the files to be opened.")
    page.locator(f"{row}kind").select_option("policy_memo")
    page.locator(f"{row}provenance").select_option("self_reported")
    page.locator(f"{row}checked").select_option("excerpt")
    page.locator(f"{row}publisher").fill("Example County")
    page.locator(f"{row}published_on").fill("2025-07-01")
    page.locator(f"{row}date_precision").select_option("month")
    row = "#id_status_updates-0-"
    page.locator(f"{row}status").select_option("in_the_works")
    page.locator(f"{row}confidence").select_option("high")
    page.locator(f"{row}effective_on").fill("2025-07-01")
    page.locator(f"{row}assessed_on").fill("2025-08-01")
    page.locator(f"{row}reasoning").fill("The memo orders it; the last box is still closed.")


def take(page: Page, step: str) -> None:
    """Press the button of a step, and then the one on its page."""
    page.locator(".desk-step", has_text=step).click()
    # The page is sent once what was typed is kept: until then its own button has the same name.
    page.wait_for_url("**/step/**")
    page.get_by_role("button", name=step).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def propose(page: Page, site: str, official: str, topic: str) -> None:
    """Write, publish what is plain fact, and hand in the rating."""
    page.goto(f"{site}/admin/pledges/pledge/add/")
    write_the_pledge(page, official, topic)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("Open the files!")
    page.get_by_role("link", name="Open the files!", exact=True).first.click()
    take(page, "Publish")
    # The message names it too: it was not published with the pledge.
    page.locator(".messagelist").get_by_role("link", name="Files opened").click()
    take(page, "Publish")
    page.goto(f"{site}/admin/")
    drafts = page.locator(".desk-box", has_text="My draft status updates")
    drafts.get_by_role("link", name="Open the files!").click()
    take(page, "Hand in for approval")
    expect(page.locator(".desk-facts")).to_contain_text("others have to approve it")
    expect(page.locator(".desk-step", has_text="Approve")).to_have_count(0)


def approve_and_publish(page: Page) -> None:
    """Take up what waits on the front page."""
    waiting = page.locator(".desk-box", has_text="Waits for my approval")
    expect(waiting.locator(".desk-count")).to_have_text("1")
    waiting.get_by_role("link", name="Open the files!").click()
    take(page, "Approve")
    take(page, "Publish")
    expect(page.locator(".desk-facts")).to_contain_text("published")


def test_two_people_bring_a_pledge_to_the_public(live_server: Any, open_page: Opener) -> None:
    for name in ("researcher", "editor"):
        record.user(name, is_staff=True, is_superuser=True)
    writer = record.user("writer")
    record.methodology(by=writer)
    official, topic = record.term(by=writer).person, record.topic(by=writer, name="Open data")

    researcher = log_in(open_page, live_server.url, "researcher")
    propose(researcher, live_server.url, official.name, topic.name)
    editor = log_in(open_page, live_server.url, "editor")
    approve_and_publish(editor)

    update, pledge = StatusUpdate.objects.get(), Pledge.objects.get()
    assert (update.created_by.username, update.published_by.username) == ("researcher", "editor")
    assert (update.state, pledge.status) == ("published", "in_the_works")
    assert [approval.approved_by.username for approval in update.approvals.all()] == ["editor"]

    reader = open_page(f"{live_server.url}/pledges/open-the-files/")
    for words in (
        "In the works",
        "The memo orders it; the last box is still closed.",
        "A memo orders the files to be opened.",
        "July 2025",
    ):
        expect(reader.locator("main")).to_contain_text(words)
    # Nothing on the desk runs against the content security policy.
    assert [*researcher.complaints, *editor.complaints, *reader.complaints] == []


def every_kind_of_page() -> list[str]:
    """Build a row of each kind that people work on; return the addresses of its pages."""
    writer = record.user("writer")
    given: Any = {"by": writer, "now": record.NOW}
    pledge = record.pledge(by=writer, due_on=date(2024, 6, 1))
    rated = record.published_update(by=writer, of=pledge)
    draft = record.draft_update(by=writer, of=pledge)
    sweep_stale(**given)
    sent, group = challenge(of=pledge), Group.objects.create(name="Readers of drafts")
    work = assign(item=draft, to=writer, task="research", **given)
    update = f"/updates/statusupdate/{draft.pk}"
    return [
        "/",
        "/pledges/pledge/",
        "/pledges/pledge/add/",
        f"/pledges/pledge/{pledge.pk}/change/",
        f"/pledges/pledge/{pledge.pk}/step/review/",
        f"/evidence/evidence/{rated.evidence.get().pk}/change/",
        f"/updates/statusupdate/{rated.pk}/change/",
        *[f"{update}/{page}/" for page in ("change", "history", "step/submit")],
        *[f"{update}/step/{step}/" for step in ("assign", "plan", "embargo", "comment")],
        "/updates/review/",
        "/updates/methodologyversion/add/",
        "/staleness/staleflag/",
        *[f"/accounts/user/{page}" for page in ("", "add/", f"{writer.pk}/change/")],
        f"/accounts/user/{writer.pk}/step/role/",
        *[f"/auth/group/{page}" for page in ("add/", f"{group.pk}/change/")],
        *[f"/newsroom/assignment/{page}" for page in ("", f"{work.pk}/change/")],
        "/newsroom/plannedpublication/",
        *[
            f"/suggestions/challenge/{page}"
            for page in ("", f"{sent.pk}/change/", f"{sent.pk}/step/decline/")
        ],
        *[f"/imports/import/{page}" for page in ("", "add/")],
        "/login/",
    ]


def test_the_pages_of_the_desk_can_be_used_by_everyone(live_server: Any, open_page: Opener) -> None:
    record.user("editor", is_staff=True, is_superuser=True)
    admin, found = f"{live_server.url}/admin", {}
    addresses = every_kind_of_page()
    page = log_in(open_page, live_server.url, "editor")
    for address in addresses:
        page.goto(f"{admin}{address}")
        # In the dark only colours differ (test_dark_differs_in_colours_alone).
        for scheme, rules in (("light", None), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            settled(page)
            if faults := accessibility_faults(page, rules):
                found[address, scheme] = faults
    assert found == {}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_a_batch_is_previewed_on_pages_that_everyone_can_use(
    live_server: Any, open_page: Opener, width: int, scheme: str
) -> None:
    record.user("editor", is_staff=True, is_superuser=True)
    record.published_update(by=record.user("writer"), of=record.pledge(by=record.user("author")))
    record.draft_evidence(by=record.user("clerk"), title="Ten files opened")
    page = log_in(open_page, live_server.url, "editor", width=width, scheme=scheme)
    page.goto(f"{live_server.url}/admin/evidence/evidence/")
    for box in page.get_by_role("checkbox", name="Select this object").all():
        box.check()
    page.get_by_label("Action:").select_option("publish")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator(".desk-verdict")).to_contain_text("Nothing has changed yet.")
    expect(page.locator(".desk-refused")).to_have_count(1)
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
