from celery import shared_task

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.suggestions.actions import erase_senders
from promises.suggestions.once import forget_names
from promises.suggestions.suggesting import erase_suggesters


# No retries: beat sends the next one within the hour, and each one erases all that is due.
@shared_task(name="promises.suggestions.tasks.erase")
def erase() -> int:
    """Erase who sent the challenges and suggestions that were closed long ago; return how many."""
    by = service_account(name="sweep", display_name="Periodic sweep")
    now = database_clock()
    forget_names(by=by, now=now)
    return erase_senders(by=by, now=now) + erase_suggesters(by=by, now=now)
