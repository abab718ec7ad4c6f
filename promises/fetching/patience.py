"""How long a server asks to be left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Whoever names a longer wait means: for ever. Each caller has a limit of its own below it.
_LONGEST = timedelta(days=115)


def asked_wait(retry_after: str, now: datetime, *, date: str = "") -> timedelta | None:
    """Return the wait that a Retry-After header asks for; None where it asks for none.

    It is a number of seconds or a moment (RFC 9110, 10.2.3). A moment is one of the server's
    clock: it counts from when the server says that it answered (`date`), else from now.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), _LONGEST)
    until = _moment(text)
    if until is None:
        return None
    return min(max(until - (_moment(date) or now), timedelta(0)), _LONGEST)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
