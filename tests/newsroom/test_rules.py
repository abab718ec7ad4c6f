"""How urgent work is."""

from datetime import date

import pytest

from promises.newsroom.rules import urgency

# A Wednesday; its week ends on Sunday the 12th.
TODAY = date(2024, 5, 8)


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        (None, "later"),
        (date(2024, 5, 7), "overdue"),
        (date(2024, 5, 8), "today"),
        (date(2024, 5, 9), "this_week"),
        (date(2024, 5, 12), "this_week"),
        (date(2024, 5, 13), "later"),
    ],
)
def test_work_presses_the_more_the_sooner_it_is_due(due_on: date | None, expected: str) -> None:
    assert urgency(due_on, TODAY) == expected


def test_the_week_ends_on_sunday_also_seen_from_sunday() -> None:
    sunday, monday = date(2024, 5, 12), date(2024, 5, 13)
    assert (urgency(sunday, sunday), urgency(monday, sunday)) == ("today", "later")
