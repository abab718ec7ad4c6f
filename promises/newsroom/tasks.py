from celery import shared_task

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.newsroom import publishing


# No retries: beat sends the next one within seconds, and each one does all that is due.
@shared_task(name="promises.newsroom.tasks.publish_due")
def publish_due() -> int:
    """Publish what is due; return how many items became public."""
    by = service_account(name="publication-clock", display_name="Planned publication")
    return publishing.publish_due(by=by, now=database_clock()).published
