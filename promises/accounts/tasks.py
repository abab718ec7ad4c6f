from celery import shared_task

from promises.accounts.security import forget_attempts
from promises.accounts.sending import send_waiting_letters
from promises.common.clock import database_clock


# No retries: beat sends the next one in a moment.
@shared_task(name="promises.accounts.tasks.send_letters")
def send_letters() -> int:
    """Send the mails about logins that wait; return how many."""
    return send_waiting_letters(clock=database_clock)


@shared_task(name="promises.accounts.tasks.forget")
def forget() -> int:
    """Remove failed attempts that count no more; return how many."""
    return forget_attempts(now=database_clock())
