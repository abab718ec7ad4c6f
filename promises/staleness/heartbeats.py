"""What must not stay away unnoticed: the sweep itself, and figures of sources."""

from datetime import UTC, datetime, time

from django.conf import settings

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.common.writes import write
from promises.staleness.actions import Swept, lock_sweep, sweep_stale
from promises.staleness.choices import Heartbeat
from promises.staleness.models import Lapse, SourceBeat, Sweep
from promises.staleness.rules import sweep_is_late


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
