"""From bytes to rows of cells: nothing that a file holds can do more than be refused.

One row at a time is in memory while it is read, and no row is longer than MAX_ROW_BYTES.
"""

import csv
import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from promises.common.text import FORBIDDEN
from promises.packages.report import Faults

MAX_ROW_BYTES = 1_000_000
# Rows with faults after which the rest of a file is not read: it is some other kind of file.
MAX_BAD_ROWS = 1000
ROWS_PER_PROGRESS = 5000

Progress = Callable[[str], None]
# Takes the number of a row and its cells.
Keep = Callable[[int, list[str]], None]

# What people save by mistake, told apart by the first bytes.
_OTHER_FORMATS = {
    b"PK\x03\x04": "This is a spreadsheet or an archive. Export the table as CSV in UTF-8.",
    b"\xd0\xcf\x11\xe0": "This is an old spreadsheet. Export the table as CSV in UTF-8.",
    b"\xff\xfe": "This text is UTF-16. Save it as CSV in UTF-8.",
    b"\xfe\xff": "This text is UTF-16. Save it as CSV in UTF-8.",
}


@dataclass
class ReadFile:
    """What was read of one file: row number → the cells of the columns asked for, in order.

    `rows` stays empty where they were given away one by one.
    """

    name: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    sha256: str = ""
    # Whether every row could be read; if not, what seems to be missing may stand in this file.
    is_whole: bool = False


class _TooLongError(Exception):
    """A row is longer than the limit."""


class _Lines:
    """The lines of a file as text, counted in bytes from the start of each row."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._offset = 0
        self._row_bytes = 0
        self._digest = hashlib.sha256()
        self.broken_at: int | None = None

    def start_row(self) -> None:
        self._row_bytes, self.broken_at = 0, None

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(MAX_ROW_BYTES + 1 - self._row_bytes)
        if not line:
            raise StopIteration
        self._row_bytes += len(line)
        if self._row_bytes > MAX_ROW_BYTES:
            raise _TooLongError
        self._digest.update(line)
        text = self._decoded(line)
        if not self._offset:
            text = text.removeprefix("\ufeff")
        self._offset += len(line)
        return f"{text[:-2]}\n" if text.endswith("\r\n") else text

    def _decoded(self, line: bytes) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            if self.broken_at is None:
                self.broken_at = self._offset + error.start
            return line.decode("utf-8", "replace")


def quoted(text: str) -> str:
    """Return a text of the file as a message can show it: short, on one line, in quotes."""
    text = FORBIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text[:61])
    text = text.replace("\n", "\\n").replace("\t", "\\t")
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def nearest(word: str, words: Collection[str]) -> str:
    """Return a question that names the word most like this one, or ""."""
    close = get_close_matches(word[:200], words, n=1, cutoff=0.75)
    return f" Did you mean “{close[0]}”?" if close else ""


def read_file(
    path: Path,
    *,
    name: str,
    columns: Sequence[str],
    faults: Faults,
    worked_out: Collection[str] = (),
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> ReadFile:
    """Read a CSV file whose header holds exactly these columns, in any order.

    `worked_out` are columns that the tracker computes itself. UTF-8, with or without a byte order
    mark; lines end with LF or CRLF. Whatever is wrong goes to `faults`; nothing is raised. Rows
    are given to `keep` as they come, else all of them are returned.
    """
    read = ReadFile(name)
    keep = keep or (lambda line, cells: read.rows.append((line, cells)))
    note = partial(faults.add, name)
    try:
        if not path.exists():
            note(None, "The file is missing.")
        elif not path.is_file():
            note(None, "This is not a file.")
        else:
            with path.open("rb") as stream:
                _read(stream, read, keep, columns, worked_out, note, progress)
    except OSError as error:
        note(None, f"The file cannot be read: {error.strerror}.")
    return read


def _read(
    stream: BinaryIO,
    read: ReadFile,
    keep: Keep,
    columns: Sequence[str],
    worked_out: Collection[str],
    note: Callable[[int | None, str], None],
    progress: Progress | None,
) -> None:
    if advice := _other_format(stream):
        return note(None, advice)
    lines = _Lines(stream)
    rows = _rows(lines)
    empty = f"The file is empty. Its columns are {', '.join(columns)}."
    line, header, reason = next(rows, (1, [], empty))
    first = next(rows, None)
    # A table without rows may lack a column: that of an older package, to which one was added.
    needed = columns if first else [column for column in columns if column in header]
    reasons = [reason] if reason else list(_header_faults(header, columns, needed, worked_out))
    for reason in reasons:
        note(line, reason)
    if reasons:
        return None
    order = [header.index(column) for column in needed]
    bad = good = 0
    for line, cells, reason in chain([first] if first else [], rows):
        if reason := reason or _row_fault(cells, header):
            bad += 1
            note(line, reason)
            if bad == MAX_BAD_ROWS:
                note(None, f"{bad} rows have faults. The rest of the file was not read.")
                break
            continue
        keep(line, [cells[index] for index in order])
        good += 1
        if progress and good % ROWS_PER_PROGRESS == 0:
            progress(f"{read.name}: {good} rows read")
    read.is_whole, read.sha256 = not bad, lines.sha256
    return None


def _other_format(stream: BinaryIO) -> str:
    """Return what to do about a file that is no CSV; one that may be stands at its beginning."""
    begins = stream.read(4)
    stream.seek(0)
    for start, advice in _OTHER_FORMATS.items():
        if begins.startswith(start):
            return advice
    is_text = b"\0" not in begins
    return "" if is_text else "This is UTF-16, or no text at all. Save the table as CSV in UTF-8."


def _rows(lines: _Lines) -> Iterator[tuple[int, list[str], str]]:
    """Yield number, cells and what is wrong with it, of each row that is not blank."""
    reader = csv.reader(lines, strict=True)
    while True:
        lines.start_row()
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_TooLongError, csv.Error) as error:
            # Where the next row begins is anyone's guess.
            yield line, [], f"{_explained(error)} The rest of the file was not read."
            return
        if lines.broken_at is not None:
            yield line, [], f"This is not UTF-8, at byte offset {lines.broken_at} of the file."
        elif cells:
            yield line, cells, ""


def _explained(error: Exception) -> str:
    """Return in words why a row could not be taken apart."""
    text = str(error)
    if isinstance(error, _TooLongError):
        return f"The row is longer than {MAX_ROW_BYTES:,} bytes."
    if "unexpected end" in text or "field limit" in text:
        return "A quote that opens a cell here is never closed."
    if "new-line character" in text:
        return "A carriage return stands outside quotes. End lines with LF or CRLF."
    return "A quote inside a quoted cell must be doubled."


def _header_faults(
    header: list[str],
    columns: Sequence[str],
    needed: Sequence[str],
    worked_out: Collection[str],
) -> Iterator[str]:
    """Yield everything by which a header is not these columns, or lacks one that is needed."""
    if len(header) == 1 and (found := next((sign for sign in ";\t|" if sign in header[0]), "")):
        yield f"The cells are separated by {quoted(found)}. Separate them by commas."
        return
    for column in dict.fromkeys(header):
        if header.count(column) > 1:
            yield f"The column {quoted(column)} stands there {header.count(column)} times."
        if column in worked_out:
            yield f"The column {quoted(column)} is worked out here. Leave it out."
        elif column not in columns:
            yield f"There is no column {quoted(column)}.{nearest(column, columns)}"
    for column in needed:
        if column not in header:
            yield f"The column {quoted(column)} is missing."


def _row_fault(cells: list[str], header: list[str]) -> str:
    """Return what is wrong with a row: not a cell for each column, or something invisible."""
    if len(cells) != len(header):
        return f"The header has {len(header)} cells, this row {len(cells)}."
    # One look at all of them: there hardly ever is one.
    if not FORBIDDEN.search("".join(cells)):
        return ""
    for column, cell in zip(header, cells, strict=True):
        if found := FORBIDDEN.search(cell):
            return (
                f"Column {quoted(column)}: invisible control character"
                f" U+{ord(found.group()):04X} at position {found.start() + 1}."
            )
    return ""
