from celery import shared_task

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.sources.checking import check_due


# No retries: beat rings again within a minute, and what is due stays due.
@shared_task(name="promises.sources.tasks.check")
def check() -> dict[str, int]:
    """Visit the sources that are due; return how many visits had which verdict."""
    by = service_account(name="link-checker", display_name="Link checker")
    return dict(check_due(by=by, clock=database_clock).verdicts)
