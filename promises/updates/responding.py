"""Replies of officials, from the draft to what readers see."""

from datetime import datetime

from promises.accounts.models import User
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.actions import record_rows, record_tombstones
from promises.pledges.actions import lock_pledges
from promises.updates import columns
from promises.updates.models import Response


@write
def save_response(*, response: Response, by: User, now: datetime) -> Response:
    """Save an official's reply; a new one is a draft. Raises ValidationError, WrongState."""
    if response.pk is None:
        response.created_by, response.created_at = by, now
    else:
        editorial.require_state(editorial.locked(response), State.DRAFT, State.IN_REVIEW)
    editorial.store(response)
    return response


@write
def publish_response(*, response: Response, by: User, now: datetime) -> Response:
    """Show a reply beside the status. Raises WrongState."""
    lock_pledges([response.pledge_id])
    if response.evidence:
        editorial.locked(response.evidence)
    response = editorial.publish(record=response, by=by, now=now)
    record_rows(table=columns.RESPONSES, ids=[response.pk], verb="published", by=by, now=now)
    return response


@write
def retract_response(*, response: Response, reason: str, by: User, now: datetime) -> Response:
    """Withdraw a published reply; readers see that it was there, when it went and why.

    Raises NoReason, WrongState.
    """
    lock_pledges([response.pledge_id])
    response = editorial.retract(record=response, reason=reason, by=by, now=now)
    record_tombstones(
        table=columns.RESPONSES,
        ids=[response.pk],
        reason=response.retraction_reason,
        by=by,
        now=now,
    )
    return response
