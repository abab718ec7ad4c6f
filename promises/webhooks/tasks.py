from celery import shared_task

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.common.clock import database_clock
from promises.webhooks.actions import forget_messages
from promises.webhooks.feeding import read_ledger
from promises.webhooks.sending import dispatch

# How long a worker waits for its dispatchers before it goes on to other work, in seconds.
PATIENCE = 2.0


def _dispatcher() -> User:
    return service_account(name="dispatcher", display_name="Dispatcher")


# No retries: beat rings again within seconds, and what is due stays due.
@shared_task(name="promises.webhooks.tasks.deliver")
def deliver() -> int:
    """Read on in the ledger and send what is due; return how many dispatchers were started."""
    by = _dispatcher()
    while read_ledger(by=by, now=database_clock()):
        pass
    return dispatch(by=by, clock=database_clock, patience=PATIENCE)


@shared_task(name="promises.webhooks.tasks.forget")
def forget() -> int:
    """Delete what was settled more than 90 days ago; return how many messages."""
    return forget_messages(by=_dispatcher(), now=database_clock())
