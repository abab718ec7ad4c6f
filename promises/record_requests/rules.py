"""Counts the days of a law, and says where a request stands. Pure decisions."""

from collections.abc import Collection
from datetime import date, timedelta

_SATURDAY = 5
# No law gives an office longer than this many days.
MOST_DAYS = 366


def day_due(start: date, days: int, *, is_business: bool, days_off: Collection[date]) -> date:
    """Return the last of so many days after the start, which itself does not count.

    Of business days only Monday to Friday count, without the days off.
    """
    if not is_business:
        return start + timedelta(days=days)
    day = start
    while days:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and day not in days_off:
            days -= 1
    return day


def stage_of(
    *,
    answered_on: date | None,
    withdrawn_on: date | None,
    appealed_on: date | None,
    appeal_decided_on: date | None,
) -> str:
    """Return where a request stands (choices.Stage): an appeal reopens what was answered."""
    if withdrawn_on:
        return "withdrawn"
    if appeal_decided_on:
        return "decided"
    if appealed_on:
        return "appealed"
    return "answered" if answered_on else "waiting"
