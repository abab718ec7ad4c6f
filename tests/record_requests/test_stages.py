"""What came of a request: each step, its refusals, and the clock the database keeps."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.ledger.models import Entry
from promises.record_requests import stages
from promises.record_requests.models import Extension, RecordRequest
from tests import record
from tests.record import NOW
from tests.record_requests import filed

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 12)
LATER = date(2026, 4, 12)


@pytest.fixture
def made(author: User) -> RecordRequest:
    """A public request that waits for an answer until 12 March 2026."""
    return filed.request(by=author, about=record.pledge(by=author))


@pytest.fixture
def draft(author: User) -> RecordRequest:
    """A draft of such a request."""
    return filed.draft_request(by=author, about=record.pledge(by=author))


def answered(made: RecordRequest, by: User, **more: Any) -> RecordRequest:
    """Keep an answer: granted unless said otherwise."""
    values = {"on": DUE, "outcome": "granted", "answer": "All of it.", "not_recorded": "", **more}
    return stages.answer_request(record_request=made, by=by, now=NOW, **values)


def extended(made: RecordRequest, by: User, due_on: date = LATER) -> Extension:
    """Keep an extension."""
    return stages.extend_request(
        record_request=made, announced_on=DUE, due_on=due_on, reason="Volume.", by=by, now=NOW
    )


def appealed(made: RecordRequest, by: User, due_on: date | None = LATER) -> RecordRequest:
    """Keep an appeal."""
    return stages.appeal_request(
        record_request=made,
        on=DUE,
        appealed_to="Example Office of Open Records",
        appeal_due_on=due_on,
        by=by,
        now=NOW,
    )


def test_an_acknowledgement_leaves_the_clock_running(author: User, made: RecordRequest) -> None:
    made = stages.acknowledge_request(record_request=made, on=filed.FILED, by=author, now=NOW)
    assert (made.acknowledged_on, made.next_due_on) == (filed.FILED, DUE)
    with pytest.raises(stages.NotNow):
        stages.acknowledge_request(record_request=made, on=DUE, by=author, now=NOW)
    made.refresh_from_db()
    assert made.acknowledged_on == filed.FILED


def test_an_extension_moves_the_clock_and_keeps_the_day_of_the_law(
    author: User, made: RecordRequest, database_refuses: Callable
) -> None:
    told = Entry.objects.count()
    extension = extended(made, author)
    made.refresh_from_db()
    assert (made.due_by_law_on, made.answer_due_on, made.next_due_on) == (DUE, LATER, LATER)
    new = Entry.objects.filter(edition__gt=told).order_by("edition")
    assert [entry.event for entry in new] == [
        "record_request_extension:saved",
        "record_request:saved",
        "record_request_pledge:saved",
    ]
    assert f'"answer_due_on":"{LATER}"' in new[1].data
    with pytest.raises(ValidationError, match="ends after the day"):
        extended(made, author, DUE)
    with database_refuses("to a later one"):
        Extension.objects.create(
            record_request=made, announced_on=DUE, due_on=DUE, reason="x",
            recorded_at=NOW, recorded_by=author,
        )  # fmt: skip
    with database_refuses("stays as it was announced"):
        Extension.objects.filter(pk=extension.pk).delete()
    with database_refuses("stays as it was announced"):
        Extension.objects.filter(pk=extension.pk).update(reason="Other.")
    assert Extension.objects.count() == 1


def test_an_answer_stops_the_clock_and_stays(
    author: User, made: RecordRequest, database_refuses: Callable
) -> None:
    made = answered(
        made, author, outcome="not_recorded", answer="", not_recorded="the bail it asks for"
    )
    assert (made.stage, made.next_due_on, made.answer_due_on) == ("answered", None, DUE)
    for act in (answered, extended):
        with pytest.raises(stages.NotNow):
            act(made, author)
    for change in (
        {"outcome": "granted", "not_recorded": ""},
        {"answered_on": LATER},
        {"answered_on": None, "outcome": "", "answer": "", "not_recorded": ""},
    ):
        with database_refuses("stays as published"):
            RecordRequest.objects.filter(pk=made.pk).update(**change)


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": ""},
        {"outcome": "lost"},
        {"outcome": "not_recorded"},
        {"not_recorded": "bail"},
        {"on": date(2026, 3, 1)},
    ],
)
def test_an_answer_that_does_not_add_up_is_refused(
    author: User, made: RecordRequest, wrong: dict[str, Any]
) -> None:
    told = Entry.objects.count()
    with pytest.raises(ValidationError):
        answered(made, author, **wrong)
    made.refresh_from_db()
    assert (made.answered_on, made.next_due_on, Entry.objects.count()) == (None, DUE, told)


def test_an_appeal_starts_a_clock_of_its_own(author: User, made: RecordRequest) -> None:
    made = appealed(answered(made, author, outcome="denied"), author)
    assert (made.stage, made.next_due_on) == ("appealed", LATER)
    with pytest.raises(stages.NotNow):
        appealed(made, author)
    made = stages.decide_appeal(
        record_request=made, on=LATER, decision="Release it.", by=author, now=NOW
    )
    assert (made.stage, made.next_due_on) == ("decided", None)
    with pytest.raises(stages.NotNow):
        stages.decide_appeal(record_request=made, on=LATER, decision="No.", by=author, now=NOW)


def test_silence_can_be_appealed(author: User, made: RecordRequest) -> None:
    made = appealed(made, author, None)
    assert (made.stage, made.answered_on, made.next_due_on) == ("appealed", None, None)


def test_a_decision_before_its_appeal_is_refused(author: User, made: RecordRequest) -> None:
    made = appealed(made, author)
    with pytest.raises(ValidationError, match="A decision on an appeal"):
        stages.decide_appeal(
            record_request=made, on=filed.FILED, decision="No.", by=author, now=NOW
        )
    made.refresh_from_db()
    assert made.appeal_decided_on is None


def test_a_request_that_we_took_back_waits_for_nothing(author: User, made: RecordRequest) -> None:
    made = stages.withdraw_request(record_request=made, on=DUE, by=author, now=NOW)
    assert (made.stage, made.next_due_on) == ("withdrawn", None)
    for act in (answered, extended, appealed):
        with pytest.raises(stages.NotNow):
            act(made, author)


def test_no_day_is_extended_where_none_was_set(author: User, made: RecordRequest) -> None:
    pledge = made.pledges.get()
    free = filed.request(by=author, about=pledge, statute="Charter", due_basis="none")
    with pytest.raises(stages.NotNow):
        extended(free, author)
    assert Extension.objects.count() == 0


def test_overdue_is_the_day_after(author: User, made: RecordRequest) -> None:
    assert list(RecordRequest.objects.overdue(DUE)) == []
    assert list(RecordRequest.objects.overdue(date(2026, 3, 13))) == [made]
    assert (made.is_overdue(DUE), made.is_overdue(date(2026, 3, 13))) == (False, True)


def test_steps_of_a_draft_tell_nobody(author: User, draft: RecordRequest) -> None:
    told = Entry.objects.count()
    extended(draft, author)
    draft = answered(draft, author)
    assert (draft.stage, Entry.objects.count()) == ("answered", told)


DAYS = st.none() | st.dates(date(2026, 3, 2), date(2026, 12, 31))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    answered_on=DAYS,
    appealed_on=DAYS,
    appeal_due_on=DAYS,
    extensions=st.lists(st.integers(1, 300), max_size=3, unique=True),
)
def test_the_clock_of_the_database_is_that_of_the_rule(
    answered_on: date | None,
    appealed_on: date | None,
    appeal_due_on: date | None,
    extensions: list[int],
    author: User,
    draft: RecordRequest,
) -> None:
    """Whatever is written in whatever order, the clock follows from what stands there."""
    with transaction.atomic():
        draft.refresh_from_db()
        due = DUE
        for days in sorted(extensions):
            due = date.fromordinal(DUE.toordinal() + days)
            extended(draft, author, due)
        RecordRequest.objects.filter(pk=draft.pk).update(
            answered_on=answered_on,
            outcome="granted" if answered_on else "",
            appealed_on=appealed_on,
            appealed_to="Example Court" if appealed_on else "",
            appeal_due_on=appeal_due_on if appealed_on else None,
            answer_due_on=None,
            next_due_on=None,
        )
        draft.refresh_from_db()
        expected = due if not answered_on else None
        if appealed_on:
            expected = appeal_due_on
        assert (draft.answer_due_on, draft.next_due_on) == (due, expected)
        transaction.set_rollback(True)
