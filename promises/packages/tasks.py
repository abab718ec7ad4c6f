from celery import shared_task

from promises.common.clock import database_clock
from promises.packages.keeping import keep_package


# No retries: beat rings again in minutes. A large record takes longer than other tasks may.
@shared_task(name="promises.packages.tasks.keep", time_limit=4 * 3600)
def keep() -> bool:
    """Make today's package if the record has changed since the last; tell whether one was made."""
    return keep_package(now=database_clock())
