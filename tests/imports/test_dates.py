"""Dates as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.imports.dates import BadDate, ambiguous_examples, order_of, read_date

APRIL = date(2019, 4, 3)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2019-04-03", APRIL, "day"),
        ("2019/4/3", APRIL, "day"),
        ("2019-04-03T10:30:00Z", APRIL, "day"),
        ("2019-04-03 10:30:00+02:00", APRIL, "day"),
        ("2019-04-03T00:00:00.000Z", APRIL, "day"),
        ("13/4/2019", date(2019, 4, 13), "day"),
        ("4/13/2019", date(2019, 4, 13), "day"),
        ("13.04.19", date(2019, 4, 13), "day"),
        ("13.04.99 08:00", date(1999, 4, 13), "day"),
        ("4/4/2019", date(2019, 4, 4), "day"),
        ("3 April 2019", APRIL, "day"),
        ("12 Nov 2017", date(2017, 11, 12), "day"),
        ("12-Nov-2017", date(2017, 11, 12), "day"),
        ("November 12, 2017", date(2017, 11, 12), "day"),
        ("Sunday, November 12th, 2017", date(2017, 11, 12), "day"),
        ("Sept. 3, 2019", date(2019, 9, 3), "day"),
        ("3 de abril de 2019", APRIL, "day"),
        ("1er août 2019", date(2019, 8, 1), "day"),
        ("43558", APRIL, "day"),
        ("43558.0", APRIL, "day"),
        ("July 2018", date(2018, 7, 1), "month"),
        ("2018-07", date(2018, 7, 1), "month"),
        ("07/2018", date(2018, 7, 1), "month"),
        ("2018", date(2018, 1, 1), "year"),
    ],
)
def test_it_is_read_as_far_as_it_is_known(text: str, day: date, precision: str) -> None:
    known = read_date(text)
    assert (known.day, known.precision) == (day, precision)


def test_serial_numbers_follow_the_system_of_the_workbook() -> None:
    assert read_date("42096", is_1904=True).day == APRIL


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3/4/2019", "“3/4/2019” can be two days. Say whether day or month comes first."),
        ("2019-02-30", "“2019-02-30” is not a day of the calendar."),
        ("31/4/2019", "“31/4/2019” is not a day of the calendar."),
        ("2019-00-10", "“2019-00-10” is not a day of the calendar."),
        ("1776", "“1776” is no date between 1900 and 2100."),
        ("soon", "“soon” is not a date. Write it like 2018-07-31, July 2018 or 2018."),
        ("3 Foo 2019", "“3 Foo 2019” is not a date. Write it like 2018-07-31, July 2018 or 2018."),
        ("2018-2019", "“2018-2019” is not a date. Write it like 2018-07-31, July 2018 or 2018."),
    ],
)
def test_what_is_no_date_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(BadDate) as refused:
        read_date(text)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["3/4/2019", "13/4/2019"], "dmy"),
        (["3/4/2019", "4/13/2019"], "mdy"),
        (["13/4/2019", "4/13/2019"], ""),
        (["4/4/2019", "2019-04-03", "July 2018"], ""),
        (["3/4/2019", "5/6/2019"], None),
        (["3/4/2019", "13/4/2019", "4/13/2019"], None),
    ],
)
def test_the_whole_column_decides_or_a_person(column: list[str], order: str | None) -> None:
    assert order_of(column) == order


def test_the_order_of_the_column_decides_each_day() -> None:
    assert read_date("3/4/2019", order="dmy").day == APRIL
    assert read_date("3/4/2019", order="mdy").day == date(2019, 3, 4)
    assert ambiguous_examples(["4/4/2019", "3/4/2019", "13/4/2019"]) == ["3/4/2019"]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_comes_back_from_every_form(day: date) -> None:
    assert read_date(day.isoformat()).day == day
    assert read_date(f"{day.day}/{day.month}/{day.year}", order="dmy").day == day
    assert read_date(f"{day.month}/{day.day}/{day.year}", order="mdy").day == day
    assert read_date(f"{day:%B} {day.day}, {day.year}").day == day


@given(st.text(max_size=30))
def test_whatever_the_text_is_it_is_a_date_or_refused(text: str) -> None:
    try:
        known = read_date(text)
    except BadDate:
        return
    assert 1900 <= known.day.year <= 2174
