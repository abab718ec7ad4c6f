"""Rows of one public table as a file for spreadsheets: the same columns as in the packages."""

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse

from promises.common.cells import cell
from promises.common.columns import Table


def as_csv(table: Table, ids: Iterable[int], *, name: str) -> HttpResponse:
    """Return these rows of a table, by id, as `<name>.csv`. One query."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in table.columns])
    writer.writerows([cell(value) for value in row.values()] for row in table.snapshots(ids))
    response = HttpResponse(
        buffer.getvalue(), content_type="text/csv; charset=utf-8; header=present"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
