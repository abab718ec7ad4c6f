from celery import shared_task

from promises.accounts.actions import service_account
from promises.alerts.actions import forget_unconfirmed
from promises.alerts.telling import tell as tell_followers
from promises.common.clock import database_clock


# No retries: beat rings again within seconds, and each call does all there is to do.
@shared_task(name="promises.alerts.tasks.tell")
def tell() -> int:
    """Write the mails that are due to followers; return how many."""
    by = service_account(name="dispatcher", display_name="Dispatcher")
    return tell_followers(by=by, clock=database_clock)


@shared_task(name="promises.alerts.tasks.forget")
def forget() -> int:
    """Erase what nobody confirmed in time; return how many."""
    by = service_account(name="dispatcher", display_name="Dispatcher")
    return forget_unconfirmed(by=by, now=database_clock())
