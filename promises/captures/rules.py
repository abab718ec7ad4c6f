"""When what could not be captured is tried again. Pure arithmetic."""

from datetime import timedelta

from promises.sources.choices import Verdict

# A source that is unreachable today may be back next month: the last pause repeats for ever.
PAUSES = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=14),
    timedelta(days=30),
)
# How long a worker that may have died keeps a capture to itself: longer than fetching (20 s),
# reading and printing it can take together.
LEASE = timedelta(minutes=4)
# What a person may upload, in bytes.
LARGEST_UPLOAD = 25_000_000
# What an upload may be, by its bytes.
ACCEPTED = frozenset(
    {
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/csv",
        "text/html",
        "text/plain",
    }
)
# What came is no copy, but an hour later it may be.
TRY_AGAIN = frozenset({Verdict.RATE_LIMITED, Verdict.SERVER_ERROR, Verdict.UNREACHABLE})
# Why no copy came, where our own disk was full.
NO_ROOM = "no_room"


def pause_after(attempts: int, chance: float, code: str = "") -> timedelta:
    """Return how long to wait after this many tries, the last of which failed by `code`.

    A full disk is no fault of the source: the pause is always the first one then.
    `chance` between 0 and 1 spreads the tries by up to a fifth, so that what failed together
    does not come back together.
    """
    number = 1 if code == NO_ROOM else min(attempts, len(PAUSES))
    return PAUSES[number - 1] * (1 + chance / 5)
