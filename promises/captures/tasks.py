from dataclasses import asdict

from celery import shared_task

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.captures.actions import ask_for_missing
from promises.captures.capturing import capture_due
from promises.captures.scrubbing import scrub as scrub_all
from promises.common.clock import database_clock

# Asked for in one go: what is more waits for the next minute.
_ASKED_AT_ONCE = 500


# No retries: beat rings again within a minute, and what is due stays due.
@shared_task(name="promises.captures.tasks.capture")
def capture() -> dict[str, int]:
    """Ask for the copies that are missing, and make those that are due."""
    by = _capturer()
    ask_for_missing(limit=_ASKED_AT_ONCE, by=by, now=database_clock())
    return asdict(capture_due(by=by, clock=database_clock))


@shared_task(name="promises.captures.tasks.sign")
def sign() -> int:
    """Have copies signed by the timestamp authority; return how many were."""
    # What reads signatures takes ten megabytes; without an authority nobody needs it.
    from promises.captures.signing import sign_copies

    return sign_copies(by=_capturer(), clock=database_clock)


# A store of many gigabytes takes a night to read.
@shared_task(name="promises.captures.tasks.scrub", time_limit=8 * 3600)
def scrub() -> dict[str, int]:
    """Read every stored file again; return how many were read and are damaged, and parts gone."""
    return asdict(scrub_all(by=_capturer(), clock=database_clock))


def _capturer() -> User:
    return service_account(name="capturer", display_name="Capturer")
