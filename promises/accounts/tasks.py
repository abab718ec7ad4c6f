from celery import shared_task

from promises.accounts.security import forget_attempts
from promises.common.clock import database_clock


@shared_task(name="promises.accounts.tasks.forget")
def forget() -> int:
    """Remove failed attempts that count no more; return how many."""
    return forget_attempts(now=database_clock())
