"""Lists as CSV (RFC 4180): the rows that a filter keeps, with the fields that were asked for."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer

from promises.api.parameters import Parameter, bad_value
from promises.api.rows import RowSerializer, Values
from promises.api.values import OneOf
from promises.common.cells import cell, sheet

MEDIA_TYPE = "text/csv"
# More rows than this are no answer of a moment; the packages have them all.
MOST_ROWS = 10_000
FORMAT = Parameter(
    "format",
    OneOf(("json", "csv"), default="json"),
    f"`csv`: the rows as CSV, all of them at once, up to {MOST_ROWS:,}; with `page_size` or"
    " `cursor` one page, its neighbours in the `Link` header. Fields of an object have"
    " columns of their own (`evidence_counts.supports`), lists are JSON, and a text that a"
    " spreadsheet would run begins with an apostrophe. `Accept: text/csv` asks for the same.",
)


class CSVRenderer(JSONRenderer):
    """Says that an address answers with CSV as well. The view itself writes it."""

    media_type, format = MEDIA_TYPE, "csv"


def too_many_rows() -> Exception:
    """Return the problem of a list that is too long for one file."""
    return bad_value(
        "format",
        "csv",
        f"These are more than {MOST_ROWS:,} rows: narrow the list, take it by pages (page_size), or"
        " take the whole record from /data/latest/.",
    )


def csv_answer(
    serializer: type[RowSerializer], names: Iterable[str] | None, rows: list[Values], name: str
) -> HttpResponse:
    """Return rows of a list as `<name>.csv`, the same bytes for everybody."""
    columns = list(_columns(serializer, None if names is None else set(names)))
    cells = ([_cell(row, column) for column in columns] for row in rows)
    return sheet([(".".join(column) for column in columns), *cells], name=name)


def _columns(
    serializer: type[RowSerializer], names: set[str] | None = None
) -> Iterator[tuple[str, ...]]:
    """Yield the path of each column: the field, or a field of the object it is."""
    for name, field in serializer().fields.items():
        if names is not None and name not in names:
            continue
        if isinstance(field, RowSerializer):
            yield from ((name, *rest) for rest in _columns(type(field)))
        else:
            yield (name,)


def _cell(row: Values, column: tuple[str, ...]) -> str:
    value: Any = row
    for name in column:
        value = value.get(name) if value is not None else None
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return cell(value)
