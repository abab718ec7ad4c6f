"""On which days a value can begin and be published: pure decisions about its dates."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from promises.common.dates import DatePrecision
from promises.metrics.choices import Period

# Fiscal years, and any twelve months, begin with one of the months.
FROM_THE_FIRST = (
    Period.MONTH,
    Period.QUARTER,
    Period.HALF_YEAR,
    Period.YEAR,
    Period.YEAR_TO_DATE,
)
FROM_ANY_DAY = (Period.DAY, Period.WEEK, Period.PARTIAL_YEAR)

BEGINS_ELSEWHERE = _(
    "A month, a quarter, a half-year, a year and a year to date begin on the first day of a month,"
    " and the end of a quarter is the last day of one: give that day. What begins on another day"
    " is a day, a week or part of a year: choose that period."
)
PUBLISHED_TOO_EARLY = _(
    "The day on which this value was published lies before its period: check both. What an office"
    " only expects is no value."
)


def fits_period(day: date, period: str) -> bool:
    """Tell whether a value of this period can be dated by this day."""
    if period == Period.QUARTER_END:
        return (day + timedelta(days=1)).day == 1
    return day.day == 1 or period not in FROM_THE_FIRST


def can_be_published(vintage_on: date, precision: str, observed_on: date) -> bool:
    """Tell whether a value was published, as far as that is known, once its period had begun."""
    match precision:
        case DatePrecision.YEAR:
            return vintage_on.year >= observed_on.year
        case DatePrecision.MONTH:
            return vintage_on >= observed_on.replace(day=1)
        case _:
            return vintage_on >= observed_on
