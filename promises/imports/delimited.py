"""CSV and its relatives: whatever separates the cells, whatever stands above the table."""

import csv
import io
from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promises.imports.sheets import (
    MAX_COLUMNS,
    RawRow,
    Reading,
    Sheet,
    UnreadableFile,
    build_sheet,
)

DELIMITERS = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("vertical bar"),
}
_SAMPLE_ROWS = 50
# Physical rows, blank ones included, after which a file is given up.
_MAX_LINES = 1_200_000


def read_delimited(text: str, *, reading: Reading, encoding: str, remarks: list[str]) -> Sheet:
    """Return the table of a text. Raises UnreadableFile."""
    skipped, declared = 0, ""
    # The first line by which one spreadsheet program tells another what separates the cells.
    if text[:4].lower() == "sep=" and text[4:5] in DELIMITERS:
        declared, skipped = text[4], 1
        text = text.partition("\n")[2]
    delimiter = reading.delimiter or declared or _delimiter_of(text)
    rows = _rows(text, delimiter, skipped, remarks)
    found = Reading(encoding, delimiter, "", reading.header_row)
    return build_sheet(rows, form="csv", remarks=remarks, reading=found)


def _delimiter_of(text: str) -> str:
    """Return what separates the cells: the sign that makes the most rows equally wide."""
    scores = {}
    for sign in DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for number, cells in enumerate(csv.reader(io.StringIO(text, ""), delimiter=sign)):
                if cells:
                    widths[len(cells)] += 1
                if number >= _SAMPLE_ROWS:
                    break
        except csv.Error:
            continue
        alike = [(count, width) for width, count in widths.items() if width > 1]
        scores[sign] = max(alike, default=(0, 0))
    best = max(scores, key=lambda sign: scores[sign], default=",")
    return best if scores.get(best, (0, 0))[0] else ","


def _rows(text: str, delimiter: str, skipped: int, remarks: list[str]) -> list[RawRow]:
    """Take the text apart: strictly if that goes, else as the quotes allow, which is remarked."""
    try:
        return _parsed(text, delimiter, skipped, is_strict=True)
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise UnreadableFile(
                _('A quote (") that opens a cell is never closed; the rest of the file is in it.')
            ) from error
    try:
        rows = _parsed(text, delimiter, skipped, is_strict=False)
    except csv.Error as error:
        raise UnreadableFile(
            _("The rows cannot be told apart: a cell is longer than 131,072 characters.")
        ) from error
    remarks.append(_("Some quotes inside cells are not doubled. Check the rows that hold quotes."))
    return rows


def _parsed(text: str, delimiter: str, skipped: int, *, is_strict: bool) -> list[RawRow]:
    """Return the rows, numbered as a spreadsheet shows them. Raises csv.Error, UnreadableFile."""
    rows: list[RawRow] = []
    reader = csv.reader(io.StringIO(text, ""), delimiter=delimiter, strict=is_strict)
    for number, cells in enumerate(reader, start=1 + skipped):
        written = len(cells)
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > MAX_COLUMNS * 10:
            raise UnreadableFile(
                _("Row %(row)d has %(cells)d cells; %(limit)d columns are read.")
                % {"row": number, "cells": len(cells), "limit": MAX_COLUMNS}
            )
        if number > _MAX_LINES:
            raise UnreadableFile(_("The file has too many lines. Split it."))
        if cells:
            lines = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
            rows.append(RawRow(number, lines, written=written))
    return rows
