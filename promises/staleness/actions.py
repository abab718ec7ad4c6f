from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.ledger.actions import Change, append_entries
from promises.pledges.models import Pledge
from promises.staleness.choices import ClosedBecause
from promises.staleness.columns import STALE_FLAGS
from promises.staleness.models import ReviewPolicy, StaleFlag, Sweep

# The advisory lock of the sweep, held to the end of its transaction ("sweep" in ASCII).
_SWEEP_LOCK = 0x7377656570

# Both statements reconcile flags with the view staleness_due: run late, twice or by two workers
# at once they end in the same rows. An open episode is found again by its partial unique index.
_OPEN_WHAT_IS_DUE = """
    INSERT INTO staleness_staleflag
        (pledge_id, reason, stale_since, opened_at, snooze_reason, closed_because)
    SELECT due.pledge_id, due.reason, due.due_on, %(now)s, '', ''
    FROM staleness_due due WHERE due.due_on <= %(today)s
    ON CONFLICT (pledge_id, reason) WHERE closed_at IS NULL DO NOTHING
    RETURNING id
"""
_CLOSE_WHAT_IS_NOT = """
    UPDATE staleness_staleflag flag
    SET closed_at = %(now)s, closed_by_id = %(by)s, closed_because = %(because)s
    WHERE flag.closed_at IS NULL AND (%(ids)s::bigint[] IS NULL OR flag.pledge_id = ANY(%(ids)s))
        AND NOT EXISTS (
            SELECT FROM staleness_due due
            WHERE due.pledge_id = flag.pledge_id AND due.reason = flag.reason
                AND due.due_on <= %(today)s
        )
    RETURNING flag.id
"""


class NotOpen(Refused):
    """The episode has ended already."""


@dataclass(frozen=True)
class Swept:
    """What a sweep did: the episodes it opened and closed."""

    opened: int
    closed: int


@write
def sweep_stale(*, by: User, now: datetime) -> Swept:
    """Open a flag for every reason due at `now`, and close every flag whose cause is gone.

    1. Take the sweep's lock: a second sweep waits and then finds nothing to do.
    2. Open and close in two statements over stored due dates.
    3. Write one ledger entry for what was opened and one for what was closed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SWEEP_LOCK])
    times = {"now": now, "today": utc_date(now)}
    opened = _ids(_OPEN_WHAT_IS_DUE, times)
    closing = {"by": by.pk, "because": ClosedBecause.CAUSE_GONE, "ids": None}
    closed = _ids(_CLOSE_WHAT_IS_NOT, {**times, **closing})
    _record(opened, "opened", by=by, now=now)
    _record(closed, "closed", by=by, now=now)
    Sweep.objects.create(swept_for=now, opened=len(opened), closed=len(closed))
    return Swept(opened=len(opened), closed=len(closed))


@write
def settle_flags(*, pledge_ids: Collection[int], by: User, now: datetime) -> int:
    """Close the open flags of these pledges whose cause is gone; return how many.

    Runs in the transaction of each write to a pledge (settings.PLEDGE_EFFECTS). Episodes that
    begin are left to the sweep; the public badge needs neither.
    """
    closed = _ids(
        _CLOSE_WHAT_IS_NOT,
        {
            "now": now,
            "today": utc_date(now),
            "by": by.pk,
            "because": ClosedBecause.REVIEWED,
            "ids": list(pledge_ids),
        },
    )
    _record(closed, "closed", by=by, now=now)
    return len(closed)


@write
def assign_flag(*, flag: StaleFlag, to: User | None, by: User, now: datetime) -> StaleFlag:
    """Hand an open episode to a person, or to nobody. Raises NotOpen."""
    flag = _open_flag(flag)
    flag.assigned_to = to
    flag.save(update_fields=["assigned_to"])
    return flag


@write
def snooze_flag(
    *, flag: StaleFlag, until: datetime, reason: str, by: User, now: datetime
) -> StaleFlag:
    """Take an open episode off the desk until a moment, with a reason. Readers still see it.

    Raises NotOpen, and ValidationError without a reason or for a moment that has passed.
    """
    flag = _open_flag(flag)
    if until <= now:
        raise ValidationError({"snoozed_until": "Choose a day that is still to come."})
    flag.snoozed_until, flag.snooze_reason = until, reason.strip()
    flag.full_clean()
    flag.save(update_fields=["snoozed_until", "snooze_reason"])
    return flag


@write
def save_review_policy(*, policy: ReviewPolicy, by: User, now: datetime) -> ReviewPolicy:
    """Change how soon pledges of a rating are due; all their due dates follow at once."""
    editorial.store(policy)
    # The database computes the due date at every write of a pledge, this one included.
    Pledge.objects.filter(status=policy.status).update(review_due_on=None)
    return policy


def _open_flag(flag: StaleFlag) -> StaleFlag:
    flag = StaleFlag.objects.select_for_update().get(pk=flag.pk)
    if flag.closed_at is not None:
        raise NotOpen("This episode has ended already.")
    return flag


def _ids(statement: str, values: dict[str, Any]) -> list[int]:
    """Run a statement and return the ids it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def _record(ids: Sequence[int], verb: str, *, by: User, now: datetime) -> None:
    """Write one ledger entry for a batch of episodes, if there are any in public."""
    public = StaleFlag.objects.published().filter(pk__in=ids).values_list("pk", flat=True)
    rows = list(STALE_FLAGS.snapshots(public))
    if rows:
        change = Change(f"stale_flags:{verb}", "stale_flags", {"stale_flags": rows})
        append_entries(changes=[change], by=by, now=now)
