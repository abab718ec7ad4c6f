"""Two people agree about a report before readers see it, in two browsers."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from promises.evidence.models import Evidence
from promises.newsroom.models import Assignment, Comment
from promises.newsroom.publishing import publish_due
from tests import record
from tests.browser.conftest import Opener, accessibility_faults
from tests.browser.test_desk import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def take(page: Page, step: str, **answers: str) -> None:
    """Press the button of a step, answer what its page asks, and press the one there."""
    page.locator(".desk-step", has_text=step).first.click()
    for field, value in answers.items():
        if field in {"to", "task"}:
            page.locator(f"#id_{field}").select_option(label=value)
        else:
            page.locator(f"#id_{field}").fill(value)
    page.get_by_role("button", name=step, exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_a_report_is_sent_back_planned_and_published(live_server: Any, open_page: Opener) -> None:
    for name in ("researcher", "editor"):
        record.user(name, is_staff=True, is_superuser=True)
    writer = record.user("writer")
    site, tomorrow = live_server.url, timezone.now() + timedelta(days=1)
    researcher = log_in(open_page, site, "researcher")
    about = record.pledge(by=writer)
    record.evidence(by=writer, about=about)
    piece = Evidence.objects.get()
    report = record.draft_evidence(by=piece.created_by, title="Ten files opened")
    there = f"{site}/admin/evidence/evidence/{report.pk}/change/"

    researcher.goto(there)
    # What was typed a moment ago is saved on the way to the comment.
    researcher.locator("#id_summary").fill("Ten of twelve files were opened.")
    take(researcher, "Comment", text="Two files are missing, see page 3.")
    take(researcher, "Hand in")

    editor = log_in(open_page, site, "editor")
    waiting = editor.locator(".desk-box", has_text="Evidence to look over")
    waiting.get_by_role("link", name="Ten files opened").click()
    take(editor, "Send back", reason="Say which two.")
    day = f"{timezone.now():%Y-%m-%d}"
    take(editor, "Assign", to="Researcher", task="research", due_on=day, note="Ask the clerk.")
    expect(editor.locator(".desk-sent-back")).to_contain_text("Say which two.")

    researcher.goto(f"{site}/admin/")
    mine = researcher.locator(".desk-box", has_text="Assigned to me")
    expect(mine).to_contain_text("today")
    mine.get_by_role("link", name="Ten files opened").click()
    expect(researcher.locator(".desk-facts")).to_contain_text("Say which two.")
    take(researcher, "My work is done", note="The fourth and the ninth.")
    take(researcher, "Plan publication", publish_at=f"{tomorrow:%Y-%m-%dT%H:%M}")
    take(researcher, "Embargo", ends_at=f"{timezone.now() + timedelta(hours=1):%Y-%m-%dT%H:%M}",
         reason="Agreed with the clerk.")  # fmt: skip
    # Before axe comes in, which styles what it looks at.
    assert researcher.complaints == editor.complaints == []
    discussion = Axe().run(researcher, context=".desk-discussion")
    assert discussion.response["violations"] == []
    expect(researcher.locator(".desk-facts")).to_contain_text("UTC")
    researcher.goto(f"{site}/admin/")
    expect(researcher.locator(".desk-box", has_text="Planned publications")).to_contain_text("UTC")
    assert accessibility_faults(researcher) == []
    narrow = log_in(open_page, site, "editor", width=320)
    narrow.goto(there)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320

    assert [comment.text for comment in Comment.objects.in_order()] == [
        "Two files are missing, see page 3.",
        "Say which two.",
        "The fourth and the ninth.",
    ]
    assert Assignment.objects.get().ending == "done"
    researcher.goto(there)
    take(researcher, "Lift the embargo", reason="The clerk has spoken.")
    reader = open_page(f"{site}/evidence/{report.slug}/")
    expect(reader.locator("h1")).not_to_contain_text("Ten files opened")
    publish_due(by=writer, now=tomorrow + timedelta(minutes=1))
    reader.reload()
    expect(reader.locator("h1")).to_contain_text("Ten files opened")
