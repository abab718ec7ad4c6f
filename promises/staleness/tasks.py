from celery import shared_task

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.common.failpoints import failpoint
from promises.staleness.digests import write_digests
from promises.staleness.heartbeats import note_missing_sweep, sweep_on_schedule


# No retries: beat sends the next one within a minute, and each one reconciles everything.
@shared_task(name="promises.staleness.tasks.sweep")
def sweep() -> int:
    """Open and close flags; return how many episodes changed."""
    by = service_account(name="sweep", display_name="Periodic sweep")
    swept = sweep_on_schedule(by=by, now=database_clock())
    failpoint("swept")
    return swept.opened + swept.closed


@shared_task(name="promises.staleness.tasks.digests")
def digests() -> int:
    """Write the day's digests of whoever has not got one; return how many."""
    by = service_account(name="sweep", display_name="Periodic sweep")
    return write_digests(by=by, now=database_clock())


@shared_task(name="promises.staleness.tasks.watch")
def watch() -> bool:
    """Note it when sweeps stay away; tell whether they do."""
    by = service_account(name="sweep", display_name="Periodic sweep")
    return note_missing_sweep(by=by, now=database_clock())
