"""The newsroom on the desk: said, assigned, sent back, planned, held back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from promises.accounts.models import User
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.newsroom import actions
from promises.newsroom.models import Assignment, Comment, Embargo, PlannedPublication
from promises.newsroom.publishing import publish_due
from promises.pledges.models import Pledge
from promises.updates.actions import submit_status_update
from tests import record
from tests.desk import sent
from tests.desk.rows import change, said, step, take
from tests.desk.test_queries import queries_of

# A Wednesday, in a past that no clock of a server has still to reach.
NOW = datetime(2024, 5, 8, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def wednesday() -> Any:
    """Let the desk believe that it is Wednesday."""
    with time_machine.travel(NOW, tick=False):
        yield


def facts(browser: Client, row: Any) -> list[tuple[str, str, bool]]:
    """The lines above a record that the newsroom adds."""
    own = {"Came back", "Not published", "To be published", "Embargo", "Assigned"}
    lines = browser.get(change(row)).context["facts"]
    return [
        (str(line.label), line.text, line.is_warning) for line in lines if str(line.label) in own
    ]


def box(browser: Client, title: str) -> list[tuple[str, str, str]]:
    """The rows of a box of the front page: what, where, note. Its list holds as many."""
    page = browser.get("/admin/")
    (found,) = [one for one in page.context["boxes"] if str(one.title) == title]
    assert browser.get(found.address).context["cl"].result_count == found.count
    return [(row.text, row.address, row.note) for row in found.rows]


def test_a_discussion_stands_below_the_form_in_order(
    desk: Client, second_desk: Client, author: User
) -> None:
    piece = record.draft_evidence(by=author, now=NOW)
    assert "Nobody has said anything yet." in desk.get(change(piece)).content.decode()
    take(desk, piece, "comment", text="Which <memo>?\r\nThe one of May?")
    take(second_desk, piece, "comment", text="Yes.")
    comments = desk.get(change(piece)).context["newsroom"].comments
    assert [(str(one.written_by), one.text, one.written_at) for one in comments] == [
        ("Editor", "Which <memo>?\nThe one of May?", NOW),
        ("Second-Editor", "Yes.", NOW),
    ]
    assert "Which &lt;memo&gt;?<br>The one of May?" in desk.get(change(piece)).content.decode()
    assert said(piece) == ["Editor: Commented", "Second-Editor: Commented"]


def test_the_page_is_saved_before_it_is_handed_in_and_says_so(desk: Client, person: User) -> None:
    piece = record.draft_evidence(by=person, now=NOW)
    page = sent.page(desk, change(piece), title="Typed a moment ago", _step="submit")
    there = desk.post(change(piece), page)["Location"]
    assert there == f"{step(piece, 'submit')}?seen_version=2"
    piece.refresh_from_db()
    assert piece.title == "Typed a moment ago"
    assert "What you changed on the page is saved." in desk.get(there).content.decode()
    page = sent.page(desk, change(piece), _step="submit")
    there = desk.post(change(piece), page)["Location"]
    assert "What you changed on the page is saved." not in desk.get(there).content.decode()


@pytest.mark.parametrize("kind", ["pledge", "evidence"])
def test_a_draft_is_handed_in_sent_back_with_the_reason_and_handed_in_again(
    desk: Client, second_desk: Client, person: User, kind: str
) -> None:
    make: Any = {"pledge": record.draft_pledge, "evidence": record.draft_evidence}[kind]
    titles = {
        "pledge": ("Pledges to look over", "Pledges that came back to me"),
        "evidence": ("Evidence to look over", "Evidence that came back to me"),
    }
    look_over, came_back = titles[kind]
    row = make(now=NOW, by=person)
    name = f"{row.person}: {row}" if kind == "pledge" else str(row)
    take(desk, row, "submit")
    assert box(desk, look_over) == []
    assert box(second_desk, look_over) == [(name, change(row), "handed in 8 May 2024")]

    empty = second_desk.post(step(row, "return"), {"reason": " "})
    assert empty.context["form"].errors == {"reason": ["This field is required."]}
    take(second_desk, row, "return", reason="Which month?")
    row.refresh_from_db()
    assert row.state == State.DRAFT
    assert box(desk, came_back) == [(name, change(row), "Which month?")]
    assert box(second_desk, came_back) == box(second_desk, look_over) == []
    assert facts(desk, row) == [("Came back", "Which month? (Second-Editor, 8 May 2024)", True)]
    assert Comment.objects.get().kind == "sent_back"

    take(desk, row, "submit")
    assert facts(desk, row) == box(desk, came_back) == []
    take(second_desk, row, "publish")
    row.refresh_from_db()
    assert row.state == State.PUBLISHED


def test_a_status_update_that_came_back_says_why(
    desk: Client, second_desk: Client, person: User
) -> None:
    update = record.draft_update(by=person, of=record.pledge(by=person))
    submit_status_update(update=update, by=person, now=NOW)
    take(second_desk, update, "return", reason="Which month?")
    name = f"{update.pledge.person}: {update.pledge}"
    assert box(desk, "Came back to me") == [(name, change(update), "Which month?")]
    assert Comment.objects.about(update).get().text == "Which month?"


def test_someone_is_asked_to_review_and_does(
    desk: Client, person: User, second_desk: Client, other: User
) -> None:
    pieces = [record.draft_evidence(by=person, now=NOW) for _ in range(4)]
    days = [None, NOW + 9 * DAY, NOW + DAY, NOW]
    for piece, day in zip(pieces, days, strict=True):
        by = {"due_on": day.date()} if day else {}
        take(desk, piece, "assign", to=other.pk, task="review", note="Both sources.", **by)
    with time_machine.travel(NOW + DAY, tick=False):
        # The sessions of the day before have ended.
        desk.force_login(person), second_desk.force_login(other)
        assert [(text, note) for text, _there, note in box(second_desk, "Assigned to me")] == [
            (pieces[3].title, "review, due 8 May 2024, overdue"),
            (pieces[2].title, "review, due 9 May 2024, today"),
            (pieces[1].title, "review, due 17 May 2024"),
            (pieces[0].title, "review"),
        ]
        assert facts(desk, pieces[3]) == [
            ("Assigned", "Second-Editor: review, due 8 May 2024, overdue. Both sources.", True)
        ]
    assert box(desk, "Assigned to me") == []
    assert step(pieces[3], "finish") not in desk.get(change(pieces[3])).content.decode()
    take(second_desk, pieces[3], "finish", note="Read. All is well.")
    assert len(box(second_desk, "Assigned to me")) == 3
    assert Comment.objects.about(pieces[3]).get().text == "Read. All is well."
    again = second_desk.post(step(pieces[3], "finish"), {"note": ""})
    assert again.context["form"].non_field_errors() == ["You have nothing left to do here."]
    take(desk, row := Assignment.objects.about(pieces[0]).get(), "withdraw", note="")
    row.refresh_from_db()
    assert (row.ending, len(box(second_desk, "Assigned to me"))) == ("withdrawn", 2)


def test_a_whole_batch_is_assigned_or_none(desk: Client, other: User, author: User) -> None:
    pieces = [record.draft_evidence(by=author, now=NOW) for _ in range(3)]
    gone = record.user("gone", is_staff=True)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    there = "/admin/evidence/evidence/"
    refused = sent.previewed(desk, there, "assign", pieces, task="review", to=gone.pk)
    assert list(refused.context["form"].errors) == ["to"]
    assert Assignment.objects.count() == 0
    page = sent.previewed(desk, there, "assign", pieces, task="review", to=other.pk)
    assert sent.confirmed(desk, page).status_code == 302
    assert Assignment.objects.given_to(other).count() == 3


def test_a_publication_is_planned_moved_carried_out(
    desk: Client, person: User, author: User
) -> None:
    pledge = record.draft_pledge(by=author)
    take(desk, pledge, "plan", publish_at="2024-05-10T09:30")
    assert facts(desk, pledge) == [("To be published", "10 May 2024, 09:30 UTC, Editor", False)]
    assert 'value="2024-05-10T09:30"' in desk.get(step(pledge, "plan")).content.decode()
    late = desk.post(step(pledge, "plan"), {"publish_at": "2024-05-08T08:00"})
    assert late.context["form"].non_field_errors() == ["Choose a moment that is still to come."]
    take(desk, pledge, "plan", publish_at="2024-05-09T09:30")
    name = f"{pledge.person}: {pledge}"
    planned = [(name, change(pledge), "9 May 2024, 09:30 UTC")]
    assert box(desk, "Planned publications") == planned
    publish_due(by=author, now=NOW + 2 * DAY)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.published_by) == (State.PUBLISHED, person)
    assert box(desk, "Planned publications") == facts(desk, pledge) == []
    buttons = desk.get(change(pledge)).content.decode()
    assert step(pledge, "plan") not in buttons
    assert 'value="plan"' not in buttons


def test_what_was_set_aside_says_why_until_it_is_planned_anew_or_given_up(
    desk: Client, author: User
) -> None:
    update = record.draft_update(by=author, of=record.pledge(by=author))
    take(desk, update, "plan", publish_at="2024-05-08T10:00")
    piece = record.draft_evidence(by=author, now=NOW)
    take(desk, piece, "plan", publish_at="2024-05-08T12:00")
    publish_due(by=author, now=NOW + DAY / 8)
    why = "This is draft; it must be in review for that."
    assert [note for _text, _there, note in box(desk, "Planned publications")] == [
        f"set aside: {why}",
        "8 May 2024, 12:00 UTC",
    ]
    assert facts(desk, update) == [("Not published", f"8 May 2024, 10:00 UTC, Editor: {why}", True)]
    take(desk, update, "plan", publish_at="2024-05-09T10:00")
    assert facts(desk, update) == [("To be published", "9 May 2024, 10:00 UTC, Editor", False)]
    take(desk, update, "unplan", reason="Not this week.")
    assert facts(desk, update) == []
    assert set(PlannedPublication.objects.values_list("outcome", "reason")) == {
        ("cancelled", "Not this week."),
        ("", ""),
    }


def test_nobody_publishes_under_embargo_and_the_page_says_so(
    desk: Client, second_desk: Client, author: User
) -> None:
    piece = record.draft_evidence(by=author, now=NOW)
    take(desk, piece, "embargo", ends_at="2999-05-10T09:00", reason="Agreed with the paper.")
    assert facts(desk, piece) == [
        ("Embargo", "until 10 May 2999, 09:00 UTC, Editor: Agreed with the paper.", False)
    ]
    refused = sent.step(second_desk, step(piece, "publish"))
    words = "This is under embargo until 10 May 2999, 09:00 UTC."
    assert refused.context["form"].non_field_errors() == [words]
    early = sent.step(second_desk, step(piece, "plan"), publish_at="2024-06-01T09:00")
    assert early.context["form"].non_field_errors() == [words]
    piece.refresh_from_db()
    assert piece.state == State.DRAFT
    assert PlannedPublication.objects.count() == 0
    take(second_desk, piece, "lift", reason="The paper printed it.")
    assert facts(desk, piece) == []
    take(second_desk, piece, "publish")
    assert Embargo.objects.get().lift_reason == "The paper printed it."


def test_a_draft_is_deleted_together_with_what_was_said(desk: Client, author: User) -> None:
    piece = record.draft_evidence(by=author, now=NOW)
    take(desk, piece, "comment", text="A duplicate.")
    take(desk, piece, "plan", publish_at="2024-05-10T09:30")
    there = change(piece).replace("change", "delete")
    assert "A duplicate" not in desk.get(there).content.decode()
    assert desk.post(there, {"post": "yes"}).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Evidence.objects.count() == Comment.objects.count() == 0
    assert PlannedPublication.objects.count() == 0


def test_whoever_may_not_use_the_newsroom_gets_none_of_its_steps(
    client: Client, author: User
) -> None:
    helper = record.user("helper", is_staff=True)
    rights = Permission.objects.filter(codename__in=["change_pledge", "view_pledge"])
    helper.user_permissions.set(rights)
    client.force_login(helper)
    pledge = record.draft_pledge(by=author)
    body = client.get(change(pledge)).content.decode()
    for name in ("comment", "assign", "plan", "embargo", "return"):
        assert f'value="{name}"' not in body
        assert client.post(step(pledge, name), {"text": "x"}).status_code == 403
    assert Comment.objects.count() == 0


def test_the_page_of_an_item_takes_as_many_queries_however_much_is_said(
    desk: Client,
    author: User,
) -> None:
    pledge, given = record.draft_pledge(by=author), {"by": author, "now": NOW}

    def once_more(number: int) -> None:
        to = record.user(f"colleague-{number}", is_staff=True)
        actions.assign(item=pledge, to=to, task="review", **given)
        actions.comment_on(item=pledge, text="More.", **given)

    actions.set_embargo(item=pledge, ends_at=NOW + DAY, reason="Agreed.", **given)
    actions.plan_publication(item=pledge, publish_at=NOW + DAY, **given)
    once_more(0)
    desk.get(change(pledge))
    few = queries_of(desk, change(pledge))
    for number in range(1, 6):
        once_more(number)
    assert queries_of(desk, change(pledge)) == few


def test_what_is_in_review_is_handed_in_once(desk: Client, author: User) -> None:
    pledge = editorial.submit(record=record.draft_pledge(by=author), by=author, now=NOW)
    again = desk.post(step(pledge, "submit"), {"seen_version": str(pledge.version)})
    assert again.context["form"].non_field_errors() == [
        "This is in review; it must be draft for that."
    ]
    assert Pledge.objects.get().submitted_by == author
