from dataclasses import asdict
from datetime import timedelta

from celery import shared_task

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.outbox.actions import forget_old, take_up_letters
from promises.outbox.sending import deliver_due


# No retries: beat rings again within seconds, and what is due stays due.
@shared_task(name="promises.outbox.tasks.deliver")
def deliver() -> dict[str, int]:
    """Take up the mails about logins, and deliver what is due; return how many went and failed."""
    by = service_account(name="dispatcher", display_name="Dispatcher")
    take_up_letters(by=by, now=database_clock())
    return asdict(deliver_due(by=by, clock=database_clock))


@shared_task(name="promises.outbox.tasks.forget")
def forget() -> int:
    """Delete what was sent more than 90 days ago; return how many."""
    by = service_account(name="dispatcher", display_name="Dispatcher")
    return forget_old(older_than=timedelta(days=90), by=by, now=database_clock())
