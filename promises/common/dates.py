"""Dates that are known to the day, the month or the year, and today."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Cast, ExtractDay, ExtractMonth
from django.db.models.lookups import Exact
from django.utils import formats
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

# A day, or a moment to the minute, as triggers write them; no part of a name like ev-2018-07-08.
_MOMENT = re.compile(r"(?<![\w-])(?P<day>\d{4}-\d\d-\d\d)(?:(?P<time> \d\d:\d\d) UTC)?(?![\w-])")


class DatePrecision(models.TextChoices):
    """How exactly a date is known. A date known less exactly is stored as its first day."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")
    UNKNOWN = "unknown", _("unknown")


def utc_date(moment: datetime) -> date:
    """Return the day of an aware moment in UTC, which is the record's calendar."""
    return moment.astimezone(UTC).date()


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def read_moment(text: str) -> datetime:
    """Return the moment, in UTC, that an ISO 8601 text names; one without a zone is in UTC.

    Raises ValueError.
    """
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not an ISO 8601 date or time.") from error


class UtcDate(models.Func):
    """The same day of a moment in the database, whatever its clock shows to whoever asks."""

    template = "(%(expressions)s AT TIME ZONE 'UTC')::date"
    output_field = models.DateField()


def lies_ahead(day: date | None, now: datetime) -> bool:
    """Tell whether a day is still to come."""
    return day is not None and day > utc_date(now)


def in_words(day: date | None, precision: str) -> str:
    """Return a date as far as it is known: "8 July 2018", "July 2018", "2018" or ""."""
    if day is None or precision == DatePrecision.UNKNOWN:
        return ""
    named = {DatePrecision.MONTH: "YEAR_MONTH_FORMAT", DatePrecision.YEAR: "Y"}
    return _written(day, named.get(DatePrecision(precision), "DATE_FORMAT"), get_language())


def day_in_words(day: date) -> str:
    """Return a day as pages print it: "8 July 2018"."""
    return _written(day, "DATE_FORMAT", get_language())


@lru_cache(maxsize=5000)
def _written(day: date, how: str, _language: str | None) -> str:
    return str(formats.date_format(day, how))


def moment_in_words(moment: datetime) -> str:
    """Return a moment with its time zone: "8 July 2018, 12:00 UTC". It must not be misread."""
    there = formats.date_format(moment.astimezone(UTC), "DATETIME_FORMAT")
    return gettext("%(moment)s UTC") % {"moment": there}


def with_days_in_words(text: str) -> str:
    """Return a sentence of the database, which writes 2018-07-08, with days as pages print them."""
    return _MOMENT.sub(_worded, text)


def _worded(found: re.Match[str]) -> str:
    try:
        moment = read_moment(found["day"] + (found["time"] or ""))
    except ValueError:
        return found[0]
    return moment_in_words(moment) if found["time"] else day_in_words(moment.date())


def known_as_precisely(field: str, precision: str) -> CheckConstraint:
    """Return the rule that a date is empty if unknown, else the first day of what is known."""
    known = Q(**{f"{field}__isnull": False})
    # Django asks this of values, too, and an empty one has no type of its own there.
    typed = Cast(field, models.DateField())
    first_of_month = known & Q(Exact(ExtractDay(typed), 1))
    unknown = Q(**{precision: "unknown", f"{field}__isnull": True})
    day = Q(**{precision: "day"}) & known
    month = Q(**{precision: "month"}) & first_of_month
    year = Q(**{precision: "year"}) & first_of_month & Q(Exact(ExtractMonth(typed), 1))
    return CheckConstraint(
        condition=unknown | day | month | year,
        name=f"%(app_label)s_%(class)s_{field}_as_precise_as_known",
    )
