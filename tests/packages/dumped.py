"""What the files of a package are called, and their bytes; the same once more, in Python."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

from promises.common.canonical import plain
from promises.common.columns import Table
from promises.packages.describing import type_of
from promises.packages.leaving import LEAVING, leaving_columns, public_rows
from promises.packages.shielding import SHIELD, SHIELDED
from promises.packages.tables import ORDER

TEXTS = ["README.txt", "LICENCE.txt", "CITATION.cff"]
FILES = sorted(
    [
        *(f"{table.name}.{kind}" for table in LEAVING for kind in ("csv", "jsonl")),
        *("datapackage.json", "tracker.sqlite", "popolo.json", "package.zip", "SHA256SUMS"),
        *TEXTS,
    ]
)
# The files of the tables that come back.
TRAVEL = [f"{table.name}.{kind}" for table in ORDER for kind in ("csv", "jsonl")]


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def shielded(text: str) -> str:
    """Return a text with an apostrophe in front where a spreadsheet would run it."""
    return f"{SHIELD}{text}" if text.startswith(SHIELDED) else text


def as_python_writes(table: Table) -> tuple[str, str]:
    """Return the sheet and the JSON lines of a table, made by Python row by row."""
    columns = leaving_columns(table)
    names = [column.name for column in columns]
    texts = [type_of(table, column) == "string" for column in columns]
    sheet, lines = StringIO(), StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(names)
    for values in public_rows(table):
        row = tuple(map(plain, values[:-1]))
        writer.writerow(map(_cell, row, texts))
        whole = dict(zip(names, row, strict=True))
        lines.write(f"{json.dumps(whole, ensure_ascii=False, separators=(',', ':'))}\n")
    return sheet.getvalue(), lines.getvalue()


def _cell(value: Any, is_text: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return shielded(str(value)) if is_text else str(value)
