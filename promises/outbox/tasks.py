from dataclasses import asdict
from datetime import timedelta

from celery import shared_task

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.outbox.actions import forget_old
from promises.outbox.sending import dispatch


# No retries: beat rings again within seconds, and what is due stays due.
@shared_task(name="promises.outbox.tasks.deliver")
def deliver() -> dict[str, int]:
    """Deliver what is due; return how many went and how many failed."""
    by = service_account(name="dispatcher", display_name="Dispatcher")
    return asdict(dispatch(by=by, clock=database_clock))


@shared_task(name="promises.outbox.tasks.forget")
def forget() -> int:
    """Delete what was sent more than 90 days ago; return how many."""
    by = service_account(name="dispatcher", display_name="Dispatcher")
    return forget_old(older_than=timedelta(days=90), by=by, now=database_clock())
