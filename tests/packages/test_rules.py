"""The rules between rows, held against plain restatements of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.packages.rules import overlapping, precision_fault

DAY = date(2020, 1, 1)
SPANS = st.lists(
    st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(1, 5))), max_size=6
).map(
    lambda pairs: [
        (
            DAY + timedelta(start),
            None if length is None else DAY + timedelta(start + length),
            f"term-{number}",
        )
        for number, (start, length) in enumerate(pairs)
    ]
)


@given(spans=SPANS)
def test_spans_overlap_when_two_of_them_share_a_day(
    spans: list[tuple[date, date | None, str]],
) -> None:
    far = date(2100, 1, 1)
    pairs = {
        frozenset((one[2], other[2]))
        for one in spans
        for other in spans
        if one[2] < other[2] and one[0] < (other[1] or far) and other[0] < (one[1] or far)
    }
    found = {frozenset(names) for names in overlapping(spans)}
    assert found <= pairs
    assert bool(found) is bool(pairs)


@pytest.mark.parametrize(
    ("day", "precision", "fault"),
    [
        (date(2024, 5, 17), "day", ""),
        (date(2024, 5, 1), "month", ""),
        (date(2024, 1, 1), "year", ""),
        (None, "unknown", ""),
        (None, "day", "The date is known to the day, but its cell is empty."),
        (None, "year", "The date is known to the year, but its cell is empty."),
        (date(2024, 5, 1), "unknown", "The date is unknown, so its cell stays empty."),
        (
            date(2024, 5, 2),
            "month",
            "A date known to the month is written as the first day of that month.",
        ),
        (
            date(2024, 5, 1),
            "year",
            "A date known to the year is written as the first day of that year.",
        ),
    ],
)
def test_a_date_says_no_more_than_is_known(day: date | None, precision: str, fault: str) -> None:
    assert precision_fault(day, precision) == fault
