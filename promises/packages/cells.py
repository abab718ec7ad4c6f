"""From the text of a cell to the value of its column."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from promises.common.refusals import Refused
from promises.packages.reading import nearest, quoted
from promises.packages.shielding import bare
from promises.packages.tables import AnyField

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


class BadCell(Refused):
    """A cell does not hold what its column wants."""


def value_of(field: AnyField, cell: str) -> Any:
    """Return the value that a cell means for a field. Raises BadCell with the reason."""
    if cell == "":
        return _nothing(field)
    value = typed(field, cell)
    if field.choices and value not in (known := [str(key) for key, _label in field.flatchoices]):
        raise BadCell(
            f"{quoted(cell)} is not known. It is one of {', '.join(filter(None, known))}."
            f"{nearest(cell, known)}"
        )
    try:
        field.run_validators(value)
    except ValidationError as error:
        raise BadCell(f"{quoted(cell)}: {' '.join(error.messages)}") from error
    return value


def typed(field: AnyField, cell: str) -> Any:
    """Return a cell that is not empty as the type of a field. Raises BadCell."""
    match field:
        case ArrayField():
            return [typed(field.base_field, part) for part in cell.split(",")]
        case models.BooleanField():
            return _boolean(cell)
        case models.DateField():
            return _date(cell)
        case models.IntegerField():
            if not _WHOLE.fullmatch(cell):
                raise BadCell(f"{quoted(cell)} is not a whole number.")
            return int(cell)
        case models.DecimalField():
            if not _DECIMAL.fullmatch(cell):
                raise BadCell(f"{quoted(cell)} is not a number. Write it like 1234.5.")
            return Decimal(cell)
    return bare(cell)


def _nothing(field: AnyField) -> Any:
    """Return what an empty cell means: null, or the empty text where that is allowed."""
    if field.null:
        return None
    if isinstance(field, ArrayField):
        return []
    if field.blank and field.empty_strings_allowed:
        return ""
    raise BadCell("The cell is empty.")


def _boolean(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise BadCell(f"{quoted(cell)} is neither true nor false.")
    return cell == "true"


def _date(cell: str) -> date:
    if not _DATE.fullmatch(cell):
        raise BadCell(f"{quoted(cell)} is not a date. Write it like 2018-07-31.")
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        raise BadCell(f"{quoted(cell)} is not a day of the calendar.") from error
