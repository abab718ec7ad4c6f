from dataclasses import asdict

from celery import shared_task

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.discovery.reading import read_due


# No retries: beat rings again within the minute, and what is due stays due.
@shared_task(name="promises.discovery.tasks.read_feeds")
def read_feeds() -> dict[str, int]:
    """Read the feeds that are due and match what came; return how many of each."""
    by = service_account(name="reader", display_name="Reader of feeds")
    return asdict(read_due(by=by, clock=database_clock))
