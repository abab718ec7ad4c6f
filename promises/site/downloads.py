"""Rows of one public table as a file for spreadsheets: the same columns as in the packages."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from promises.common.columns import Table
from promises.imports.report_file import plain_cell

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def as_csv(table: Table, ids: Iterable[int], *, name: str) -> HttpResponse:
    """Return these rows of a table, by id, as `<name>.csv`. One query."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_cell(value) for value in row.values()] for row in table.snapshots(ids))
    response = HttpResponse(
        buffer.getvalue(), content_type="text/csv; charset=utf-8; header=present"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _cell(value: Any) -> str:
    """Return a value as a cell that no spreadsheet runs; figures stay figures."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if _NUMBER.fullmatch(text) else plain_cell(text)
