"""How the days of a law are counted, and where a request stands."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.record_requests.choices import Stage
from promises.record_requests.rules import day_due, stage_of

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
SOME_DAYS = st.integers(1, 60)


@pytest.mark.parametrize(
    ("start", "days", "off", "due"),
    [
        # From a Monday, a Friday, a Saturday; over New Year; with a day off that is no weekday.
        (date(2026, 3, 2), 5, [], date(2026, 3, 9)),
        (date(2026, 3, 6), 1, [], date(2026, 3, 9)),
        (date(2026, 3, 7), 1, [], date(2026, 3, 9)),
        (date(2025, 12, 30), 3, [date(2026, 1, 1)], date(2026, 1, 5)),
        (date(2026, 3, 2), 5, [date(2026, 3, 2), date(2026, 3, 7)], date(2026, 3, 9)),
        (date(2026, 3, 2), 1, [date(2026, 3, 3), date(2026, 3, 4)], date(2026, 3, 5)),
    ],
)
def test_business_days(start: date, days: int, off: list[date], due: date) -> None:
    assert day_due(start, days, is_business=True, days_off=off) == due


@given(DAYS, SOME_DAYS)
def test_calendar_days(start: date, days: int) -> None:
    due = day_due(start, days, is_business=False, days_off=[])
    assert due == start + timedelta(days=days)


@given(DAYS, SOME_DAYS, st.sets(st.integers(1, 30)))
def test_business_days_are_as_many_as_the_law_gives(start: date, days: int, off: set[int]) -> None:
    days_off = {start + timedelta(days=number) for number in off}
    due = day_due(start, days, is_business=True, days_off=days_off)
    between = (start + timedelta(days=number) for number in range(1, (due - start).days + 1))
    working = [day for day in between if day.isoweekday() <= 5 and day not in days_off]
    assert (len(working), working[-1]) == (days, due)


@pytest.mark.parametrize(
    ("filled", "stage"),
    [
        ([], Stage.WAITING),
        (["answered_on"], Stage.ANSWERED),
        (["answered_on", "appealed_on"], Stage.APPEALED),
        (["appealed_on"], Stage.APPEALED),
        (["answered_on", "appealed_on", "appeal_decided_on"], Stage.DECIDED),
        (["withdrawn_on"], Stage.WITHDRAWN),
        (["answered_on", "appealed_on", "withdrawn_on"], Stage.WITHDRAWN),
    ],
)
def test_where_a_request_stands(filled: list[str], stage: Stage) -> None:
    days = dict.fromkeys(["answered_on", "withdrawn_on", "appealed_on", "appeal_decided_on"])
    assert stage_of(**{**days, **dict.fromkeys(filled, date(2026, 3, 2))}) == stage
