"""Who writes a status update cannot approve it, by whatever door they come."""

from collections.abc import Callable

import pytest
from django.db import connection

from promises.accounts.models import User
from promises.editorial.actions import WrongState, delete_draft
from promises.ledger.chain import current_edition
from promises.updates import actions, standing
from promises.updates.models import Approval, Citation, StatusUpdate
from tests import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_review(author: User) -> StatusUpdate:
    """A rating `kept` that waits for two people."""
    draft = record.draft_update(by=author, of=record.pledge(by=author), status="kept")
    return actions.submit_status_update(update=draft, by=author, now=record.NOW)


def test_the_author_is_refused(in_review: StatusUpdate, author: User) -> None:
    with pytest.raises(actions.NotByTheAuthor) as error:
        actions.approve_status_update(update=in_review, by=author, now=record.NOW)
    assert str(error.value) == "You wrote or edited this update; someone else has to approve it."
    assert Approval.objects.count() == 0


def test_a_superuser_who_wrote_it_is_refused(author: User) -> None:
    boss = record.user("boss", is_superuser=True, is_staff=True)
    draft = record.draft_update(by=boss, of=record.pledge(by=author))
    update = actions.submit_status_update(update=draft, by=boss, now=record.NOW)
    with pytest.raises(actions.NotByTheAuthor):
        actions.approve_status_update(update=update, by=boss, now=record.NOW)
    assert Approval.objects.count() == 0


def test_who_last_edited_it_is_refused(author: User) -> None:
    editor = record.user("editor")
    draft = record.draft_update(by=author, of=record.pledge(by=author))
    draft.reasoning = "The evidence says a little more."
    draft = actions.revise_status_update(update=draft, evidence=None, by=editor, now=record.NOW)
    update = actions.submit_status_update(update=draft, by=author, now=record.NOW)
    with pytest.raises(actions.NotByTheAuthor):
        actions.approve_status_update(update=update, by=editor, now=record.NOW)
    assert Approval.objects.count() == 0


def test_whoever_edited_it_at_any_time_is_refused(author: User, database_refuses: Callable) -> None:
    """Others have edited it since, and it was sent back in between: the words stay theirs too."""
    first, last = record.user("first"), record.user("last")
    update = record.draft_update(by=author, of=record.pledge(by=author))
    for number, editor in enumerate((first, last)):
        update.reasoning = f"The evidence says {number}."
        actions.revise_status_update(update=update, evidence=None, by=editor, now=record.NOW)
        update = actions.submit_status_update(update=update, by=author, now=record.NOW)
        if editor is first:
            update = actions.return_status_update(update=update, by=last, now=record.NOW)
    assert update.edited_by == last
    assert standing.authors_of(update) == {author.pk, first.pk, last.pk}
    with pytest.raises(actions.NotByTheAuthor) as error:
        actions.approve_status_update(update=update, by=first, now=record.NOW)
    assert str(error.value) == "You wrote or edited this update; someone else has to approve it."
    forged = Approval(
        status_update=update, wording=update.wording, approved_by=first, approved_at=record.NOW
    )
    with database_refuses("Who wrote an update cannot approve it"):
        forged.save()
    assert list(StatusUpdate.objects.awaiting_approval_by(first)) == []
    reader = record.user()
    assert list(StatusUpdate.objects.awaiting_approval_by(reader)) == [update]
    actions.approve_status_update(update=update, by=reader, now=record.NOW)
    assert Approval.objects.get().approved_by == reader


def test_an_edit_by_raw_sql_that_was_taken_back_still_counts(
    author: User, database_refuses: Callable
) -> None:
    """Writing one's name in, the words, and the author's name back: the history has all three."""
    cheat = record.user("cheat")
    update = record.draft_update(by=author, of=record.pledge(by=author))
    with connection.cursor() as cursor:
        for person in (cheat, author):
            cursor.execute(
                "UPDATE updates_statusupdate SET reasoning = 'Mine.', edited_by_id = %s",
                [person.pk],
            )
    update = actions.submit_status_update(update=update, by=author, now=record.NOW)
    with pytest.raises(actions.NotByTheAuthor):
        actions.approve_status_update(update=update, by=cheat, now=record.NOW)
    with database_refuses("Who wrote an update cannot approve it"):
        Approval.objects.create(
            status_update=update, wording=1, approved_by=cheat, approved_at=record.NOW
        )
    assert Approval.objects.count() == 0


def test_a_service_account_is_refused(in_review: StatusUpdate) -> None:
    robot = record.user("robot", is_service=True)
    with pytest.raises(actions.NotAPerson):
        actions.approve_status_update(update=in_review, by=robot, now=record.NOW)
    assert Approval.objects.count() == 0


def test_kept_needs_two_people(in_review: StatusUpdate, author: User) -> None:
    first, second = record.user("first"), record.user("second")
    actions.approve_status_update(update=in_review, by=first, now=record.NOW)
    edition = current_edition()
    with pytest.raises(standing.NotEnoughApprovals) as error:
        actions.publish_status_update(update=in_review, by=first, now=record.NOW)
    assert str(error.value) == "1 more person must approve this first."
    with pytest.raises(actions.AlreadyApproved):
        actions.approve_status_update(update=in_review, by=first, now=record.NOW)
    in_review.refresh_from_db()
    in_review.pledge.refresh_from_db()
    assert (in_review.state, in_review.pledge.status) == ("in_review", "not_yet_rated")
    assert current_edition() == edition
    actions.approve_status_update(update=in_review, by=second, now=record.NOW)
    actions.publish_status_update(update=in_review, by=second, now=record.NOW)
    in_review.pledge.refresh_from_db()
    assert in_review.pledge.status == "kept"


def test_an_approval_holds_for_one_wording_only(author: User) -> None:
    draft = record.draft_update(by=author, of=record.pledge(by=author))
    update = actions.submit_status_update(update=draft, by=author, now=record.NOW)
    actions.approve_status_update(update=update, by=record.user(), now=record.NOW)
    update = actions.return_status_update(update=update, by=author, now=record.NOW)
    update.reasoning = "Something quite different."
    actions.revise_status_update(update=update, evidence=None, by=author, now=record.NOW)
    update = actions.submit_status_update(update=update, by=author, now=record.NOW)
    assert update.wording == 2
    with pytest.raises(standing.NotEnoughApprovals):
        actions.publish_status_update(update=update, by=author, now=record.NOW)


PUBLISH = "state = 'published', published_at = now(), published_by_id = created_by_id"


def test_the_orm_cannot_approve_its_own(
    in_review: StatusUpdate, author: User, database_refuses: Callable
) -> None:
    approval = Approval(
        status_update=in_review, wording=1, approved_by=author, approved_at=record.NOW
    )
    with database_refuses("Who wrote an update cannot approve it"):
        approval.save()
    with database_refuses("Who wrote an update cannot approve it"):
        Approval.objects.bulk_create([approval])
    assert Approval.objects.count() == 0


def test_save_and_bulk_update_cannot_publish(
    in_review: StatusUpdate, author: User, database_refuses: Callable
) -> None:
    in_review.state = "published"
    in_review.published_at, in_review.published_by = record.NOW, author
    with database_refuses("Too few people other than the author"):
        in_review.save()
    with database_refuses("Too few people other than the author"):
        StatusUpdate.objects.bulk_update([in_review], ["state", "published_at", "published_by"])
    assert StatusUpdate.objects.get().state == "in_review"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (f"UPDATE updates_statusupdate SET {PUBLISH}", "Too few people other than the author"),
        ("UPDATE updates_statusupdate SET is_imported = true", "imported never changes"),
        (f"UPDATE updates_statusupdate SET is_imported = true, {PUBLISH}", "never changes"),
        ("UPDATE updates_statusupdate SET created_by_id = edited_by_id + 1", "never changes"),
        ("UPDATE updates_statusupdate SET reasoning = 'Other.'", "send it back first"),
        ("UPDATE updates_statusupdate SET wording = 0", "send it back first"),
        ("DELETE FROM updates_citation", "only while it is a draft"),
        ("UPDATE pledges_pledge SET status = 'kept'", "follows from its published updates"),
        (
            "INSERT INTO updates_approval (status_update_id, wording, approved_by_id, approved_at,"
            " note) SELECT id, wording, created_by_id, now(), '' FROM updates_statusupdate",
            "Who wrote an update cannot approve it",
        ),
    ],
)
def test_raw_sql_is_refused(
    in_review: StatusUpdate, database_refuses: Callable, statement: str, reason: str
) -> None:
    before = list(StatusUpdate.objects.values())
    with database_refuses(reason), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(StatusUpdate.objects.values()) == before
    assert Approval.objects.count() == 0
    assert Citation.objects.count() == 1


def test_raw_sql_cannot_go_back_and_publish_from_the_draft(
    author: User, database_refuses: Callable
) -> None:
    draft = record.draft_update(by=author, of=record.pledge(by=author))
    update = actions.submit_status_update(update=draft, by=author, now=record.NOW)
    actions.approve_status_update(update=update, by=record.user(), now=record.NOW)
    actions.return_status_update(update=update, by=author, now=record.NOW)
    with database_refuses("Only an update in review"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE updates_statusupdate SET reasoning = 'New.', {PUBLISH}")
    with database_refuses("counts up"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE updates_statusupdate SET state = 'in_review', submitted_at = now(),"
            " submitted_by_id = created_by_id"
        )
    assert StatusUpdate.objects.get().state == "draft"


def test_nothing_is_inserted_as_published(author: User, database_refuses: Callable) -> None:
    update = record.draft_update(by=author, of=record.pledge(by=author))
    copy = StatusUpdate.objects.get()
    copy.pk, copy.slug, copy.state = None, "copy", "published"
    copy.published_at, copy.published_by = record.NOW, author
    with database_refuses("starts as a draft"):
        copy.save(force_insert=True)
    assert list(StatusUpdate.objects.values_list("pk", flat=True)) == [update.pk]


def test_a_published_update_never_changes(author: User, database_refuses: Callable) -> None:
    update = record.published_update(by=author, of=record.pledge(by=author))
    before = list(StatusUpdate.objects.values())
    for change in (
        {"reasoning": "Rewritten."},
        {"status": "stalled", "reason": "no_action"},
        {"effective_on": "2020-01-01"},
        {"published_at": record.NOW.replace(year=2020)},
    ):
        with database_refuses("never changes"):
            StatusUpdate.objects.filter(pk=update.pk).update(**change)
    with database_refuses("is not deleted; retract it"):
        StatusUpdate.objects.filter(pk=update.pk)._raw_delete("default")
    assert list(StatusUpdate.objects.values()) == before
    with pytest.raises(WrongState):
        actions.revise_status_update(update=update, evidence=None, by=author, now=record.NOW)


def approve_in_sql(number: int, by: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO updates_approval (status_update_id, wording, approved_by_id, approved_at,"
            " note) VALUES (%s, 1, %s, now(), '')",
            [number, by.pk],
        )


def test_nobody_approves_what_is_not_there_yet(author: User, database_refuses: Callable) -> None:
    """The foreign key is looked at when the transaction ends, and would find the update then."""
    record.draft_update(by=author, of=record.pledge(by=author))
    ahead = 1 + max(StatusUpdate.objects.values_list("pk", flat=True))
    for person in (author, record.user()):
        with database_refuses("Only an update that is there can be approved"):
            approve_in_sql(ahead, person)
    assert Approval.objects.count() == 0


@pytest.mark.parametrize("is_sent_back", [False, True])
def test_what_was_approved_is_not_replaced_under_its_number(
    in_review: StatusUpdate, author: User, database_refuses: Callable, is_sent_back: bool
) -> None:
    actions.approve_status_update(update=in_review, by=record.user(), now=record.NOW)
    if is_sent_back:
        actions.return_status_update(update=in_review, by=author, now=record.NOW)
    before = list(StatusUpdate.objects.values())
    refusal = database_refuses("An update that someone has approved is not deleted")
    with refusal, connection.cursor() as cursor:
        cursor.execute("DELETE FROM updates_statusupdate WHERE id = %s", [in_review.pk])
    assert list(StatusUpdate.objects.values()) == before
    assert Approval.objects.count() == 1


def test_a_draft_that_nobody_has_approved_may_go(author: User) -> None:
    update = record.draft_update(by=author, of=record.pledge(by=author))
    delete_draft(record=update, by=author, now=record.NOW)
    assert (StatusUpdate.objects.count(), Citation.objects.count()) == (0, 0)
