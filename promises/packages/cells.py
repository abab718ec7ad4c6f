"""From the text of a cell to the value of its column."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from promises.common.refusals import Refused
from promises.common.text import without_control_characters
from promises.packages.reading import MAX_ROW_BYTES, nearest, quoted
from promises.packages.shielding import bare
from promises.packages.tables import AnyField

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


class BadCell(Refused):
    """A cell does not hold what its column wants."""


def reader_of(field: AnyField) -> Callable[[str], Any]:
    """Return what reads the cells of a field as `value_of` does, where it can in less time.

    It remembers values that come again: most cells of a long sheet are one of a few. Of a text
    that fits it asks what only its field asks; control characters were looked for in the file.
    """
    read = partial(value_of, field)
    if field.choices or isinstance(field, models.BooleanField | models.DateField):
        return lru_cache(maxsize=4096)(read)
    if not isinstance(field, models.CharField | models.TextField):
        return read
    asked = [check for check in field.validators if not isinstance(check, MaxLengthValidator)]
    checks = [check for check in asked if check is not without_control_characters]
    longest = field.max_length or MAX_ROW_BYTES

    def read_text(cell: str) -> Any:
        if not 0 < len(cell) <= longest:
            return read(cell)
        text = bare(cell)
        try:
            for check in checks:
                check(text)
        except ValidationError:
            return read(cell)
        return text

    return read_text


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
