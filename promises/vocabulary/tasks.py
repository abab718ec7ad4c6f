from celery import shared_task

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.vocabulary.gathering import gather_words


# No retries: beat rings again within the minute, and each call brings in all there is.
@shared_task(name="promises.vocabulary.tasks.gather")
def gather() -> int:
    """Gather the words of published texts if there is anything new; return how many changed."""
    by = service_account(name="words", display_name="Gatherer of words")
    return gather_words(by=by, now=database_clock())
