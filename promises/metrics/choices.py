from django.db import models
from django.utils.translation import gettext_lazy as _


class Period(models.TextChoices):
    """The stretch of time that a value covers. It is dated by its first day."""

    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    QUARTER_END = "quarter_end", _("end of a quarter")
    HALF_YEAR = "half_year", _("half-year")
    YEAR = "year", _("year")
    PARTIAL_YEAR = "partial_year", _("part of a year")
    YEAR_TO_DATE = "year_to_date", _("year to date")
