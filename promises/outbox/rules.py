"""When a delivery that failed is tried again, and when it is no longer sent."""

from datetime import timedelta

# Nine tries over 72 hours and 36 minutes; then a person has to look.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=16),
    timedelta(hours=24),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(PAUSES) + 1
# How long a dispatcher that may have died keeps a delivery to itself: longer than a courier may
# take, shorter than a sweep's interval, within which everything is to recover.
LEASE = timedelta(seconds=45)
# A run takes nothing up after so long, so that other work has its turn; the next begins soon. What
# it has in hand then is over long before a task is ended for taking too long.
ROUND = timedelta(seconds=20)
# So many threads help a run, one for each ten deliveries that wait.
HELPERS, FOR_A_HELPER = 3, 10
# After how many seconds each it is tried to note that something was taken while the database is
# away: altogether not longer than a lease.
NOTED_AGAIN = (0.5, 1, 2, 4, 8, 16)
# So often something may be in hand when its dispatcher dies, and goes again as soon as the lease is
# over: hosts fall and are switched off. After that it may be the cause, and waits between tries.
UNSUSPECTED = 3
# How long one mail may take from the first byte to the last: then we hang up.
LONGEST_MAIL = timedelta(seconds=35)
# How long nothing is tried at a place that does not answer: each try keeps a worker for as long as
# a courier waits, and there are other things to do.
SILENCE = timedelta(seconds=30)


class NothingToSend(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """A courier found that what it was to tell is gone, or nobody wants to hear it any more."""


def pause_after(attempts: int, chance: float) -> timedelta | None:
    """Return how long to wait after this many tries, or None when there is no further one.

    `chance` between 0 and 1 spreads the tries by up to a tenth, so that what failed together
    does not come back together.
    """
    if attempts > len(PAUSES):
        return None
    return PAUSES[attempts - 1] * (1 + chance / 10)


def pause_if_it_dies(claims: int) -> timedelta | None:
    """Return how long to wait after what was taken for so many times, if nothing comes of it.

    None where it goes again at once, or is given up after that.
    """
    return pause_after(claims - UNSUSPECTED, 0) if UNSUSPECTED < claims < MOST_ATTEMPTS else None
