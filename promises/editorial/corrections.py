"""What a correction tells: what a column said to readers, in words, and what it says now."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from promises.common.dates import DatePrecision, in_words
from promises.editorial.models import Editorial, Versioned

# How far a date is known is told with the date itself.
PRECISION = "date_precision"


def changed_words(
    stored: Editorial, record: Editorial, names: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Return which of these columns differ: its name → (what it said, what it says).

    In the language of the record, whatever the editor reads: "July 2018", "in the campaign".
    """
    with override(settings.LANGUAGE_CODE):
        said = {
            name: (_said(stored, name), _said(record, name)) for name in names if name != PRECISION
        }
    return {
        name: words
        for name, words in said.items()
        if words[0] != words[1] or _value(stored, name) != _value(record, name)
    }


def changed_line(row: Any, names: Iterable[str]) -> tuple[str, str] | None:
    """Return what readers read of a row of a record and what they will read, in one line each.

    None where it is new, or says the same in these columns.
    """
    stored = type(row)._default_manager.filter(pk=row.pk).first()
    if stored is None or all(_value(stored, name) == _value(row, name) for name in names):
        return None
    with override(settings.LANGUAGE_CODE):
        return stored.in_words, row.in_words


def _value(record: Versioned, name: str) -> Any:
    return getattr(record, record._meta.get_field(name).attname)  # type: ignore[union-attr]


def _said(record: Editorial, name: str) -> str:
    """Return a value as readers read it; nothing of what is not there."""
    value = getattr(record, name)
    if isinstance(value, date):
        return in_words(value, getattr(record, PRECISION, DatePrecision.DAY))
    if record._meta.get_field(name).choices:  # type: ignore[union-attr]
        return str(getattr(record, f"get_{name}_display")())
    return "" if value is None else str(value)
