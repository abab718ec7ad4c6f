"""Dates as people write them. A column is judged as a whole, because 03/04/2019 alone says nothing.

Read: 2019-03-04 (with or without a time), 2019-03, 2019, 3/4/2019 in either order, 4 March 2019,
12 Nov 2017, March 4, 2019, July 2018, and the serial numbers of spreadsheets.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from promises.common.dates import DatePrecision
from promises.common.refusals import Refused
from promises.imports.choices import Order
from promises.imports.sheets import shown

FIRST_YEAR, LAST_YEAR = 1900, 2100
# Two digits mean a year of this century up to here, and one of the last beyond (as POSIX has it).
LAST_SHORT_YEAR = 68
# Serial numbers of days from about 1955 to 2119; smaller numbers are years or something else.
_SERIALS = range(20_000, 80_000)
_NAMES = {
    1: "jan january enero janvier",
    2: "feb february febrero fév février fevrier",
    3: "mar march marzo mars",
    4: "apr april abril avr avril",
    5: "may mayo mai",
    6: "jun june junio juin",
    7: "jul july julio juil juillet",
    8: "aug august agosto août aout",
    9: "sep sept september septiembre septembre",
    10: "oct october octubre octobre",
    11: "nov november noviembre novembre",
    12: "dec december diciembre déc décembre decembre",
}
MONTHS = {name: number for number, names in _NAMES.items() for name in names.split()}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ]\d{1,2}:\d{2}\S*(?: ?[A-Z]+)?)?")
_NUMBERS = re.compile(
    r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:,? \d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?)?"
)
_MONTH_YEAR = re.compile(r"(\d{1,2})/(\d{4})")
_WORD = r"([^\W\d_]+)\.?"
_WORDS = {
    "dmy": re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th|er)?[ -](?:de )?{_WORD},?[ -](?:de )?(\d{{4}})"),
    "mdy": re.compile(rf"{_WORD} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})"),
    "my": re.compile(rf"{_WORD},?[ -](?:de )?(\d{{4}})"),
}
_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? ", re.IGNORECASE
)


class BadDate(Refused):
    """A text is not a date, or not one date only."""


@dataclass(frozen=True)
class Known:
    """A date as far as it is known: the first day of the month or year otherwise."""

    day: date
    precision: str


def order_of(texts: Iterable[str]) -> str | None:
    """Return the order of day and month in a column: "dmy", "mdy", "" if it does not matter.

    None means that someone must say: nothing decides, or the column holds both orders.
    """
    day_first = month_first = is_open = False
    for text in texts:
        if found := _NUMBERS.fullmatch(text.strip()):
            first, second = int(found[1]), int(found[2])
            day_first |= first > 12
            month_first |= second > 12
            is_open |= first <= 12 and second <= 12 and first != second
    if day_first and month_first:
        return None if is_open else ""
    if day_first or month_first:
        return Order.DAY_FIRST.value if day_first else Order.MONTH_FIRST.value
    return None if is_open else ""


def ambiguous_examples(texts: Iterable[str]) -> list[str]:
    """Return the first three dates that could be two days."""
    found = [
        text.strip()
        for text in texts
        if (match := _NUMBERS.fullmatch(text.strip()))
        and int(match[1]) <= 12
        and int(match[2]) <= 12
        and match[1] != match[2]
    ]
    return list(dict.fromkeys(found))[:3]


def read_date(text: str, *, order: str = "", is_1904: bool = False) -> Known:
    """Return the date that a text means. Raises BadDate with the reason."""
    text = _WEEKDAY.sub("", " ".join(text.split()), count=1)
    if text.isascii() and text.removesuffix(".0").isdigit():
        return _of_number(int(text.removesuffix(".0")[:9]), is_1904)
    if found := _ISO.fullmatch(text):
        return _known(int(found[1]), int(found[2]), int(found[3]) if found[3] else None, text)
    if found := _NUMBERS.fullmatch(text):
        return _of_numbers(int(found[1]), int(found[2]), found[3], order, text)
    if found := _MONTH_YEAR.fullmatch(text):
        return _known(int(found[2]), int(found[1]), None, text)
    return _of_words(text)


def _of_words(text: str) -> Known:
    for kind, pattern in _WORDS.items():
        if not (found := pattern.fullmatch(text)):
            continue
        word = found[2] if kind == "dmy" else found[1]
        month = MONTHS.get(word.lower())
        if month is None:
            break
        day = {"dmy": found[1], "mdy": found[2], "my": None}[kind]
        return _known(int(found[found.lastindex or 1]), month, int(day) if day else None, text)
    raise BadDate(
        _("%(text)s is not a date. Write it like 2018-07-31, July 2018 or 2018.")
        % {"text": shown(text)}
    )


def _of_number(number: int, is_1904: bool) -> Known:
    """Return a year, or a day by its serial number."""
    if number in _SERIALS:
        first = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)
        return Known(first + timedelta(days=number), DatePrecision.DAY.value)
    return _known(number, None, None, str(number))


def _of_numbers(first: int, second: int, year: str, order: str, text: str) -> Known:
    """Return the day of 3/4/2019, by the order of the column unless only one is possible."""
    if first > 12 or first == second:
        order = Order.DAY_FIRST
    elif second > 12:
        order = Order.MONTH_FIRST
    elif not order:
        raise BadDate(
            _("%(text)s can be two days. Say whether day or month comes first.")
            % {"text": shown(text)}
        )
    day, month = (first, second) if order == Order.DAY_FIRST else (second, first)
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= LAST_SHORT_YEAR else 1900
    return _known(number, month, day, text)


def _known(year: int, month: int | None, day: int | None, text: str) -> Known:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadDate(
            _("%(text)s is no date between %(first)d and %(last)d.")
            % {"text": shown(text), "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    precision = DatePrecision.DAY if day else DatePrecision.MONTH if month else DatePrecision.YEAR
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise BadDate(
            _("%(text)s is not a day of the calendar.") % {"text": shown(text)}
        ) from error
    return Known(first, precision.value)
