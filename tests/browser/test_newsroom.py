"""Two people agree about a report before readers see it, in two browsers."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from promises.evidence.models import Evidence
from promises.newsroom.actions import assign, comment_on, plan_publication
from promises.newsroom.models import Assignment, Comment
from promises.newsroom.publishing import publish_due
from tests import record
from tests.browser.conftest import Opener, accessibility_faults
from tests.browser.test_desk import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def take(page: Page, step: str, **answers: str) -> None:
    """Press the button of a step, answer what its page asks, and press the one there."""
    page.locator(".desk-step", has_text=step).first.click()
    page.wait_for_url("**/step/**")
    for field, value in answers.items():
        if field in {"to", "task"}:
            page.locator(f"#id_{field}").select_option(label=value)
        else:
            page.locator(f"#id_{field}").fill(value)
    page.get_by_role("button", name=step, exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def send_back(editor: Page) -> None:
    """Take up what waits on the front page, say what is missing and who is to find it."""
    waiting = editor.locator(".desk-box", has_text="Evidence to look over")
    waiting.get_by_role("link", name="Ten files opened").click()
    take(editor, "Send back", reason="Say which two.")
    day = f"{timezone.now():%Y-%m-%d}"
    take(editor, "Assign", to="Researcher", task="research", due_on=day, note="Ask the clerk.")
    expect(editor.locator(".desk-sent-back")).to_contain_text("Say which two.")


def answer_and_plan(researcher: Page, tomorrow: datetime) -> None:
    """Find the work on the front page, do it, and plan the publication under embargo."""
    mine = researcher.locator(".desk-box", has_text="Assigned to me")
    expect(mine).to_contain_text("today")
    mine.get_by_role("link", name="Ten files opened").click()
    expect(researcher.locator(".desk-facts")).to_contain_text("Say which two.")
    take(researcher, "My work is done", note="The fourth and the ninth.")
    take(researcher, "Plan publication", publish_at=f"{tomorrow:%Y-%m-%dT%H:%M}")
    hour = f"{timezone.now() + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    take(researcher, "Embargo", ends_at=hour, reason="Agreed with the clerk.")
    expect(researcher.locator(".desk-facts")).to_contain_text("UTC")


def test_a_report_is_sent_back_planned_and_published(live_server: Any, open_page: Opener) -> None:
    for name in ("researcher", "editor"):
        record.user(name, is_staff=True, is_superuser=True)
    writer = record.user("writer")
    report = record.draft_evidence(by=writer, title="Ten files opened")
    site, tomorrow = live_server.url, timezone.now() + timedelta(days=1)
    there = f"{site}/admin/evidence/evidence/{report.pk}/change/"

    researcher = log_in(open_page, site, "researcher")
    researcher.goto(there)
    # What was typed a moment ago is not saved by a comment, and not lost.
    researcher.locator("#id_summary").fill("Ten of twelve files were opened.")
    take(researcher, "Comment", text="Two files are missing, see page 3.")
    assert Evidence.objects.get().summary == report.summary
    researcher.get_by_role("link", name="Take it up").click()
    expect(researcher.locator("#id_summary")).to_have_value("Ten of twelve files were opened.")
    take(researcher, "Hand in")
    editor = log_in(open_page, site, "editor")
    send_back(editor)
    researcher.goto(f"{site}/admin/")
    answer_and_plan(researcher, tomorrow)
    editor.goto(f"{site}/admin/")
    expect(editor.locator(".desk-box", has_text="Planned publications")).to_contain_text("UTC")
    assert researcher.complaints == editor.complaints == []

    reader = open_page(f"{site}/evidence/{report.slug}/")
    expect(reader.locator("h1")).not_to_contain_text("Ten files opened")
    take(researcher, "Lift the embargo", reason="The clerk has spoken.")
    publish_due(by=writer, now=tomorrow + timedelta(minutes=1))
    reader.reload()
    expect(reader.locator("h1")).to_contain_text("Ten files opened")
    report.refresh_from_db()
    assert (report.summary, report.published_by.username) == (
        "Ten of twelve files were opened.",
        "researcher",
    )
    assert [comment.text for comment in Comment.objects.in_order()] == [
        "Two files are missing, see page 3.",
        "Say which two.",
        "The fourth and the ninth.",
    ]
    assert Assignment.objects.get().ending == "done"


def test_the_discussion_and_the_front_page_can_be_read_by_everyone(
    live_server: Any, open_page: Opener
) -> None:
    editor = record.user("editor", is_staff=True, is_superuser=True)
    piece, now = record.draft_evidence(by=editor), timezone.now()
    given = {"item": piece, "by": editor, "now": now}
    comment_on(text="Two files are missing, see page 3.", **given)
    assign(to=editor, task="research", due_on=now.date(), **given)
    plan_publication(publish_at=now + timedelta(days=1), **given)
    there = f"{live_server.url}/admin/evidence/evidence/{piece.pk}/change/"
    page = log_in(open_page, live_server.url, "editor", width=320)
    assert accessibility_faults(page) == []
    page.goto(there)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert Axe().run(page, context=".desk-discussion").response["violations"] == []
