from celery import shared_task

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.editorial.actions import forget_unsaved


# No retries: the next day's reconciles everything.
@shared_task(name="promises.editorial.tasks.forget_unsaved_work")
def forget_unsaved_work() -> int:
    """Forget unsaved text that nobody has taken up; return how many sessions."""
    by = service_account(name="caretaker", display_name="Caretaker")
    return forget_unsaved(by=by, now=database_clock())
