"""Workbooks (.xlsx): the values as the person who saved them saw them, never a formula run."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import repeat
from typing import Any

from django.utils.translation import gettext as _

from promises.imports.archives import checked_parts
from promises.imports.sheets import (
    MAX_COLUMNS,
    RawRow,
    Reading,
    Sheet,
    UnreadableFile,
    build_sheet,
    letter,
)

# Cells looked at before a file is given up: empty formatted ones cost time too.
MAX_CELLS = 6_000_000
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_MAX_MERGED = 5_000
_FORMULA = re.compile(rb"<f[ >/]")


def read_workbook(content: bytes, *, reading: Reading, remarks: list[str]) -> Sheet:
    """Return one sheet of a workbook: the one asked for, or the first visible one with cells.

    Raises UnreadableFile.
    """
    parts = checked_parts(content)
    book = _opened(content, is_formulas=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    names = [sheet.title for sheet in visible]
    chosen = [sheet for sheet in visible if reading.sheet in ("", sheet.title)]
    if not chosen:
        raise UnreadableFile(
            _("The workbook has no sheet “%(name)s”.") % {"name": reading.sheet[:60]}
            if visible
            else _("All sheets of the workbook are hidden. Unhide the one to read.")
        )
    for sheet in chosen:
        if rows := _rows(sheet, content, parts):
            break
    if len(book.worksheets) > 1:
        words = _("The workbook has %(count)d sheets; “%(name)s” was read.")
        remarks.append(words % {"count": len(book.worksheets), "name": sheet.title})
    return build_sheet(
        rows,
        form="xlsx",
        remarks=remarks,
        reading=Reading("", "", sheet.title, reading.header_row),
        sheets=names,
        is_1904=book.epoch.year == 1904,
    )


def _opened(content: bytes, *, is_formulas: bool) -> Any:
    # Loaded when a workbook comes: every command would wait half a second for it.
    from openpyxl import load_workbook

    try:
        return load_workbook(
            BytesIO(content), read_only=True, data_only=not is_formulas, keep_links=False
        )
    # A damaged workbook fails somewhere inside the library, in more ways than it documents.
    except Exception as error:
        raise _damaged() from error


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        _("The spreadsheet is damaged. Open it, and save it again as .xlsx or .csv.")
    )


def _rows(sheet: Any, content: bytes, parts: dict[str, bytes]) -> list[RawRow]:
    """Return the rows of a sheet that hold something."""
    part = parts.get(str(sheet._worksheet_path).lstrip("/"), b"")
    formulas: Iterator[Any] = repeat(None)
    if _FORMULA.search(part):
        # Read a second time, with formulas: a formula without a stored result is not an empty cell.
        formulas = _cells(_opened(content, is_formulas=True)[sheet.title])
    rows: list[RawRow] = []
    looked_at = 0
    try:
        for number, (cells, sources) in enumerate(zip(_cells(sheet), formulas, strict=False), 1):
            looked_at += len(cells)
            if looked_at > MAX_CELLS:
                raise UnreadableFile(
                    _("The sheet has millions of formatted cells. Copy the table to a new file.")
                )
            row = _row(number, cells, sources)
            if row.cells:
                rows.append(row)
    except UnreadableFile:
        raise
    except Exception as error:
        raise _damaged() from error
    _fill_merged(rows, part)
    return rows


def _cells(sheet: Any) -> Iterator[Any]:
    # What the file says of its own size is often wrong.
    sheet.reset_dimensions()
    return iter(sheet.rows)


def _row(number: int, cells: Any, sources: Any) -> RawRow:
    """Return a row as texts, with what its formulas and errors mean."""
    row = RawRow(number, [])
    for index, cell in enumerate(cells):
        source = sources[index] if sources and index < len(sources) else None
        row.cells.append(_noted(row, index, cell, source))
    # A spreadsheet has every cell, written or not.
    row.written = MAX_COLUMNS
    while row.cells and not row.cells[-1].strip():
        row.cells.pop()
    if len(row.cells) > MAX_COLUMNS * 10:
        raise UnreadableFile(
            _("Row %(row)d has %(cells)d cells; %(limit)d columns are read.")
            % {"row": number, "cells": len(row.cells), "limit": MAX_COLUMNS}
        )
    return row


def _noted(row: RawRow, index: int, cell: Any, source: Any) -> str:
    """Return the text of a cell, and note what its formula or error means for the row."""
    text = "" if cell.value is None else _text(cell.value)
    is_formula = source is not None and _is_formula(source)
    given = {"letter": letter(index), "value": text}
    if cell.data_type == "e":
        words = _("Column %(letter)s holds an error of the spreadsheet: %(value)s.")
        row.faults.append(words % given)
    if is_formula and cell.value is None:
        words = _(
            "Column %(letter)s holds a formula without a stored result. Open the file in a"
            " spreadsheet program, and save it again."
        )
        row.faults.append(words % given)
        # The row is there, though the cell seems empty.
        return "?"
    if is_formula:
        row.notes.append(_("Column %(letter)s: the stored result of a formula.") % given)
    return text


def _is_formula(cell: Any) -> bool:
    return bool(cell.data_type == "f")


def _text(value: Any) -> str:
    """Return the value of a cell as text: dates by ISO 8601, whole numbers without a point."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")


def _fill_merged(rows: list[RawRow], part: bytes) -> None:
    """Repeat the value of cells that were merged downwards: it stands for all these rows."""
    from openpyxl.utils.cell import range_boundaries

    by_number = {row.number: row for row in rows}
    for found in list(_MERGED.finditer(part))[:_MAX_MERGED]:
        left, top, _right, bottom = range_boundaries(found.group(1).decode())
        if left is None or top is None or bottom is None or left > MAX_COLUMNS:
            continue
        first = by_number.get(top)
        value = first.cells[left - 1] if first and len(first.cells) >= left else ""
        for number in range(top + 1, min(bottom, top + len(rows) + 1) + 1):
            row = by_number.get(number)
            if row is None or not value:
                continue
            row.cells += [""] * (left - len(row.cells))
            if not row.cells[left - 1]:
                row.cells[left - 1] = value
                words = _("Column %(letter)s is merged with row %(row)d.")
                row.notes.append(words % {"letter": letter(left - 1), "row": top})
