"""Text of PDF files and workbooks, with bounds on what a file may cost."""

import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path

from promises.sources.reading import MOST_CHARACTERS, XLSX, PageRead

# Seconds for one file; looked at between rows.
MOST_SECONDS = 20
_MOST_UNPACKED = 100_000_000
_MOST_PARTS = 2_000
# Workbooks pack 5 to 20 times; a part of 0.1 MB and more that packs more is made to explode.
_MOST_RATIO = 200
_SMALL = 100_000
_MOST_SHEETS, _MOST_ROWS, _MOST_CELLS = 50, 50_000, 200
# Of the parts of a workbook, those that are XML.
XML = (".xml", ".rels")
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


class NotRead(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """A document could not be read within its bounds."""


def read_pdf(content: bytes, *, seconds: int = MOST_SECONDS) -> PageRead:
    """Read the text of a PDF in a process of its own, which ends after so many seconds of work.

    Scanned pages have no text. Raises NotRead on damaged files, on those with a password and on
    those that cost too much.
    """
    script = Path(__file__).with_name("pdf_text.py")
    try:
        done = subprocess.run(  # noqa: S603 -- our own script
            [sys.executable, "-I", str(script), str(seconds)],
            input=content,
            capture_output=True,
            timeout=seconds * 3,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        # On a machine that is busy with something else.
        raise NotRead(f"It was not read within {seconds * 3} seconds.") from error
    if done.returncode:
        raise NotRead(done.stderr.decode("utf-8", "replace")[-300:] or f"ended {done.returncode}")
    found = json.loads(done.stdout)
    return PageRead("application/pdf", found["title"], found["text"], found["text"])


def read_workbook(content: bytes) -> PageRead:
    """Read the cells of a workbook as lines of text. Raises ValueError for one that is a trap."""
    from openpyxl import load_workbook

    _refuse_traps(content)
    ends_at = time.monotonic() + MOST_SECONDS
    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    lines, size = list[str](), 0
    for sheet in book.worksheets[:_MOST_SHEETS]:
        lines.append(sheet.title)
        # What the file says of its own size is often wrong.
        sheet.reset_dimensions()
        for row in islice(sheet.iter_rows(values_only=True), _MOST_ROWS):
            cells = [str(value) for value in row[:_MOST_CELLS] if value is not None]
            if cells:
                lines.append(" | ".join(cells))
                size += len(lines[-1])
            if size > MOST_CHARACTERS or time.monotonic() > ends_at:
                break
    text = "\n".join(lines)
    return PageRead(XLSX, str(book.properties.title or ""), text, text)


def _refuse_traps(content: bytes) -> None:
    """Raise ValueError for a file that would fill the memory or that declares entities."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if would_explode(parts):
            raise ValueError("It would unpack to more than it can honestly hold.")
        for part in parts:
            if part.filename.endswith(XML) and may_declare_entities(archive.read(part)):
                raise ValueError("It declares entities, which no spreadsheet program does.")


def would_explode(parts: Sequence[zipfile.ZipInfo]) -> bool:
    """Tell whether the parts of a workbook unpack to more than they can honestly hold.

    A part never unpacks to more than it declares.
    """
    is_bomb = any(
        part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    total = sum(part.file_size for part in parts)
    return is_bomb or len(parts) > _MOST_PARTS or total > _MOST_UNPACKED


def may_declare_entities(part: bytes) -> bool:
    """Tell whether a part of XML may make its reader open other files, or grow without end."""
    # Workbooks are UTF-8; in another encoding the check would not see what the parser sees.
    is_utf_8 = b"\x00" not in part[:4096] and not part.startswith((b"\xfe\xff", b"\xff\xfe"))
    return not is_utf_8 or _DECLARATION.search(part) is not None
