"""Decisions about staleness that need no database."""

from datetime import date, timedelta

# A heartbeat may be this many intervals late before it counts as missed.
SWEEP_INTERVALS = 3
SOURCE_INTERVALS = 2

# The first word found in what a source says of its rhythm decides, the more frequent ones first.
_CADENCES = (
    (("nightly", "daily", "every day"), 1),
    (("week",), 7),
    (("month",), 31),
    (("quarter",), 92),
    (("half-year", "half year", "twice a year"), 183),
    (("year", "annual"), 366),
)


def cadence_days(words: str) -> int | None:
    """Return after how many days a source should have new figures, or None if it never will."""
    said = words.lower()
    if "one-off" in said:
        return None
    return next((days for names, days in _CADENCES if any(name in said for name in names)), None)


def silent_from(newest_on: date, cadence: str) -> date | None:
    """Return the day from which a source counts as silent, or None if it need not speak."""
    days = cadence_days(cadence)
    return None if days is None else newest_on + timedelta(days=SOURCE_INTERVALS * days + 1)


def sweep_is_late(*, age: timedelta, interval_seconds: int) -> bool:
    """Return whether the last sweep is so old that the next ones must have been missed."""
    return age > timedelta(seconds=SWEEP_INTERVALS * interval_seconds)


# Ages of episodes on the public page: from so many days on, in words of the page.
AGE_STEPS = (0, 30, 90, 180, 365, 730)


def age_counts(ages: dict[int, int]) -> list[tuple[int, int | None, int]]:
    """Return (from day, up to day, how many) for each step of a histogram of ages in days."""
    ends: tuple[int | None, ...] = (*AGE_STEPS[1:], None)
    return [
        (start, end, sum(count for age, count in ages.items() if _is_within(age, start, end)))
        for start, end in zip(AGE_STEPS, ends, strict=True)
    ]


def _is_within(age: int, start: int, end: int | None) -> bool:
    return age >= start and (end is None or age < end)
