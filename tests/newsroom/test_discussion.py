"""Comments stay, work is given to people by a day, and what is sent back says why."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from promises.accounts.models import User
from promises.editorial import actions as editorial
from promises.editorial.actions import NoReason, WrongState
from promises.editorial.choices import State
from promises.newsroom import actions
from promises.newsroom.choices import Task
from promises.newsroom.models import Assignment, Comment, Item
from promises.newsroom.rules import LONGEST_COMMENT
from promises.pledges.models import Pledge
from promises.updates.actions import submit_status_update
from promises.updates.models import StatusUpdate
from tests import record
from tests.newsroom.conftest import HOUR, KINDS, NOW, draft

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture(params=KINDS)
def in_review(request: pytest.FixtureRequest, author: User) -> Item:
    """One item of each kind that waits for a second person."""
    item = draft(request.param, author)
    if isinstance(item, StatusUpdate):
        return submit_status_update(update=item, by=author, now=NOW)
    return editorial.submit(record=item, by=author, now=NOW)


def test_the_discussion_of_an_item_stands_in_order(item: Item, author: User, editor: User) -> None:
    other = draft("pledge", author)
    actions.comment_on(item=item, text=" Which memo? ", by=editor, now=NOW + HOUR)
    actions.comment_on(item=item, text="The one of May.", by=author, now=NOW + 2 * HOUR)
    actions.comment_on(item=other, text="Elsewhere.", by=author, now=NOW)
    said = [
        (comment.item, comment.written_by, comment.text, comment.kind)
        for comment in Comment.objects.about(item).in_order()
    ]
    assert said == [
        (item, editor, "Which memo?", "comment"),
        (item, author, "The one of May.", "comment"),
    ]
    with pytest.raises(ValidationError):
        actions.comment_on(item=item, text="  \n", by=author, now=NOW)
    assert Comment.objects.count() == 3


def test_what_was_said_is_never_changed_or_removed(
    item: Item, author: User, database_refuses: Callable
) -> None:
    actions.comment_on(item=item, text="I doubt it.", by=author, now=NOW)
    with database_refuses("Cannot update"):
        Comment.objects.update(text="I never doubted it.")
    with database_refuses("stays as long as the item"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM newsroom_comment")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Comment.objects.get().text == "I doubt it."


def test_a_remark_is_no_document(author: User, database_refuses: Callable) -> None:
    pledge = draft("pledge", author)
    actions.comment_on(item=pledge, text="x" * LONGEST_COMMENT, by=author, now=NOW)
    too_long = "x" * (LONGEST_COMMENT + 1)
    with pytest.raises(ValidationError) as error:
        actions.comment_on(item=pledge, text=too_long, by=author, now=NOW)
    assert error.value.messages[0] == (
        "Ensure this value has at most 10000 characters (it has 10001)."
    )
    with database_refuses("newsroom_comment_fits"):
        Comment.objects.create(pledge=pledge, text=too_long, written_by=author, written_at=NOW)
    assert Comment.objects.count() == 1


def test_a_row_is_about_one_item_and_no_more(author: User, database_refuses: Callable) -> None:
    pledge, piece = draft("pledge", author), draft("evidence", author)
    said = {"text": "Hm.", "written_by": author, "written_at": NOW}
    with database_refuses("newsroom_comment_is_about_one_item"):
        Comment.objects.create(**said)
    with database_refuses("newsroom_comment_is_about_one_item"):
        Comment.objects.create(pledge=pledge, evidence=piece, **said)
    assert Comment.objects.count() == 0


def test_a_draft_that_is_deleted_takes_along_what_was_said_about_it(author: User) -> None:
    piece = draft("evidence", author)
    actions.comment_on(item=piece, text="A duplicate.", by=author, now=NOW)
    actions.assign(item=piece, to=author, task=Task.RESEARCH, by=author, now=NOW)
    actions.plan_publication(item=piece, publish_at=NOW + DAY, by=author, now=NOW)
    actions.set_embargo(item=piece, ends_at=NOW + HOUR, reason="Agreed.", by=author, now=NOW)
    editorial.delete_draft(record=piece, by=author, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Comment.objects.count() == Assignment.objects.count() == 0
    events = Comment.pgh_event_models["delete"].objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [(event.pgh_label, event.text) for event in events] == [
        ("insert", "A duplicate."),
        ("delete", "A duplicate."),
    ]


def test_what_is_sent_back_becomes_a_draft_with_the_reason(in_review: Item, editor: User) -> None:
    back = actions.send_back(item=in_review, reason=" Which month? ", by=editor, now=NOW + HOUR)
    assert back.state == State.DRAFT
    in_review.refresh_from_db()
    assert in_review.state == State.DRAFT
    comment = Comment.objects.about(in_review).get()
    assert (comment.kind, comment.text, comment.written_by, comment.written_at) == (
        "sent_back",
        "Which month?",
        editor,
        NOW + HOUR,
    )
    with pytest.raises(WrongState):
        actions.send_back(item=in_review, reason="Again.", by=editor, now=NOW)
    assert Comment.objects.count() == 1


def test_nothing_is_sent_back_without_a_reason(in_review: Item, editor: User) -> None:
    with pytest.raises(NoReason) as error:
        actions.send_back(item=in_review, reason=" \n", by=editor, now=NOW)
    assert str(error.value) == "Say what is missing: the author has to know."
    in_review.refresh_from_db()
    assert in_review.state == State.IN_REVIEW
    assert Comment.objects.count() == 0


def test_the_author_finds_what_came_back_with_the_newest_reason(
    in_review: Item, author: User, editor: User
) -> None:
    kind = type(in_review)
    table = kind.objects
    assert list(table.handed_in_by_others(editor)) == [in_review]  # type: ignore[attr-defined]
    assert list(table.handed_in_by_others(author)) == []  # type: ignore[attr-defined]
    assert list(table.returned_to(author)) == []
    actions.send_back(item=in_review, reason="Which month?", by=editor, now=NOW)
    found = table.returned_to(author).annotate(why=Comment.objects.newest_reason_for(kind))
    assert [(one, one.why) for one in found] == [(in_review, "Which month?")]
    assert list(table.returned_to(editor)) == []


def given(item: Item, to: User, by: User, **more: object) -> Assignment:
    values = {"task": Task.REVIEW, "due_on": TODAY + DAY, "note": "Soon.", **more}
    return actions.assign(item=item, to=to, by=by, now=NOW, **values)  # type: ignore[arg-type]


def test_someone_is_asked_to_do_something_by_a_day(item: Item, author: User, editor: User) -> None:
    assignment = given(item, editor, author)
    assert list(Assignment.objects.given_to(editor)) == [assignment]
    assert list(Assignment.objects.given_to(author)) == []
    assert (assignment.item, assignment.assigned_by, assignment.due_on) == (
        item,
        author,
        TODAY + DAY,
    )
    actions.finish_assignment(assignment=assignment, note="Done, see p. 3.", by=editor, now=NOW)
    assignment.refresh_from_db()
    assert (assignment.ending, assignment.ended_by) == ("done", editor)
    assert Comment.objects.about(item).get().text == "Done, see p. 3."
    assert list(Assignment.objects.given_to(editor)) == []
    with pytest.raises(actions.AssignmentOver):
        actions.withdraw_assignment(assignment=assignment, by=author, now=NOW)


def test_a_person_has_one_open_assignment_an_item(
    author: User, editor: User, database_refuses: Callable
) -> None:
    pledge = draft("pledge", author)
    first = given(pledge, editor, author)
    again = given(pledge, editor, editor, task=Task.PROOFREAD, due_on=None, note="")
    assert (again.pk, again.task, again.due_on, again.assigned_by) == (
        first.pk,
        "proofread",
        None,
        editor,
    )
    assert given(pledge, author, author).pk != first.pk
    copy = {"task": "review", "assigned_by": author, "assigned_at": NOW}
    with database_refuses("newsroom_one_assignment_a_person"):
        Assignment.objects.create(pledge=pledge, assigned_to=editor, **copy)
    actions.withdraw_assignment(assignment=again, by=author, now=NOW)
    assert given(pledge, editor, author).pk != first.pk
    assert Assignment.objects.count() == 3


def test_only_people_are_given_work(author: User, editor: User, database_refuses: Callable) -> None:
    pledge = draft("pledge", author)
    robot = record.user("robot", is_service=True)
    with pytest.raises(ValidationError) as error:
        given(pledge, robot, author)
    assert error.value.message_dict == {"to": ["Only a person who works here can be given work."]}
    with pytest.raises(ValidationError):
        given(pledge, editor, author, due_on=TODAY - DAY)
    assert Assignment.objects.count() == 0
    given(pledge, editor, author)
    with database_refuses("Only a person can be given work"):
        Assignment.objects.update(assigned_to=robot)


def test_an_ended_assignment_stays_as_it_is(
    author: User, editor: User, database_refuses: Callable
) -> None:
    assignment = given(draft("pledge", author), editor, author)
    actions.finish_assignment(assignment=assignment, by=editor, now=NOW)
    with database_refuses("ended assignment stays"):
        Assignment.objects.update(ended_at=None, ended_by=None, ending="")
    assert Assignment.objects.get().ending == "done"


def test_work_is_ordered_by_its_day(author: User, editor: User) -> None:
    days = [None, TODAY + 9 * DAY, TODAY]
    made = [given(draft("pledge", author), editor, author, due_on=day) for day in days]
    assert list(Assignment.objects.given_to(editor).most_urgent_first()) == made[::-1]


def test_discussing_and_planning_is_no_public_change(author: User) -> None:
    from promises.ledger.models import Entry

    pledge = record.pledge(by=author, now=NOW)
    before = Entry.objects.count(), Pledge.objects.values().get(pk=pledge.pk)
    actions.comment_on(item=pledge, text="Look at this.", by=author, now=NOW)
    given(pledge, author, author)
    assert (Entry.objects.count(), Pledge.objects.values().get(pk=pledge.pk)) == before
