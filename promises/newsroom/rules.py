"""How urgent work is. Needs no database."""

from datetime import date, timedelta
from enum import StrEnum

# Characters of one remark. Whole documents are evidence; every reader of a page loads its remarks.
LONGEST_COMMENT = 10_000
# Nobody knows what will be true later; a year typed wrong would hide the item for good.
LONGEST_PLAN = timedelta(days=2 * 365)


class Urgency(StrEnum):
    """How soon something is due."""

    OVERDUE = "overdue"
    TODAY = "today"
    THIS_WEEK = "this_week"
    LATER = "later"


def urgency(due_on: date | None, today: date) -> Urgency:
    """Return how soon work that is due on a day presses; weeks end on Sunday."""
    sunday = today + timedelta(days=6 - today.weekday())
    if due_on is None or due_on > sunday:
        return Urgency.LATER
    if due_on < today:
        return Urgency.OVERDUE
    return Urgency.TODAY if due_on == today else Urgency.THIS_WEEK
