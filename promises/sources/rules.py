"""What a check means for a link, and when it is checked again. Pure decisions."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from promises.sources.choices import LOST_SIGNS, LinkState, Verdict

# A link is dead, or lost, after so many failures, each at least so long after the one before.
FAILURES_NEEDED = 3
FAILURES_APART = timedelta(days=3)
WEEK = timedelta(days=7)
# A link that fails is asked daily: any good answer in between ends the count.
_FAILING = timedelta(days=1)
_LOST = timedelta(days=28)
_OUTAGE = timedelta(hours=1)
# The wait that a server asks for is kept within these.
_SHORTEST, _LONGEST = timedelta(hours=1), timedelta(days=30)
# How far checks are spread, so that what was entered together is not checked together.
_SPREAD = 0.15


@dataclass(frozen=True)
class Standing:
    """What is known of a link: `failed_by` is the verdict of the last failure that counted."""

    state: str = LinkState.UNCHECKED
    failures: int = 0
    failed_by: str = ""
    first_failed_at: datetime | None = None
    last_failed_at: datetime | None = None
    lost_at: datetime | None = None


def standing_after(before: Standing, verdict: Verdict, now: datetime) -> Standing:
    """Return what is known of a link after one more check."""
    if verdict == Verdict.NO_NETWORK:
        return before
    if verdict == Verdict.OK:
        return Standing(LinkState.THERE)
    if verdict.is_dead_sign or verdict.is_lost_sign:
        return _after_failure(before, verdict, now)
    return _after_refusal(before, verdict)


def _after_failure(before: Standing, verdict: Verdict, now: datetime) -> Standing:
    is_counted = before.last_failed_at is None or now - before.last_failed_at >= FAILURES_APART
    failures = min(before.failures + is_counted, FAILURES_NEEDED)
    is_lost = failures >= FAILURES_NEEDED
    lost = LinkState(str(verdict)) if verdict.is_lost_sign else LinkState.DEAD
    return Standing(
        state=lost if is_lost else LinkState.FAILING,
        failures=failures,
        failed_by=verdict if is_counted else before.failed_by,
        first_failed_at=before.first_failed_at or now,
        last_failed_at=now if is_counted else before.last_failed_at,
        lost_at=(before.lost_at or now) if is_lost else None,
    )


def _after_refusal(before: Standing, verdict: Verdict) -> Standing:
    """A server that refuses us lives, and says nothing about the page.

    So what a server said of the page before stands, and silence before is over.
    """
    has_spoken = before.failed_by in (Verdict.GONE, *LOST_SIGNS)
    if before.lost_at is not None and has_spoken:
        return before
    kept = before if has_spoken else Standing()
    return replace(kept, state=LinkState(str(verdict)), lost_at=None)


def pause_after(
    standing: Standing, verdict: Verdict, *, chance: float, asked: timedelta | None
) -> timedelta:
    """Return how long until the next check. `asked` is the wait that the server asks for.

    `chance` between 0 and 1 spreads the checks.
    """
    if verdict == Verdict.NO_NETWORK:
        pause = _OUTAGE
    elif standing.lost_at is not None:
        pause = _LOST
    elif standing.failures or verdict == Verdict.RATE_LIMITED:
        pause = _FAILING
    else:
        pause = WEEK
    spread = pause * (1 + _SPREAD * (chance - 0.5))
    if asked is None:
        return spread
    return max(
        spread if verdict != Verdict.RATE_LIMITED else asked, min(asked, _LONGEST), _SHORTEST
    )


def in_short(text: str, *, limit: int) -> str:
    """Return a text cut to a length for a column."""
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"
