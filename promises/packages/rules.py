"""Rules between the rows of a package that need no database. The database checks most again."""

from collections.abc import Iterable, Iterator
from datetime import date


def precision_fault(day: date | None, precision: str) -> str:
    """Return why a date does not fit how precisely it is known, or ""."""
    match precision, day:
        case ("unknown", None) | ("day", date()) | ("month", date(day=1)):
            return ""
        case "year", date(month=1, day=1):
            return ""
        case "unknown", _:
            return "The date is unknown, so its cell stays empty."
        case _, None:
            return f"The date is known to the {precision}, but its cell is empty."
    return f"A date known to the {precision} is written as the first day of that {precision}."


def order_fault(first: date, second: date | None, sentence: str, *, may_be_equal: bool) -> str:
    """Return the sentence where the second date comes too early, or ""."""
    if second is None or second > first or (may_be_equal and second == first):
        return ""
    return sentence


def overlapping(spans: Iterable[tuple[date, date | None, str]]) -> Iterator[tuple[str, str]]:
    """Yield the names (later, earlier) of spans (first day, day after the last, name) that meet."""
    latest: tuple[date | None, str] | None = None
    for start, end, name in sorted(spans, key=lambda span: (span[0], span[2])):
        if latest and (latest[0] is None or start < latest[0]):
            yield name, latest[1]
        if latest is None or (latest[0] is not None and (end is None or end > latest[0])):
            latest = (end, name)
