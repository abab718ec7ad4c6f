"""The sweep reconciles flags with what is due: late, doubled or repeated, the same rows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from promises.accounts.models import User
from promises.ledger.chain import verify_chain
from promises.ledger.models import Entry
from promises.officials.actions import save_official_record
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.staleness import actions, policies
from promises.staleness.models import Due, StaleFlag, Sweep
from promises.staleness.tasks import sweep
from promises.updates.correcting import correct_pledge
from tests import record
from tests.record import record_review

DAY = timedelta(days=1)


def open_flags() -> set[tuple[str, str, date]]:
    """Return (pledge, reason, stale since) of every open episode."""
    flags = StaleFlag.objects.open()
    return set(flags.values_list("pledge__slug", "reason", "stale_since"))


def swept(by: User, now: datetime) -> tuple[int, int]:
    result = actions.sweep_stale(by=by, now=now)
    return result.opened, result.closed


@pytest.mark.django_db
def test_each_reason_is_found_when_it_is_due_and_not_a_day_before(author: User) -> None:
    term = record.term(by=author, ends_on=date(2027, 1, 4))
    bare = record.pledge(by=author, of=term, slug="bare", due_on=date(2026, 6, 30))
    assert swept(author, record.NOW - DAY) == (0, 0)
    assert swept(author, record.NOW) == (1, 0)
    assert open_flags() == {("bare", "no_evidence", date(2026, 3, 2))}
    record.evidence(by=author, about=bare)
    assert open_flags() == set()
    # Published on 2 March 2026: never reviewed after 90 days, overdue for a look after 180.
    due = {
        "never_reviewed": date(2026, 5, 31),
        "deadline_passed": date(2026, 7, 1),
        "review_overdue": date(2026, 8, 29),
        "term_ending": date(2026, 11, 5),
        "term_ended": date(2027, 1, 4),
    }
    assert dict(Due.objects.filter(pledge=bare).values_list("reason", "due_on")) == due
    expected = set()
    for reason, day in due.items():
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        assert swept(author, moment - timedelta(seconds=1)) == (0, 0)
        # What is about to happen is over once it has happened.
        is_over = reason == "term_ended"
        assert swept(author, moment) == (1, 1 if is_over else 0)
        expected.add(("bare", reason, day))
        if is_over:
            expected.remove(("bare", "term_ending", due["term_ending"]))
        assert open_flags() == expected


@pytest.mark.django_db
def test_running_it_twice_gives_the_same_rows(author: User) -> None:
    for _ in range(3):
        record.pledge(by=author)
    later = record.NOW + 400 * DAY
    assert swept(author, later) == (9, 0)
    before = list(StaleFlag.objects.values())
    edition = Entry.objects.count()
    assert swept(author, later) == (0, 0)
    assert swept(author, later + timedelta(hours=1)) == (0, 0)
    assert list(StaleFlag.objects.values()) == before
    assert Entry.objects.count() == edition
    assert Sweep.objects.count() == 3


@pytest.mark.django_db
def test_stale_since_is_when_it_became_due_not_when_it_was_found(author: User) -> None:
    pledge = record.pledge(by=author)
    record.evidence(by=author, about=pledge)
    swept(author, record.NOW + 365 * DAY)
    flag = StaleFlag.objects.get(reason="review_overdue")
    assert flag.stale_since == date(2026, 8, 29)
    assert flag.opened_at == record.NOW + 365 * DAY


@pytest.mark.django_db
def test_a_review_closes_what_it_answers_in_the_same_transaction(author: User) -> None:
    pledge = record.pledge(by=author)
    record.evidence(by=author, about=pledge)
    later = record.NOW + 200 * DAY
    assert swept(author, later) == (2, 0)
    assert pledge.status == "not_yet_rated"
    record_review(pledge=pledge, note="Looked at the office's page.", by=author, now=later)
    assert open_flags() == set()
    closed = StaleFlag.objects.order_by("reason").values_list(
        "reason", "closed_at", "closed_by__username", "closed_because"
    )
    assert list(closed) == [
        ("never_reviewed", later, "author", "reviewed"),
        ("review_overdue", later, "author", "reviewed"),
    ]
    pledge.refresh_from_db()
    assert pledge.last_reviewed_at == later
    assert pledge.review_due_on == (later + 180 * DAY).date()
    assert swept(author, later) == (0, 0)
    assert swept(author, later + 180 * DAY) == (1, 0)
    assert StaleFlag.objects.filter(reason="review_overdue").count() == 2


@pytest.mark.django_db
def test_a_status_update_closes_a_passed_deadline_and_a_review_does_not(author: User) -> None:
    pledge = record.pledge(by=author, due_on=date(2026, 3, 10))
    record.evidence(by=author, about=pledge)
    later = record.NOW + 30 * DAY
    assert swept(author, later) == (1, 0)
    record_review(pledge=pledge, note="Still nothing.", by=author, now=later)
    assert {reason for _, reason, _ in open_flags()} == {"deadline_passed"}
    record.published_update(by=author, of=pledge, status="broken", now=later)
    assert open_flags() == set()


@pytest.mark.django_db
def test_a_flag_never_changes_the_status(author: User) -> None:
    pledge = record.pledge(by=author)
    record.published_update(by=author, of=pledge, status="kept")
    before = Pledge.objects.values().get()
    assert swept(author, record.NOW + 900 * DAY) == (2, 0)
    assert {reason for _, reason, _ in open_flags()} == {"review_overdue", "single_source"}
    assert Pledge.objects.values().get() == before


@pytest.mark.django_db
def test_final_ratings_rest_once_the_term_is_over(author: User) -> None:
    term = record.term(by=author, ends_on=date(2025, 1, 6))
    pledge = record.pledge(by=author, of=term)
    record.published_update(by=author, of=pledge, status="kept")
    swept(author, record.NOW + 3000 * DAY)
    assert {reason for _, reason, _ in open_flags()} == {"single_source"}
    pledge.refresh_from_db()
    assert pledge.review_due_on is None


@pytest.mark.django_db
def test_learning_that_a_term_ended_moves_the_due_dates(author: User) -> None:
    term = record.term(by=author)
    pledge = record.pledge(by=author, of=term)
    record.published_update(by=author, of=pledge, status="kept")
    pledge.refresh_from_db()
    assert pledge.review_due_on == date(2027, 3, 2)
    term.ends_on, term.end_reason = date(2026, 4, 1), "resigned"
    save_official_record(record=term, by=author, now=record.NOW)
    pledge.refresh_from_db()
    assert pledge.review_due_on is None


@pytest.mark.django_db
def test_a_changed_policy_moves_the_due_dates_at_once(author: User) -> None:
    pledge = record.pledge(by=author)
    pledge.refresh_from_db()
    assert pledge.review_due_on == date(2026, 8, 29)
    policy = policies.ReviewPolicy.objects.get(status="not_yet_rated")
    policy.days_in_term = 30
    policies.save_review_policy(policy=policy, by=author, now=record.NOW)
    pledge.refresh_from_db()
    assert pledge.review_due_on == date(2026, 4, 1)
    policy.days_in_term = None
    policies.save_review_policy(policy=policy, by=author, now=record.NOW)
    pledge.refresh_from_db()
    assert pledge.review_due_on is None


@pytest.mark.django_db
def test_only_what_the_public_sees_is_flagged(author: User) -> None:
    record.draft_pledge(by=author)
    pledge = record.pledge(by=author)
    assert swept(author, record.NOW) == (1, 0)
    retract_pledge(pledge=pledge, reason="Made by someone else.", by=author, now=record.NOW)
    assert open_flags() == set()
    assert swept(author, record.NOW + 900 * DAY) == (0, 0)


@pytest.mark.django_db
def test_the_ledger_has_one_entry_a_batch(author: User) -> None:
    for _ in range(4):
        record.pledge(by=author)
    edition = Entry.objects.count()
    swept(author, record.NOW)
    entry = Entry.objects.get(edition=edition + 1)
    assert (entry.event, entry.subject) == ("stale_flags:opened", "stale_flags")
    assert entry.data.count('"reason":"no_evidence"') == 4
    assert Entry.objects.count() == edition + 1
    assert verify_chain().fault == ""


@pytest.mark.django_db
def test_the_sweep_costs_the_same_number_of_queries_at_any_size(
    author: User, django_assert_num_queries: Any
) -> None:
    # A savepoint and its release aside: the lock, what differs, how pledges are
    # looked up, open, the public rows of what was opened, the head locked, the entry, the run.
    record.pledge(by=author)
    with django_assert_num_queries(10):
        actions.sweep_stale(by=author, now=record.NOW)
    for _ in range(9):
        record.pledge(by=author)
    with django_assert_num_queries(10):
        actions.sweep_stale(by=author, now=record.NOW)
    with django_assert_num_queries(5):
        actions.sweep_stale(by=author, now=record.NOW)


@pytest.mark.django_db
def test_editing_a_pledge_settles_its_flags(author: User) -> None:
    pledge = record.pledge(by=author, due_on=date(2026, 3, 10))
    record.evidence(by=author, about=pledge)
    swept(author, record.NOW + 30 * DAY)
    pledge.due_on = date(2027, 3, 10)
    later = record.NOW + 30 * DAY
    correct_pledge(pledge=pledge, kind="update", note="It moved.", by=author, now=later)
    assert open_flags() == set()


@pytest.mark.django_db
def test_the_task_sweeps_for_now() -> None:
    author = record.user("author")
    record.pledge(by=author, now=timezone.now())
    assert sweep() == 1
    assert StaleFlag.objects.get().closed_at is None
    assert Sweep.objects.get().opened == 1


@pytest.mark.django_db
def test_the_command_says_what_it_did(author: User, capsys: pytest.CaptureFixture[str]) -> None:
    record.pledge(by=author)
    call_command("sweep_stale", "--now", "2027-06-01")
    assert capsys.readouterr().out == (
        "Swept for 2027-06-01 00:00 UTC: 3 opened, 0 closed.\n"
        "     1 open: no editor here has reviewed it yet\n"
        "     1 open: it has no published evidence\n"
        "     1 open: nobody has looked again in time\n"
    )
    call_command("sweep_stale", "--now", "2027-06-01", "--recompute")
    assert capsys.readouterr().out.startswith(
        "Due dates of 1 of 1 pledges.\nSwept for 2027-06-01 00:00 UTC: 0 opened, 0 closed.\n"
    )
    # Wherever whoever asks may be, it is told in the time that the words name.
    call_command("sweep_stale", "--now", "2027-06-01T00:00+05:00")
    assert capsys.readouterr().out.startswith("Swept for 2027-05-31 19:00 UTC: ")
    with pytest.raises(CommandError, match="'yesterday' is not an ISO 8601 date or time"):
        call_command("sweep_stale", "--now", "yesterday")
