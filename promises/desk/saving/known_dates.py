"""Dates typed as far as they are known: 2018-07 or July 2018 means the month, and says so."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from promises.common.dates import DatePrecision
from promises.imports.dates import BadDate, read_date

# The field of each date that may be known less exactly than to the day, and that which says so.
PRECISION_OF = {"published_on": "date_precision", "vintage_on": "vintage_precision"}
# What a page that only shows a record has in place of the two: the date as far as it is known.
SHOWN = {("published_on", "date_precision"): "dated", ("vintage_on", "vintage_precision"): "dated"}
AS_KNOWN = _("Like 2018-07-31. If only the month or the year is known: 2018-07 or 2018.")
_DIGITS_OF_A_YEAR = 4


class PartOfADate(date):
    """The first day of the month or the year that was typed."""

    precision: str


class KnownDateField(forms.DateField):
    """A date field that also takes a month or a year."""

    default_error_messages = {
        "invalid": _("Write the date like 2018-07-31, or as far as it is known: 2018-07 or 2018.")
    }

    def to_python(self, value: Any) -> date | None:
        """Return the date; a month or a year as a PartOfADate."""
        try:
            return super().to_python(value)
        except ValidationError:
            return self._read(str(value).strip())

    def _read(self, text: str) -> date:
        # To a spreadsheet other numbers are days as well; nobody types those.
        if text.isdigit() and len(text) != _DIGITS_OF_A_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            known = read_date(text)
        except BadDate as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if known.precision == DatePrecision.DAY:
            return known.day
        part = PartOfADate(known.day.year, known.day.month, known.day.day)
        part.precision = known.precision
        return part


def asked_as_known(field: Any) -> dict[str, Any]:
    """Return how the form field of a date is made: of one that may be known less exactly, a day,
    or a list of days.
    """
    if field.name in PRECISION_OF:
        return {"form_class": KnownDateField, "help_text": AS_KNOWN}
    if type(field) is models.DateField:
        return {"error_messages": {"invalid": _("Write the date like 2018-07-31.")}}
    if isinstance(field, ArrayField) and isinstance(field.base_field, models.DateField):
        return {"error_messages": {"item_invalid": _("Day %(nth)s of the list:")}}
    return {}


def shown_as_known(fieldsets: Any) -> list[Any]:
    """Return the parts of a page that only shows a record: no day is made up of a month."""
    return [
        (heading, {**part, "fields": [SHOWN.get(line, line) for line in part["fields"]]})
        for heading, part in fieldsets
    ]


class WithKnownDates(forms.BaseForm):
    """A form that takes from a date how exactly it is known, where only a part was typed."""

    def clean(self) -> dict[str, Any]:
        """Say how far a date is known that was typed as a month or a year."""
        super().clean()
        for name, precision in PRECISION_OF.items():
            typed = self.cleaned_data.get(name)
            if isinstance(typed, PartOfADate):
                self.cleaned_data[name] = date(typed.year, typed.month, typed.day)
                self.cleaned_data[precision] = typed.precision
        return self.cleaned_data
