"""Decisions about staleness that need no database."""

from datetime import timedelta

# The sweep may be this many intervals late before the next ones count as missed.
SWEEP_INTERVALS = 3
# What can wait longer is looked at first. A year typed wrong would hide an episode for good.
LONGEST_SNOOZE = timedelta(days=366)


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
