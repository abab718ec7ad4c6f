from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models.functions import Now

from promises.accounts.models import User
from promises.common import locks
from promises.common.dates import utc_date
from promises.common.failpoints import failpoint
from promises.common.numbers import array_of
from promises.common.refusals import Refused
from promises.common.text import without_control_characters
from promises.common.writes import write
from promises.ledger.actions import Change, append_entries
from promises.pledges.actions import lock_pledges
from promises.staleness.choices import ClosedBecause
from promises.staleness.columns import STALE_FLAGS
from promises.staleness.models import StaleFlag, Sweep
from promises.staleness.rules import LONGEST_SNOOZE

# Flags are written after their pledges are locked, with the lock of everybody who writes: a review
# holds its pledge while it closes flags. Only pledges are locked whose flags are not as is due, and
# flags of these only are written: one that begins to differ meanwhile is left to the next sweep.
_LOCK_WHAT_DIFFERS = """
    WITH differs AS MATERIALIZED (
        SELECT coalesce(due.pledge_id, flag.pledge_id) AS pledge_id, CASE
            WHEN flag.id IS NULL THEN 'open'
            WHEN due.pledge_id IS NULL THEN 'close'
            WHEN (flag.stale_since, flag.facts) IS DISTINCT FROM (due.due_on, due.facts)
                THEN 'follow'
            ELSE 'escalate' END AS step
        FROM (
            SELECT * FROM staleness_due due WHERE due.flag_on <= %(today)s
                AND (due.until_on IS NULL OR due.until_on > %(today)s)
        ) due
        FULL JOIN (SELECT * FROM staleness_staleflag WHERE closed_at IS NULL) flag
            ON flag.pledge_id = due.pledge_id AND flag.reason = due.reason
        WHERE flag.id IS NULL OR due.pledge_id IS NULL
            OR (flag.stale_since, flag.facts) IS DISTINCT FROM (due.due_on, due.facts)
            OR flag.escalated_at IS NULL
                AND NOT EXISTS (
                    SELECT FROM accounts_user person
                    WHERE person.id = due.escalation_to_id AND NOT person.is_active
                ) AND due.escalate_on - due.flag_on
                    <= %(today)s::date - (flag.opened_at AT TIME ZONE 'UTC')::date
                AND (flag.snoozed_until IS NULL OR flag.snoozed_until <= %(now)s)
    ), locked AS MATERIALIZED (
        SELECT id FROM pledges_pledge WHERE id IN (SELECT pledge_id FROM differs)
        ORDER BY id FOR NO KEY UPDATE
    )
    SELECT step, array_agg(locked.id) FROM differs JOIN locked ON locked.id = differs.pledge_id
    GROUP BY step
"""
# The statements reconcile flags with the view staleness_due: run late, twice or by two workers at
# once they end in the same rows. An open episode is found again by its partial unique index. The
# planner knows how many `= ANY` are; of rows it would expect 200, and look up thousands one by one.
_OPEN_WHAT_IS_DUE = """
    INSERT INTO staleness_staleflag (
        pledge_id, reason, stale_since, opened_at, assigned_to_id, facts, snooze_reason,
        closed_because
    )
    SELECT due.pledge_id, due.reason, due.due_on, %(now)s, owner.id, due.facts, '', ''
    FROM staleness_due due
    LEFT JOIN accounts_user owner ON owner.id = due.owner_id AND owner.is_active
    WHERE due.pledge_id = ANY(%(ids)s::bigint[])
        AND due.flag_on <= %(today)s AND (due.until_on IS NULL OR due.until_on > %(today)s)
    ORDER BY due.pledge_id
    ON CONFLICT (pledge_id, reason) WHERE closed_at IS NULL DO NOTHING
    RETURNING id
"""
# The cause is still there, but what it rests on has moved: the episode goes on and says so.
_FOLLOW_WHAT_MOVED = """
    UPDATE staleness_staleflag flag SET stale_since = due.due_on, facts = due.facts
    FROM staleness_due due
    WHERE flag.closed_at IS NULL AND flag.pledge_id = ANY(%(ids)s::bigint[])
        AND due.pledge_id = flag.pledge_id AND due.reason = flag.reason
        AND due.flag_on <= %(today)s AND (due.until_on IS NULL OR due.until_on > %(today)s)
        AND (flag.stale_since, flag.facts) IS DISTINCT FROM (due.due_on, due.facts)
    RETURNING flag.id
"""
_CLOSE_WHAT_IS_NOT = """
    UPDATE staleness_staleflag flag
    SET closed_at = %(now)s, closed_by_id = %(by)s, closed_because = %(because)s
    WHERE flag.closed_at IS NULL AND flag.pledge_id = ANY(%(ids)s::bigint[])
        AND NOT EXISTS (
            SELECT FROM staleness_due due
            WHERE due.pledge_id = flag.pledge_id AND due.reason = flag.reason
                AND due.flag_on <= %(today)s
                AND (due.until_on IS NULL OR due.until_on > %(today)s)
        )
    RETURNING flag.id
"""
# Once an episode, as many days after it was opened as the policy gives, and not while it is
# snoozed: someone has looked at that one. While it would go to a person who has left it waits, for
# it happens once; where a policy names nobody, everybody is meant. Looked up flag by flag: right
# after a first sweep the planner knows nothing of the flags and would compare each with all.
_ESCALATE = """
    UPDATE staleness_staleflag flag
    SET escalated_at = %(now)s, escalated_to_id = (
        SELECT person.id FROM staleness_due due
        JOIN accounts_user person ON person.id = due.escalation_to_id AND person.is_active
        WHERE due.pledge_id = flag.pledge_id AND due.reason = flag.reason
    )
    WHERE flag.closed_at IS NULL AND flag.escalated_at IS NULL
        AND flag.pledge_id = ANY(%(ids)s::bigint[])
        AND NOT EXISTS (
            SELECT FROM staleness_due due
            JOIN accounts_user person ON person.id = due.escalation_to_id
            WHERE due.pledge_id = flag.pledge_id AND due.reason = flag.reason
                AND NOT person.is_active
        )
        AND (flag.snoozed_until IS NULL OR flag.snoozed_until <= %(now)s)
        AND %(today)s::date - (flag.opened_at AT TIME ZONE 'UTC')::date >= (
            SELECT due.escalate_on - due.flag_on FROM staleness_due due
            WHERE due.pledge_id = flag.pledge_id AND due.reason = flag.reason
        )
    RETURNING flag.id
"""

# Of episodes just opened the planner knows nothing: it would walk along all pledges beside them,
# and expect to be through as soon as with the older ones. To the end of the transaction.
_LOOK_UP_PLEDGES = "SELECT set_config('enable_mergejoin', 'off', true)"

_STEPS = {
    "open": _OPEN_WHAT_IS_DUE,
    "follow": _FOLLOW_WHAT_MOVED,
    "close": _CLOSE_WHAT_IS_NOT,
    "escalate": _ESCALATE,
}
_ENDED = "This episode has ended already."
_AS_IT_IS = "Nothing would change: it stands like that already."


class NotOpen(Refused):
    """The episode has ended already."""


class AsItIs(Refused):
    """The episode stands already as it was to be."""


@dataclass(frozen=True)
class Swept:
    """What a sweep did: the episodes it opened, closed, moved along and escalated."""

    opened: int
    closed: int
    moved: int = 0
    escalated: int = 0


@write
def sweep_stale(*, by: User, now: datetime) -> Swept:
    """Open a flag for every reason due at `now`, and close every flag whose cause is gone.

    1. Take the sweep's lock: a second sweep waits and then finds nothing to do.
    2. Lock the pledges whose flags differ from what is due; if there are none, that was it.
    3. Open, follow, close and escalate in one statement each over stored due dates.
    4. Write one ledger entry for what was opened, one for what moved, one for what was closed.
    """
    lock_sweep()
    times = {"now": now, "today": utc_date(now)}
    swept = Swept(0, 0)
    if differing := dict(_rows(_LOCK_WHAT_DIFFERS, times)):
        swept = _reconcile(differing, times, by=by, now=now)
    # By the clock that all hosts share, whatever moment it swept for: one that lies ahead would
    # hide that no sweep runs.
    Sweep.objects.create(swept_for=now, finished_at=Now(), opened=swept.opened, closed=swept.closed)
    return swept


def _reconcile(
    differing: dict[str, list[int]], times: dict[str, Any], *, by: User, now: datetime
) -> Swept:
    """Take the steps that make the open episodes equal to what is due; tell the ledger.

    `differing` holds under each step the ids of the locked pledges that need it.
    """
    closing = {"by": by.pk, "because": ClosedBecause.CAUSE_GONE}
    _rows(_LOOK_UP_PLEDGES, {})
    # What is moved along may be due for escalation as well.
    differing["escalate"] = differing.get("escalate", []) + differing.get("follow", [])
    done: dict[str, list[int]] = {}
    for step, statement in _STEPS.items():
        if ids := differing.get(step):
            values = {**times, **closing, "ids": array_of(ids)}
            done[step] = _first_column(statement, values)
            failpoint(step)
    for step, verb in (("open", "opened"), ("follow", "moved"), ("close", "closed")):
        _record(done.get(step, []), verb, by=by, now=now)
    failpoint("recorded")
    return Swept(*(len(done.get(step, [])) for step in ("open", "close", "follow", "escalate")))


@write
def settle_flags(*, pledge_ids: Collection[int], by: User, now: datetime) -> int:
    """Close the open flags of these pledges whose cause is gone; return how many.

    Runs in the transaction of each write to a pledge (settings.PLEDGE_EFFECTS). Episodes that
    begin are left to the sweep; the public badge needs neither.
    """
    return _settle(pledge_ids, ClosedBecause.CAUSE_GONE, by=by, now=now)


@write
def settle_reviewed_flags(*, pledge_ids: Collection[int], by: User, now: datetime) -> int:
    """Close them as settle_flags does, after a person's look at these pledges."""
    return _settle(pledge_ids, ClosedBecause.REVIEWED, by=by, now=now)


def _settle(pledge_ids: Collection[int], because: str, *, by: User, now: datetime) -> int:
    values = {"now": now, "today": utc_date(now), "by": by.pk, "because": because}
    closed = _first_column(_CLOSE_WHAT_IS_NOT, {**values, "ids": array_of(pledge_ids)})
    _record(closed, "closed", by=by, now=now)
    return len(closed)


@write
def assign_flags(
    *, flags: Iterable[StaleFlag], to: User | None, by: User, now: datetime
) -> list[StaleFlag]:
    """Hand open episodes to a person, or to nobody: all or none. Raises NotOpen, AsItIs."""
    return _change_open(flags, assigned_to_id=None if to is None else to.pk)


@write
def snooze_flags(
    *, flags: Iterable[StaleFlag], until: datetime, reason: str, by: User, now: datetime
) -> list[StaleFlag]:
    """Take open episodes off the desk until a moment, with a reason: all or none.

    Readers still see them. Raises NotOpen, AsItIs, and ValidationError without a reason, and for
    a moment that has passed or is more than a year off.
    """
    if until <= now:
        raise ValidationError({"snoozed_until": "Choose a day that is still to come."})
    if until > now + LONGEST_SNOOZE:
        raise ValidationError({"snoozed_until": "Choose a day within a year. Then it comes back."})
    if not reason.strip():
        raise ValidationError({"snooze_reason": "Say why it can wait."})
    without_control_characters(reason)
    return _change_open(flags, snoozed_until=until, snooze_reason=reason.strip())


def lock_sweep() -> None:
    """Wait until no other sweep runs; the lock is held to the end of the transaction."""
    locks.wait_for(locks.SWEEP)


def _change_open(flags: Iterable[StaleFlag], **values: Any) -> list[StaleFlag]:
    """Lock these episodes and give them these values, in three statements.

    Their pledges come first: whoever ends episodes holds those, and meets their rows in any order.
    Raises NotOpen, which names each that has ended, or AsItIs, which names each that these values
    would leave as it is, before anything is written.
    """
    asked = StaleFlag.objects.filter(pk__in=[flag.pk for flag in flags]).order_by("pk")
    lock_pledges(asked.order_by().values_list("pledge_id", flat=True).distinct())
    locked = list(asked.select_for_update())
    ended = {flag.pk: _ENDED for flag in locked if flag.closed_at is not None}
    if ended:
        raise NotOpen(_ENDED, rows=ended)
    given = values.items()
    if same := [flag for flag in locked if all(getattr(flag, name) == new for name, new in given)]:
        raise AsItIs(_AS_IT_IS, rows=dict.fromkeys((flag.pk for flag in same), _AS_IT_IS))
    asked.update(**values)
    for flag in locked:
        for name, value in given:
            setattr(flag, name, value)
    return locked


def _first_column(statement: str, values: dict[str, Any]) -> list[int]:
    """Run a statement and return the first column of what it says: the ids it wrote."""
    return [row[0] for row in _rows(statement, values)]


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _record(ids: Sequence[int], verb: str, *, by: User, now: datetime) -> None:
    """Write one ledger entry for a batch of episodes, if there are any in public."""
    among = StaleFlag.objects.published
    if ids and (rows := list(STALE_FLAGS.snapshots(ids, among=among))):
        change = Change(f"stale_flags:{verb}", "stale_flags", {"stale_flags": rows})
        append_entries(changes=[change], by=by, now=now)
