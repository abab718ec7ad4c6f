"""Planned publications: at their time and never before, each once, in order, in spite of others."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promises.accounts.models import User
from promises.common.clock import database_clock
from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.ledger.chain import current_edition
from promises.ledger.models import Entry
from promises.newsroom import actions, publishing
from promises.newsroom.models import Item, PlannedPublication
from promises.newsroom.publishing import PublishedDue, publish_due
from promises.newsroom.tasks import publish_due as task
from promises.pledges.actions import publish_pledge
from promises.updates.actions import (
    approve_status_update,
    return_status_update,
    submit_status_update,
)
from promises.updates.models import StatusUpdate
from tests import record
from tests.newsroom.conftest import HOUR, NOW, approved_update, draft
from tracker.schedule import TIMETABLE

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def plan(item: Item, by: User, after: timedelta = HOUR) -> PlannedPublication:
    return actions.plan_publication(item=item, publish_at=NOW + after, by=by, now=NOW)


def outcomes() -> list[tuple[str, str]]:
    """What became of every plan and why, in the order of their making."""
    return list(PlannedPublication.objects.order_by("pk").values_list("outcome", "reason"))


def test_an_item_is_published_at_its_time_and_not_a_moment_before(
    item: Item, editor: User, clock: User
) -> None:
    plan(item, editor)
    assert publish_due(by=clock, now=NOW + HOUR - timedelta(microseconds=1)) == PublishedDue()
    item.refresh_from_db()
    assert item.published_at is None
    assert publish_due(by=clock, now=NOW + HOUR) == PublishedDue(published=1)
    item.refresh_from_db()
    assert (item.state, item.published_by, item.published_at) == (
        State.PUBLISHED,
        editor,
        NOW + HOUR,
    )
    done = PlannedPublication.objects.get()
    assert (done.outcome, done.ended_at, done.ended_by) == ("published", NOW + HOUR, editor)
    edition = current_edition()
    assert publish_due(by=clock, now=NOW + 2 * HOUR) == PublishedDue()
    assert current_edition() == edition


def test_readers_see_it_within_one_tick(client: Client, author: User, editor: User) -> None:
    pledge = draft("pledge", author)
    plan(pledge, editor)
    tick = TIMETABLE["publish-due"]["schedule"]
    # Beat looks at its timetable every five seconds.
    assert tick + 5 * SECOND <= 30 * SECOND
    address = f"/pledges/{pledge.slug}/"
    # The clock of the database, whatever that of the worker says: no test can set it.
    PlannedPublication.objects.update(publish_at=database_clock() + HOUR)
    with time_machine.travel(database_clock() + 2 * HOUR):
        assert task() == 0
    assert client.get(address).status_code == 404
    PlannedPublication.objects.update(publish_at=database_clock())
    assert task() == 1
    assert client.get(address).status_code == 200


def test_the_history_and_the_ledger_name_who_planned_it(
    author: User, editor: User, clock: User
) -> None:
    pledge = draft("pledge", author)
    plan(pledge, editor)
    publish_due(by=clock, now=NOW + HOUR)
    event = type(pledge).pgh_event_models["update"].objects.latest("pgh_id")  # type: ignore[union-attr]
    metadata = event.pgh_context.metadata
    assert (metadata["action"], metadata["by_name"]) == ("publish_pledge", "Editor")
    entry = Entry.objects.get(event="pledge:published")
    assert (entry.by, entry.at) == ("Editor", NOW + HOUR)


def test_one_broken_item_among_ten_does_not_delay_the_others(
    author: User, editor: User, clock: User
) -> None:
    updates = [approved_update(author) for _ in range(10)]
    for minute, update in enumerate(updates):
        plan(update, editor, minute * timedelta(minutes=1) + HOUR)
    broken = updates[3]
    return_status_update(update=broken, by=author, now=NOW)
    assert publish_due(by=clock, now=NOW + 2 * HOUR) == PublishedDue(published=9, set_aside=1)
    assert [*StatusUpdate.objects.published().order_by("pk")] == [
        update for update in updates if update != broken
    ]
    aside = PlannedPublication.objects.waiting().get()
    assert (aside.item, aside.outcome, aside.reason, aside.ended_by) == (
        broken,
        "set_aside",
        "This is draft; it must be in review for that.",
        clock,
    )
    # It is not tried again behind people's backs.
    assert publish_due(by=clock, now=NOW + 3 * HOUR) == PublishedDue()


def test_an_approval_too_few_sets_it_aside(author: User, editor: User, clock: User) -> None:
    update = approved_update(author, status="kept")
    edition = current_edition()
    plan(update, editor)
    assert publish_due(by=clock, now=NOW + HOUR) == PublishedDue(set_aside=1)
    assert outcomes() == [("set_aside", "1 more person must approve this first.")]
    update.refresh_from_db()
    assert (update.state, current_edition()) == (State.IN_REVIEW, edition)


def test_a_fault_of_the_program_sets_aside_one_item_only(
    author: User, editor: User, clock: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = [draft("evidence", author), draft("evidence", author)]
    for piece in pieces:
        plan(piece, editor)
    plan(draft("pledge", author), editor)

    def broken(**_given: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(publishing._PUBLISH, Evidence, (broken, "evidence"))
    assert publish_due(by=clock, now=NOW + HOUR) == PublishedDue(published=1, set_aside=2)
    words = "A fault of the program (ZeroDivisionError). Tell whoever keeps it running."
    assert outcomes() == [("set_aside", words), ("set_aside", words), ("published", "")]


def test_nobody_publishes_in_the_name_of_someone_who_left(
    author: User, editor: User, clock: User
) -> None:
    plan(draft("pledge", author), editor)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    assert publish_due(by=clock, now=NOW + HOUR) == PublishedDue(set_aside=1)
    words = "Editor, who planned this, no longer works here. Someone else plans it."
    assert outcomes() == [("set_aside", words)]


def test_after_a_day_of_downtime_everything_appears_once_and_in_order(
    author: User, editor: User, clock: User
) -> None:
    pieces = [draft("evidence", author) for _ in range(6)]
    hours = [5, 1, 23, 1, 12, 25]
    for piece, hour in zip(pieces, hours, strict=True):
        plan(piece, editor, hour * HOUR)
    assert publish_due(by=clock, now=NOW + 24 * HOUR) == PublishedDue(published=5)
    assert publish_due(by=clock, now=NOW + 24 * HOUR) == PublishedDue()
    entries = Entry.objects.filter(event="evidence:published").order_by("edition")
    in_order = [pieces[place].slug for place in (1, 3, 0, 4, 2)]
    assert [entry.subject for entry in entries] == [f"evidence/{slug}" for slug in in_order]


def test_what_rests_on_each_other_appears_together(author: User, editor: User, clock: User) -> None:
    """A pledge, its evidence and its rating, all planned for one moment."""
    pledge = record.draft_pledge(by=author, now=NOW)
    piece = record.draft_evidence(by=author, now=NOW)
    update = record.draft_update(by=author, of=pledge, cited=piece, now=NOW)
    update = actions.editorial.locked(update)
    update = submit_status_update(update=update, by=author, now=NOW)
    approve_status_update(update=update, by=editor, now=NOW)
    for one in (pledge, piece, update):
        plan(one, editor)
    assert publish_due(by=clock, now=NOW + HOUR) == PublishedDue(published=3)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.status) == (State.PUBLISHED, "in_the_works")


def test_what_was_published_by_hand_meanwhile_is_left_alone(
    author: User, editor: User, clock: User
) -> None:
    pledge = draft("pledge", author)
    plan(pledge, editor)
    publish_pledge(pledge=pledge, by=author, now=NOW)
    assert list(PlannedPublication.objects.waiting()) == []
    edition = current_edition()
    assert publish_due(by=clock, now=NOW + HOUR) == PublishedDue()
    assert outcomes() == [("cancelled", "It was published by hand before its time.")]
    assert current_edition() == edition


def test_a_plan_is_replaced_cancelled_and_made_anew(
    author: User, editor: User, clock: User
) -> None:
    update = approved_update(author, status="kept")
    first = plan(update, author)
    again = plan(update, editor, 3 * HOUR)
    assert (again.pk, again.publish_at, again.planned_by) == (first.pk, NOW + 3 * HOUR, editor)
    assert publish_due(by=clock, now=NOW + HOUR) == PublishedDue()
    publish_due(by=clock, now=NOW + 3 * HOUR)
    later = actions.plan_publication(
        item=update, publish_at=NOW + 9 * HOUR, by=editor, now=NOW + 4 * HOUR
    )
    assert (later.pk, later.outcome, later.reason, later.ended_at) == (first.pk, "", "", None)
    actions.cancel_plan(item=update, reason="Not this week.", by=author, now=NOW + 5 * HOUR)
    assert outcomes() == [("cancelled", "Not this week.")]
    with pytest.raises(actions.NothingPlanned):
        actions.cancel_plan(item=update, by=author, now=NOW)
    assert publish_due(by=clock, now=NOW + 10 * HOUR) == PublishedDue()


def test_a_year_typed_wrong_is_no_plan(author: User, editor: User) -> None:
    piece = record.draft_evidence(by=author)
    for moment in (NOW + timedelta(days=731), datetime(9999, 12, 31, tzinfo=UTC)):
        with pytest.raises(ValidationError) as error:
            actions.plan_publication(item=piece, publish_at=moment, by=editor, now=NOW)
        assert error.value.message_dict == {
            "publish_at": ["Choose a moment within the next two years."]
        }
    assert PlannedPublication.objects.count() == 0
    last = NOW + timedelta(days=730)
    assert actions.plan_publication(item=piece, publish_at=last, by=editor, now=NOW).pk


def test_the_past_and_the_public_cannot_be_planned(author: User, editor: User) -> None:
    pledge = draft("pledge", author)
    with pytest.raises(ValidationError) as error:
        plan(pledge, editor, timedelta(0))
    assert error.value.message_dict == {"publish_at": ["Choose a moment that is still to come."]}
    publish_pledge(pledge=pledge, by=author, now=NOW)
    with pytest.raises(actions.AlreadyPublic) as late:
        plan(pledge, editor)
    assert str(late.value) == "Readers have seen this already."
    assert PlannedPublication.objects.count() == 0


def test_a_run_without_anything_due_asks_three_questions(author: User, clock: User) -> None:
    plan(draft("pledge", author), author)
    PlannedPublication.objects.update(publish_at=database_clock() + HOUR)
    with CaptureQueriesContext(connection) as taken:
        assert task() == 0
    asked = [query["sql"] for query in taken if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 3
    for question, about in zip(
        asked, ("accounts_user", "clock_timestamp()", "newsroom_plannedpublication"), strict=True
    ):
        assert about in question


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("publish_due", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_did(author: User, editor: User) -> None:
    plan(draft("pledge", author), editor)
    update = approved_update(author, status="kept")
    plan(update, editor)
    assert run("--now", "2024-05-06T08:59") == (
        "Due by 2024-05-06 08:59 UTC: 0 published, 0 set aside, 0 left to the next run.\n"
    )
    assert run("--now", "2024-05-06T09:00") == (
        "Due by 2024-05-06 09:00 UTC: 1 published, 1 set aside, 0 left to the next run.\n"
        f"  set aside: {update}: 1 more person must approve this first.\n"
    )


def test_the_command_says_in_utc_for_when_it_publishes(db: None) -> None:
    assert run("--now", "2024-05-06T09:00+05:00") == (
        "Due by 2024-05-06 04:00 UTC: 0 published, 0 set aside, 0 left to the next run.\n"
    )


def test_the_command_publishes_nothing_before_its_time(author: User, editor: User) -> None:
    pledge = draft("pledge", author)
    plan(pledge, editor)
    with time_machine.travel(NOW, tick=False):
        with pytest.raises(CommandError, match="nothing is published before its time"):
            run("--now", "2024-05-06T09:00")
        with pytest.raises(CommandError, match="is not an ISO 8601 date or time"):
            run("--now", "soon")
    pledge.refresh_from_db()
    assert pledge.state == State.DRAFT
