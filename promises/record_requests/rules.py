"""Counts the days of a law, and says where a request stands. Pure decisions."""

from collections.abc import Collection
from datetime import date, timedelta

from promises.common.refusals import Refused

_SATURDAY = 5
# No law gives an office longer than this many days.
MOST_DAYS = 366


class NotCounted(Refused):
    """The day of the law cannot be counted; someone has to enter it, or say that there is none."""


def counted_due(
    filed_on: date,
    *,
    days: int | None,
    is_business: bool,
    days_off: Collection[date],
    days_off_end_on: date | None,
) -> date:
    """Return the day by which a law wants an answer. Raises NotCounted rather than guess."""
    if days is None:
        raise NotCounted(
            "This law gives no number of days. Enter the day, or say that the law names none."
        )
    try:
        due = day_due(filed_on, days, is_business=is_business, days_off=days_off)
    except OverflowError as error:
        raise NotCounted(
            "The calendar ends before the day that this law names. Check the day of filing."
        ) from error
    if is_business and (days_off_end_on is None or days_off_end_on < due):
        raise NotCounted(
            "This law counts business days, and its days off are not listed that far. List them"
            " on the page of the law, or enter the day."
        )
    return due


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
