"""Strips of time: where stretches and marks stand."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from promises.site.strips import LANES, NEAR, Axis, Band, official_strip, rated_strip

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
    same = [(date(2020, 6, 1), "kept")] * 5
    strip = official_strip(
        [*same, (date(2021, 1, 1), "broken")],
        terms=[(date(2020, 1, 1), date(2022, 1, 1))],
        today=date(2021, 6, 1),
    )
    assert [mark.lane for mark in strip.marks] == [0, 1, 2, 3, 0, 0]
    assert {mark.y for mark in strip.marks} == {0, 18, 36, 54}
    assert strip.today == "70.73%"


@given(start=DAYS, end=DAYS)
def test_labels_of_years_fit_and_stand_on_the_axis(start: date, end: date) -> None:
    axis = Axis(*sorted((start, end)))
    years = axis.years()
    assert len(years) <= 8
    assert all(0 <= float(x.removesuffix("%")) <= 100 for _year, x in years)


@given(st.lists(DAYS, min_size=1, max_size=40))
def test_every_mark_stands_in_a_lane(days: list[date]) -> None:
    strip = official_strip([(day, "kept") for day in days], terms=[], today=date(2041, 1, 1))
    assert len(strip.marks) == len(days)
    assert {mark.lane for mark in strip.marks} <= set(range(LANES))
    lanes: dict[int, float] = {}
    crowded = len(days) > LANES
    for mark in strip.marks:
        share = float(mark.x.removesuffix("%"))
        assert crowded or share - lanes.get(mark.lane, -NEAR) >= NEAR - 0.02
        lanes[mark.lane] = share
