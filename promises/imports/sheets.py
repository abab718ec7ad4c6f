"""What every reader returns: one table of texts, with what was odd about it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from promises.common.refusals import Refused
from promises.common.text import FORBIDDEN

MAX_BYTES = 10_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
# Characters in one cell: five times the longest statement a person would type.
MAX_CELL = 20_000
# Rows among which the names of the columns are looked for.
TOP_ROWS = 50


class UnreadableFile(Refused):
    """The file cannot be read as a table. The message says what to do."""


@dataclass(frozen=True)
class Reading:
    """How a file is read: what was found out, or what a person has said instead.

    `header_row` counts from 1, as a spreadsheet shows it; 0 and "" mean: find out.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 0


@dataclass(frozen=True)
class SourceRow:
    """One row: its number in the file, a text for each column, what is wrong, what is odd."""

    number: int
    cells: list[str]
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """A table that was read. `remarks` are about the whole file."""

    # csv, xlsx or json.
    form: str
    columns: list[str]
    rows: list[SourceRow]
    remarks: list[str]
    reading: Reading
    # The other sheets of a workbook, by name.
    sheets: list[str] = field(default_factory=list)
    # Whether day 0 of its serial dates is 1 January 1904 (old Macintosh workbooks).
    is_1904: bool = False

    def column(self, name: str) -> list[str]:
        """Return the cells of a column, top to bottom."""
        index = self.columns.index(name)
        return [row.cells[index] for row in self.rows]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored between two pages."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Sheet":
        """Return what `as_json` has stored."""
        rows = [SourceRow(**row) for row in stored["rows"]]
        reading = Reading(**stored["reading"])
        return cls(**{**stored, "rows": rows, "reading": reading})


@dataclass
class RawRow:
    """A row as a reader found it, before the names of the columns are known."""

    number: int
    cells: list[str]
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # How many cells were written, empty ones at its end included; a reader leaves those out.
    written: int = 0

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(1 for cell in self.cells if cell.strip())


def shown(text: str, limit: int = 60) -> str:
    """Return a text of a file as a message can show it: short, on one line, nothing invisible."""
    text = FORBIDDEN.sub("�", text[: limit + 1]).replace("\n", " ").replace("\t", " ")
    return f"“{text[:limit]}…”" if len(text) > limit else f"“{text}”"


def build_sheet(
    raw: Sequence[RawRow], *, form: str, remarks: list[str], reading: Reading, **more: Any
) -> Sheet:
    """Find the names of the columns, and lay the rows below them.

    Raises UnreadableFile when there is no table, or one that is too large.
    """
    filled = [row for row in raw if row.filled]
    if not filled:
        raise UnreadableFile(_("The file holds no rows. Check that it is the right one."))
    header = _header(filled, reading.header_row)
    body = [row for row in filled if row.number > header.number]
    if not body:
        raise UnreadableFile(
            _("Below the names of the columns, in row %(row)d, there is nothing.")
            % {"row": header.number}
        )
    if len(body) > MAX_ROWS:
        raise UnreadableFile(
            _("The file has %(rows)d rows; %(limit)d fit into one import. Split it.")
            % {"rows": len(body), "limit": MAX_ROWS}
        )
    width = _width(header, body)
    columns = _names(header.cells[:width] + [""] * (width - len(header.cells)))
    if above := len([row for row in filled if row.number < header.number]):
        words = ngettext(
            "%(rows)d row above the names of the columns was passed over.",
            "%(rows)d rows above the names of the columns were passed over.",
            above,
        )
        remarks.append(words % {"rows": above})
    rows = [_laid_out(row, width) for row in body]
    found = Reading(reading.encoding, reading.delimiter, reading.sheet, header.number)
    return Sheet(form, columns, rows, remarks, found, **more)


def _header(filled: Sequence[RawRow], wanted: int) -> RawRow:
    """Return the row with the names: the one asked for, or the first about as wide as the table."""
    if wanted:
        for row in filled:
            if row.number == wanted:
                return row
        raise UnreadableFile(_("Row %(row)d is empty or does not exist.") % {"row": wanted})
    top = filled[:TOP_ROWS]
    usual = Counter(row.filled for row in top).most_common()
    most = max(count for _width, count in usual)
    width = max(width for width, count in usual if count == most)
    return next((row for row in filled[:-1][:TOP_ROWS] if row.filled >= width / 2), filled[0])


def _width(header: RawRow, body: Sequence[RawRow]) -> int:
    """Return how many columns there are: those with a name, and between them those without.

    Beyond the last name a column counts only if most rows fill it. Raises UnreadableFile.
    """
    width = len(header.cells)
    while width and not header.cells[width - 1].strip():
        width -= 1
    beyond = Counter(len(row.cells) for row in body if len(row.cells) > width)
    if sum(beyond.values()) > len(body) / 2:
        width = max(size for size, count in beyond.items() if count == max(beyond.values()))
    if width > MAX_COLUMNS:
        raise UnreadableFile(
            _("The file has %(columns)d columns; %(limit)d are read. Remove those not needed.")
            % {"columns": width, "limit": MAX_COLUMNS}
        )
    return width


def _names(cells: Iterable[str]) -> list[str]:
    """Return a name for each column: none empty, no two alike."""
    names: list[str] = []
    for index, cell in enumerate(cells):
        name = " ".join(FORBIDDEN.sub(" ", cell).split())[:100]
        name = stem = name or _("Column %(letter)s") % {"letter": letter(index)}
        number = 1
        while name in names:
            number += 1
            name = f"{stem} ({number})"
        names.append(name)
    return names


def letter(index: int) -> str:
    """Return the letters of a column as a spreadsheet shows them: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _laid_out(row: RawRow, width: int) -> SourceRow:
    """Return a row with one cell for each column, and what is wrong with it."""
    cells = [cell.strip() for cell in row.cells]
    faults, notes = list(row.faults), list(row.notes)
    extra = [cell for cell in cells[width:] if cell]
    if extra:
        words = _("It has %(cells)d cells, but there are %(columns)d columns: %(first)s is extra.")
        given = {"cells": len(cells), "columns": width, "first": shown(extra[0])}
        faults.append(words % given)
    elif (missing := width - max(row.written, len(cells))) > 0:
        words = ngettext(
            "The last cell is missing.", "The last %(cells)d cells are missing.", missing
        )
        notes.append(words % {"cells": missing})
    cells = (cells + [""] * (width - len(cells)))[:width]
    for index, cell in enumerate(cells):
        faults += _cell_faults(cell, index)
        # Refused, and kept as a sign that the database can hold.
        cells[index] = FORBIDDEN.sub("�", cell)
        if len(cell) > MAX_CELL:
            cells[index] = cells[index][:MAX_CELL]
        if cell[:1] in "=+-@" and cell[1:2] and not _is_number(cell):
            words = _("Column %(letter)s begins like a formula; it is kept as plain text.")
            notes.append(words % {"letter": letter(index)})
    return SourceRow(row.number, cells, faults, notes)


def _cell_faults(cell: str, index: int) -> list[str]:
    """Return why a cell cannot be taken as it is."""
    given = {"letter": letter(index), "limit": MAX_CELL}
    if len(cell) > MAX_CELL:
        return [_("Column %(letter)s is longer than %(limit)d characters.") % given]
    if "�" in cell:
        return [
            _(
                "Column %(letter)s holds the character � that stands for a lost one. Repair it in"
                " the source, or choose another encoding."
            )
            % given
        ]
    if found := FORBIDDEN.search(cell):
        words = _("Column %(letter)s holds an invisible control character (U+%(code)s).")
        return [words % {**given, "code": f"{ord(found.group()):04X}"}]
    return []


def _is_number(cell: str) -> bool:
    return cell.lstrip("+-").replace(".", "").replace(",", "").replace(" ", "").isdigit()
