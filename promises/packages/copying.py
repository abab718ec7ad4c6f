"""A table as a sheet and as JSON lines, formed by the database and streamed by its COPY.

Nothing of a table is held here, however long it is. What the statements make is, byte for byte,
what Python's csv and json make of the same rows; a test holds the two side by side.
"""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.db import connection

from promises.common.columns import Table
from promises.packages.describing import type_of
from promises.packages.leaving import leaving_columns, public_rows
from promises.packages.shielding import SHIELDED

# How a type leaves, where the database would write it otherwise than `canonical.plain`.
_WRITTEN = {
    "datetime": """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    "number": "trim_scale({0})::text",
    "list": "array_to_string({0}, ',')",
}
# An empty text is an empty cell, as nothing is; what a spreadsheet would run gets its apostrophe.
# Most texts begin with a letter, which comes after all these signs. Figures and dates cannot be
# formulas, and stay what they are to every program.
_SIGNS = sorted(map(ord, SHIELDED))
_IN_A_SHEET = {
    "string": f"CASE WHEN ascii({{0}}) > {_SIGNS[-1]} THEN {{0}} WHEN {{0}} = '' THEN NULL"
    f" WHEN ascii({{0}}) IN ({', '.join(map(str, _SIGNS))}) THEN '''' || {{0}} ELSE {{0}} END",
    "boolean": "{0}::text",
    "list": "nullif(array_to_string({0}, ','), '')",
}
_ORDERED = 'SELECT {} FROM {{rows}} ORDER BY "#"'
_SHEET = "FORMAT csv"
# JSON has neither of these two signs, so nothing is quoted or escaped once more.
_LINES = "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'"
# Dates as ISO 8601, whatever the server's own way is. And whole tables are joined by hashes: after
# a load the planner knows no sizes yet, and would walk through one for each row of another.
_FOR_WHOLE_TABLES = "SET LOCAL datestyle = 'ISO'; SET LOCAL enable_nestloop = off"
_BUFFER = 1 << 20


def write_sheet(table: Table, path: Path) -> int:
    """Write the public rows of a table as CSV, the names of the columns first; return how many."""
    columns = _columns(table, {**_WRITTEN, **_IN_A_SHEET})
    names = [column.name for column in leaving_columns(table)]
    with path.open("wb", buffering=_BUFFER) as file:
        file.write(f"{','.join(names)}\n".encode())
        return _copy(_ORDERED.format(columns), _SHEET, table, file)


def write_lines(table: Table, path: Path) -> int:
    """Write the public rows of a table as JSON, one object a line; return how many."""
    columns = _columns(table, _WRITTEN)
    ordered = _ORDERED.format(columns)
    statement = f"SELECT row_to_json(line) FROM ({ordered}) line"  # noqa: S608 -- our own names
    with path.open("wb", buffering=_BUFFER) as file:
        return _copy(statement, _LINES, table, file)


def _columns(table: Table, written: dict[str, str]) -> str:
    """Return the list of a SELECT: each column in its form, under its own name."""
    forms = [
        (written.get(type_of(table, column), "{0}").format(f'"{column.name}"'), column.name)
        for column in leaving_columns(table)
    ]
    return ", ".join(f'{form} AS "{name}"' for form, name in forms)


def _copy(statement: str, form: str, table: Table, file: BinaryIO) -> int:
    """Stream what a statement over the `{rows}` of a table finds; return how many rows it were."""
    found, parameters = public_rows(table).order_by().query.sql_with_params()
    names = ", ".join(f'"{column.name}"' for column in leaving_columns(table))
    asked = statement.format(rows=f'({found}) AS found ({names}, "#")')
    write: Callable[[bytes], int] = file.write
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.execute(_FOR_WHOLE_TABLES)
        complete = cursor.mogrify(f"COPY ({asked}) TO STDOUT ({form})", parameters)
        with cursor.copy(complete) as rows:
            for row in rows:
                write(row)
        count = int(cursor.rowcount)
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
        return count
