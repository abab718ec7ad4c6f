"""Geometry and wording without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from promises.metrics.choices import Period
from promises.metrics.models import Observation
from promises.pledges.choices import HOLDING_LABELS, Status
from promises.site.charts import Point, Rect, line_chart, round_scale, year_scale
from promises.site.series import by_period, chart_of, is_provisional
from promises.site.statuses import COUNTED, LABELS, MEANINGS, Scorecard
from promises.site.templatetags.record import host, number, period


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 8], (0, 2, 4)),
        ([314, 375], (0, 100, 4)),
        ([99, 100], (0, 50, 2)),
        ([7, 101], (0, 50, 3)),
        ([-3, 5], (-4, 2, 5)),
        ([0], (0, Decimal("0.5"), 1)),
        ([Decimal("0.31"), Decimal("0.52")], (0, Decimal("0.2"), 3)),
    ],
)
def test_a_scale_is_round_and_holds_zero_and_every_value(
    values: list[Decimal], expected: tuple[Decimal, Decimal, int]
) -> None:
    start, step, steps = round_scale([Decimal(value) for value in values])
    assert (start, step, steps) == expected
    assert start <= min(0, *values, 0)
    assert start + step * steps >= max(0, *values, 0)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (2014, 2014, (2014, 2015, 1)),
        (2014, 2020, (2014, 2021, 1)),
        (2014, 2022, (2014, 2024, 2)),
        (1900, 2025, (1900, 2026, 18)),
    ],
)
def test_years_are_labelled_so_that_they_fit(
    first: int, last: int, expected: tuple[int, int, int]
) -> None:
    assert year_scale(first, last) == expected
    start, end, every = expected
    assert len(range(start, end + 1, every)) <= 8


def test_a_line_is_laid_out_over_whole_years() -> None:
    points = [
        Point(date(2019, 1, 1), Decimal(0)),
        Point(date(2020, 1, 1), Decimal(4), is_provisional=True, others=(Decimal(3), Decimal(2))),
    ]
    chart = line_chart(
        points,
        terms=[(date(2020, 1, 1), None), (date(2010, 1, 1), date(2019, 1, 1))],
        marked=[(date(2018, 1, 1), date(2019, 7, 2)), (date(2019, 4, 1), date(2020, 1, 1))],
    )
    assert chart.lines == ["0,300 499.3,0"]
    assert chart.dots == "M0 300h0"
    assert chart.rings == "M499.3 0h0"
    assert chart.others == "M499.3 0V75m-4 0h8 M499.3 0V150m-4 0h8"
    assert chart.values == [4, 3, 2, 1, 0]
    assert chart.years == [2019, 2020, 2021]
    assert chart.lines_across == ["75", "150", "225"]
    assert chart.lines_down == ["500.0"]
    # Outside of the years drawn there is nothing; where two overlap, each day is drawn once.
    assert chart.terms == [Rect("499.3", "500.7")]
    assert chart.marked == [Rect("0", "249"), Rect("249", "250.3")]


@pytest.mark.parametrize(
    ("sort", "published", "expected"),
    [
        (Period.MONTH, date(2019, 4, 30), True),
        (Period.MONTH, date(2019, 5, 1), False),
        (Period.YEAR, date(2020, 3, 30), True),
        (Period.YEAR, date(2020, 4, 1), False),
        (Period.DAY, date(2019, 4, 1), False),
        (Period.PARTIAL_YEAR, date(2024, 1, 1), True),
        (Period.YEAR_TO_DATE, date(2024, 1, 1), True),
    ],
)
def test_what_was_published_within_its_period_is_provisional(
    sort: str, published: date, expected: bool
) -> None:
    value = Observation(observed_on=date(2019, 4, 1), period=sort, vintage_on=published)
    assert is_provisional(value) is expected


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        (Period.MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (Period.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        (Period.MONTH, date(2025, 12, 1), date(2025, 12, 31)),
        (Period.QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
        (Period.QUARTER, date(2025, 10, 1), date(2025, 12, 31)),
        (Period.HALF_YEAR, date(2026, 1, 1), date(2026, 6, 30)),
        (Period.HALF_YEAR, date(2025, 7, 1), date(2025, 12, 31)),
        (Period.YEAR, date(2025, 1, 1), date(2025, 12, 31)),
        (Period.YEAR, date(2023, 7, 1), date(2024, 6, 30)),
    ],
)
def test_a_period_is_over_after_its_own_last_day(sort: str, first: date, last: date) -> None:
    within = Observation(observed_on=first, period=sort, vintage_on=last)
    after = Observation(observed_on=first, period=sort, vintage_on=last + timedelta(days=1))
    assert (is_provisional(within), is_provisional(after)) == (True, False)


def test_a_value_of_february_published_in_march_is_complete() -> None:
    # "March 2026" is stored as its first day.
    value = Observation(
        observed_on=date(2026, 2, 1), period=Period.MONTH, vintage_on=date(2026, 3, 1)
    )
    value.vintage_precision = "month"
    assert (value.vintage_in_words, is_provisional(value)) == ("March 2026", False)


def test_only_the_most_frequent_sort_of_period_is_drawn() -> None:
    def value(year: int, amount: int, sort: str = Period.YEAR) -> Observation:
        return Observation(
            observed_on=date(year, 1, 1),
            period=sort,
            vintage_on=date(2024, 1, 1),
            value=Decimal(amount),
        )

    found = by_period(
        [value(2021, 4), value(2020, 3, Period.MONTH), value(2019, 1), value(2019, 2)]
    )
    chart = chart_of(found)
    assert chart is not None
    # 2020 has no yearly value: no line leads over it.
    assert chart.lines == []
    assert chart.dots == "M0 225h0 M667 0h0"
    assert chart.others == "M0 225V150m-4 0h8"
    assert chart_of(found[:1]) is None
    assert chart_of([]) is None


def test_a_line_breaks_where_periods_are_missing() -> None:
    points = [
        Point(date(2019, 1, 1), Decimal(0)),
        Point(date(2020, 1, 1), Decimal(4)),
        Point(date(2022, 1, 1), Decimal(2), is_after_gap=True),
        Point(date(2024, 1, 1), Decimal(2), is_after_gap=True),
        Point(date(2025, 1, 1), Decimal(1)),
    ]
    chart = line_chart(points)
    assert chart.lines == ["0,300 142.7,0", "714.1,150 857.3,225"]
    assert chart.dots == "M0 300h0 M142.7 0h0 M428.6 150h0 M714.1 150h0 M857.3 225h0"


@pytest.mark.parametrize(
    ("sort", "days", "expected"),
    [
        (Period.YEAR, 366, False),
        (Period.YEAR, 731, True),
        (Period.MONTH, 31, False),
        (Period.MONTH, 59, True),
        (Period.WEEK, 7, False),
        (Period.WEEK, 14, True),
        # Whoever counts on a day counts now and then; nothing is missing between.
        (Period.DAY, 4000, False),
        (Period.QUARTER_END, 400, False),
        (Period.YEAR_TO_DATE, 4000, False),
    ],
)
def test_more_than_a_period_and_a_half_is_a_gap(sort: str, days: int, expected: bool) -> None:
    on = date(2024, 1, 1)
    value = Observation(observed_on=on, period=sort, vintage_on=on, value=Decimal(1))
    (found,) = by_period([value])
    assert found.point(on - timedelta(days=days)).is_after_gap is expected
    assert found.point(None).is_after_gap is False


def test_what_two_sources_said_on_one_day_stands_side_by_side() -> None:
    def value(amount: int, vintage_on: date) -> Observation:
        return Observation(
            observed_on=date(2013, 1, 1),
            period=Period.YEAR,
            vintage_on=vintage_on,
            value=Decimal(amount),
        )

    latest, same_day = value(247, date(2025, 12, 31)), value(246, date(2025, 12, 31))
    earlier = value(240, date(2014, 1, 1))
    (found,) = by_period([latest, same_day, earlier])
    assert (found.latest, found.beside, found.superseded) == (latest, [same_day], [earlier])
    assert found.point(None).others == (246, 240)


@pytest.mark.parametrize(
    ("sort", "on", "expected"),
    [
        (Period.DAY, date(2019, 4, 1), "1 April 2019"),
        (Period.WEEK, date(2019, 4, 1), "week from 1 April 2019"),
        (Period.MONTH, date(2019, 4, 1), "April 2019"),
        (Period.QUARTER, date(2019, 4, 1), "quarter from 1 April 2019"),
        (Period.QUARTER_END, date(2019, 3, 31), "end of the quarter, 31 March 2019"),
        (Period.HALF_YEAR, date(2019, 4, 1), "half-year from 1 April 2019"),
        (Period.YEAR, date(2019, 1, 1), "2019"),
        # A year of an office, and any other twelve months.
        (Period.YEAR, date(2019, 7, 1), "year from 1 July 2019"),
        (Period.PARTIAL_YEAR, date(2019, 4, 1), "2019 (part of the year)"),
        (Period.YEAR_TO_DATE, date(2019, 1, 1), "2019 (year to date)"),
        (Period.YEAR_TO_DATE, date(2019, 7, 1), "year to date from 1 July 2019"),
    ],
)
def test_a_period_in_words(sort: str, on: date, expected: str) -> None:
    assert period(Observation(observed_on=on, period=sort)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1234.5000", "1,234.5"), ("1000.0000", "1,000"), ("0.0000", "0"), ("-0.2500", "-0.25")],
)
def test_a_figure_in_print(value: str, expected: str) -> None:
    assert number(Decimal(value)) == expected


def test_the_host_of_an_address() -> None:
    assert host("https://www.news.example.org:8080/a?b") == "news.example.org"


def test_a_scorecard_says_how_many_of_how_many() -> None:
    card = Scorecard({"broken": 2, "compromise": 1, "kept": 4, "not_yet_rated": 1, "holding": 3})
    assert card.total == 11
    assert card.sentence == (
        "4 of 11 kept, 3 holding so far, 1 compromise, 2 broken, 1 not yet rated"
    )
    assert (card.headline, card.rest) == (
        "4 of 11 kept",
        "3 holding so far, 1 compromise, 2 broken, 1 not yet rated",
    )
    assert Scorecard({"kept": 2}).sentence == "2 of 2 kept"
    assert card.marks == (
        ["kept"] * 4 + ["holding"] * 3 + ["compromise"] + ["broken"] * 2 + ["not_yet_rated"]
    )
    assert [Scorecard({"kept": n}).is_small for n in (4, 5)] == [True, False]


def test_every_status_is_explained() -> None:
    assert set(LABELS) == {*Status, *HOLDING_LABELS}
    assert list(MEANINGS) == list(LABELS)
    # A scorecard begins with what was kept.
    assert [Status.KEPT, *COUNTED] == list(LABELS)
