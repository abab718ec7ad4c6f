"""Values as cells of CSV files (RFC 4180) that no spreadsheet runs."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

# Signs by which a spreadsheet takes a text for a formula (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def plain_cell(text: str) -> str:
    """Return a text that no spreadsheet runs: an apostrophe stands before a formula's sign."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def cell(value: Any) -> str:
    """Return a value as a cell that no spreadsheet runs; figures stay figures, nothing is ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if _NUMBER.fullmatch(text) else plain_cell(text)


def sheet(lines: Iterable[Iterable[str]], *, name: str) -> HttpResponse:
    """Return lines of cells, the first of them the names of the columns, as `<name>.csv`."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(lines)
    response = HttpResponse(
        buffer.getvalue(), content_type="text/csv; charset=utf-8; header=present"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
