"""Strips of time: where stretches and marks stand."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from promises.site.strips import (
    MOST_LANES,
    NEAR,
    NUMBER,
    Axis,
    Band,
    Mark,
    official_strip,
    rated_strip,
)

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def test_ratings_last_until_the_next_one_and_the_last_until_today() -> None:
    strip = rated_strip(
        [(date(2020, 1, 1), "stalled"), (date(2021, 1, 1), "kept"), (date(2030, 1, 1), "broken")],
        made_on=date(2019, 1, 1),
        terms=[(date(2018, 1, 1), date(2020, 1, 1)), (date(2025, 1, 1), None)],
        today=date(2023, 1, 1),
    )
    assert strip.bands == [Band("24.98%", "25.05%", "stalled"), Band("50.03%", "49.97%", "kept")]
    assert strip.terms == [Band("0%", "24.98%")]
    assert strip.years == [
        (2019, "0%"), (2020, "24.98%"), (2021, "50.03%"), (2022, "75.02%"), (2023, "100%"),
    ]  # fmt: skip
    assert strip.today == "100%"


def test_marks_that_would_hide_each_other_stand_in_lanes() -> None:
    statuses = ["broken", "compromise", "in_the_works", "kept", "stalled", "unratable"]
    strip = official_strip(
        [*((date(2020, 6, 1), key) for key in statuses), (date(2021, 1, 1), "broken")],
        terms=[(date(2020, 1, 1), date(2022, 1, 1))],
        today=date(2021, 6, 1),
    )
    assert [mark.lane for mark in strip.marks] == [0, 1, 2, 3, 4, 5, 0]
    assert [mark.y for mark in strip.marks] == [0, 18, 36, 54, 72, 90, 0]
    assert (strip.floor, strip.has_numbers, strip.today) == (112, False, "70.73%")


def test_ratings_alike_of_one_day_are_one_mark_with_their_number() -> None:
    day = date(2020, 6, 1)
    strip = official_strip(
        [*[(day, "kept")] * 12, (day, "broken"), (date(2020, 7, 15), "kept")],
        terms=[(date(2020, 1, 1), date(2022, 1, 1))],
        today=date(2021, 6, 1),
    )
    # The third stands where the number of the second does not reach.
    assert strip.marks == [
        Mark("20.79%", 0, "broken"),
        Mark("20.79%", 1, "kept", 12),
        Mark("26.81%", 0, "kept"),
    ]
    assert (strip.floor, strip.has_numbers) == (76, True)


@given(start=DAYS, end=DAYS)
def test_labels_of_years_fit_and_stand_on_the_axis(start: date, end: date) -> None:
    axis = Axis(*sorted((start, end)))
    years = axis.years()
    assert len(years) <= 8
    assert all(0 <= float(x.removesuffix("%")) <= 100 for _year, x in years)


@given(st.lists(DAYS, min_size=1, max_size=40))
def test_every_rating_is_told_by_a_mark_in_a_lane(days: list[date]) -> None:
    strip = official_strip([(day, "kept") for day in days], terms=[], today=date(2041, 1, 1))
    assert sum(mark.count for mark in strip.marks) == len(days)
    assert {mark.lane for mark in strip.marks} <= set(range(MOST_LANES))
    lanes: dict[int, float] = {}
    is_crowded = len(strip.marks) > MOST_LANES
    for mark in strip.marks:
        share = float(mark.x.removesuffix("%"))
        assert is_crowded or share >= lanes.get(mark.lane, 0) - 0.02
        lanes[mark.lane] = share + NEAR + (NUMBER if mark.count > 1 else 0)
