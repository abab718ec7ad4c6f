"""What came of a request for records: each step of its life, kept with its day."""

from datetime import date, datetime

from django.core.exceptions import ValidationError

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.actions import record_rows
from promises.record_requests.actions import locked_request, tell_of_request
from promises.record_requests.choices import Stage
from promises.record_requests.columns import RECORD_REQUEST_EXTENSIONS
from promises.record_requests.models import Extension, RecordRequest


class NotNow(Refused):
    """The request does not stand where this step is possible."""


@write
def acknowledge_request(
    *, record_request: RecordRequest, on: date, by: User, now: datetime
) -> RecordRequest:
    """Keep that the office confirmed it has the request. Raises NotNow, ValidationError."""
    record_request = _standing(record_request, Stage.WAITING)
    if record_request.acknowledged_on:
        raise NotNow("It is kept already when the office acknowledged this.")
    record_request.acknowledged_on = on
    return _moved(record_request, "acknowledged_on", by=by, now=now)


@write
def extend_request(
    *,
    record_request: RecordRequest,
    announced_on: date,
    due_on: date,
    reason: str,
    by: User,
    now: datetime,
) -> Extension:
    """Keep that the office takes longer, and why. Raises NotNow, ValidationError."""
    record_request = _standing(record_request, Stage.WAITING)
    if record_request.answer_due_on is None:
        raise NotNow("No day was set for this answer, so none is extended.")
    if due_on <= record_request.answer_due_on:
        raise ValidationError({"due_on": "An extension ends after the day that was set before."})
    extension = Extension(
        record_request=record_request,
        announced_on=announced_on,
        due_on=due_on,
        reason=reason.strip(),
        recorded_at=now,
        recorded_by=by,
    )
    extension.full_clean()
    extension.save(force_insert=True)
    if Extension.objects.published().filter(pk=extension.pk).exists():
        table = RECORD_REQUEST_EXTENSIONS
        record_rows(table=table, ids=[extension.pk], verb="saved", by=by, now=now)
        tell_of_request(record_request=record_request, by=by, now=now)
    return extension


@write
def answer_request(
    *,
    record_request: RecordRequest,
    on: date,
    outcome: str,
    answer: str,
    not_recorded: str,
    by: User,
    now: datetime,
) -> RecordRequest:
    """Keep what the office answered; the clock stops. Raises NotNow, ValidationError."""
    record_request = _standing(record_request, Stage.WAITING)
    record_request.answered_on, record_request.outcome = on, outcome
    record_request.answer, record_request.not_recorded = answer.strip(), not_recorded.strip()
    return _moved(
        record_request, "answered_on", "outcome", "answer", "not_recorded", by=by, now=now
    )


@write
def withdraw_request(
    *, record_request: RecordRequest, on: date, by: User, now: datetime
) -> RecordRequest:
    """Keep that we took the request back. Raises NotNow, ValidationError."""
    record_request = _standing(record_request, Stage.WAITING, Stage.APPEALED)
    record_request.withdrawn_on = on
    return _moved(record_request, "withdrawn_on", by=by, now=now)


@write
def appeal_request(
    *,
    record_request: RecordRequest,
    on: date,
    appealed_to: str,
    appeal_due_on: date | None,
    by: User,
    now: datetime,
) -> RecordRequest:
    """Keep that we appealed against an answer, or against silence; a new clock starts.

    Raises NotNow, ValidationError.
    """
    record_request = _standing(record_request, Stage.WAITING, Stage.ANSWERED)
    record_request.appealed_on, record_request.appealed_to = on, appealed_to.strip()
    record_request.appeal_due_on = appeal_due_on
    return _moved(record_request, "appealed_on", "appealed_to", "appeal_due_on", by=by, now=now)


@write
def decide_appeal(
    *, record_request: RecordRequest, on: date, decision: str, by: User, now: datetime
) -> RecordRequest:
    """Keep how an appeal was decided; the clock stops. Raises NotNow, ValidationError."""
    record_request = _standing(record_request, Stage.APPEALED)
    record_request.appeal_decided_on = on
    record_request.appeal_decision = decision.strip()
    return _moved(record_request, "appeal_decided_on", "appeal_decision", by=by, now=now)


def _standing(record_request: RecordRequest, *stages: Stage) -> RecordRequest:
    """Return the locked request. Raises NotNow unless it stands at one of these stages."""
    stored = locked_request(record_request)
    if stored.state == State.RETRACTED or stored.stage not in stages:
        raise NotNow(f"This request is {stored.stage.label}: this step is not possible now.")
    return stored


def _moved(record_request: RecordRequest, *fields: str, by: User, now: datetime) -> RecordRequest:
    """Save what came of a request and tell readers, where they see the request."""
    record_request.full_clean()
    editorial.move(record_request, *fields)
    record_request.refresh_from_db(fields=["answer_due_on", "next_due_on"])
    if RecordRequest.objects.published().filter(pk=record_request.pk).exists():
        tell_of_request(record_request=record_request, by=by, now=now)
    return record_request
