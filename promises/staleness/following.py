"""What goes with the sweep: days and limits that editors set, and the heartbeats."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.common.effects import pledges_changed
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.pledges.actions import lock_pledges
from promises.pledges.models import Pledge
from promises.staleness.actions import Swept, lock_sweep, sweep_stale
from promises.staleness.choices import Heartbeat
from promises.staleness.models import Lapse, MetricLimit, ReviewBy, ReviewPolicy, SourceBeat, Sweep
from promises.staleness.rules import sweep_is_late

# Pledges computed at once.
PART = 20_000


class SitePolicyStays(Refused):
    """The rows of the whole site are changed, not deleted."""


@write
def set_review_by(
    *, pledge: Pledge, review_by_on: date, reason: str, by: User, now: datetime
) -> ReviewBy:
    """Set the day by which someone should look at a published pledge again, and say why.

    Readers see the day, the desk also the reason. The next look ends it; a new day replaces it.
    Raises WrongState, and ValidationError without a reason or for a day that has passed.
    """
    (pledge,) = lock_pledges([pledge.pk])
    editorial.require_state(pledge, State.PUBLISHED)
    if review_by_on < utc_date(now):
        raise ValidationError({"review_by_on": _("Choose a day that is still to come.")})
    found = ReviewBy.objects.select_for_update().filter(pledge=pledge).first()
    wanted = found or ReviewBy(pledge=pledge)
    wanted.review_by_on, wanted.reason = review_by_on, reason.strip()
    wanted.set_by, wanted.set_at = by, now
    editorial.store(wanted)
    pledges_changed(pledge_ids=[pledge.pk], by=by, now=now)
    return wanted


@write
def clear_review_by(*, pledge: Pledge, by: User, now: datetime) -> None:
    """Take such a day back before anyone looked."""
    lock_pledges([pledge.pk])
    ReviewBy.objects.filter(pledge=pledge).delete()
    pledges_changed(pledge_ids=[pledge.pk], by=by, now=now)


@write
def save_metric_limit(*, limit: MetricLimit, by: User, now: datetime) -> MetricLimit:
    """Set the value from which a figure calls for another look. Raises ValidationError."""
    lock_pledges([limit.pledge_id])
    editorial.store(limit)
    pledges_changed(pledge_ids=[limit.pledge_id], by=by, now=now)
    return limit


@write
def delete_metric_limit(*, limit: MetricLimit, by: User, now: datetime) -> None:
    """Let a figure go where it will."""
    lock_pledges([limit.pledge_id])
    pledge_id = limit.pledge_id
    limit.delete()
    pledges_changed(pledge_ids=[pledge_id], by=by, now=now)


@write
def delete_review_policy(*, policy: ReviewPolicy, by: User, now: datetime) -> None:
    """Let a place follow the level above it again. Raises SitePolicyStays."""
    if ReviewPolicy.objects.of_the_site().filter(pk=policy.pk).exists():
        raise SitePolicyStays("This holds for the whole site: change it instead.")
    policy.delete()


@write
def sweep_on_schedule(*, by: User, now: datetime) -> Swept:
    """Sweep, and note first which heartbeats have stayed away since the last time."""
    lock_sweep()
    note_heartbeats(by=by, now=now)
    return sweep_stale(by=by, now=now)


@write
def note_missing_sweep(*, by: User, now: datetime) -> bool:
    """Open an episode when sweeps stay away; tell whether they do.

    For whoever lives while no worker does. The sweep that ends the silence ends the episode.
    """
    newest = Sweep.objects.newest()
    if newest is None or not sweep_is_late(
        age=now - newest.finished_at, interval_seconds=settings.SWEEP_SECONDS
    ):
        return False
    silence = Lapse(heartbeat=Heartbeat.SWEEP, silent_since=newest.finished_at, found_at=now)
    Lapse.objects.bulk_create([silence], ignore_conflicts=True)
    return True


@write
def note_heartbeats(*, by: User, now: datetime) -> None:
    """Open and end the episodes of missed heartbeats: of the sweep itself, and of sources.

    Called by a sweep: where nobody noted that it was missing it does so itself, and ends that.
    """
    note_missing_sweep(by=by, now=now)
    Lapse.objects.open().filter(heartbeat=Heartbeat.SWEEP).update(ended_at=now)
    silent = SourceBeat.objects.silent_on(utc_date(now))
    lasting = Lapse.objects.open().filter(heartbeat=Heartbeat.SOURCE)
    lasting.exclude(name__in=silent).update(ended_at=now)
    known = set(lasting.values_list("name", flat=True))
    Lapse.objects.bulk_create(
        [
            Lapse(
                heartbeat=Heartbeat.SOURCE,
                name=slug,
                silent_since=datetime.combine(day, time(), UTC),
                found_at=now,
            )
            for slug, day in silent.items()
            if slug not in known
        ],
        ignore_conflicts=True,
    )


def recompute_due_dates() -> Iterator[tuple[int, int]]:
    """Compute every due date anew, a transaction a part; yield how many of how many are done.

    No write of the record: it makes derived rows what they are by definition. For when someone
    switched the triggers off.
    """
    ids = list(Pledge.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        with connection.cursor() as cursor:
            cursor.execute("SELECT staleness_derive(%s)", [part])
        yield start + len(part), len(ids)
