"""Whether a spreadsheet file may be opened at all: judged before any of it is believed."""

import re
import struct
import zipfile
import zlib
from io import BytesIO

from django.utils.translation import gettext as _

from promises.imports.sheets import UnreadableFile

MAX_UNPACKED = 100_000_000
MAX_PARTS = 2_000
# Spreadsheets pack 5 to 20 times; a part of 0.1 MB and more beyond this is made to explode.
MAX_RATIO = 200
_SMALL = 100_000
# What Python's zipfile raises on archives that are not what they say they are.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError,
    ValueError, OSError,
)  # fmt: skip
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def checked_parts(content: bytes) -> dict[str, bytes]:
    """Return the XML parts of an .xlsx file by name, unpacked. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_sizes(archive)
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names:
                raise UnreadableFile(_another_kind(names))
            return {
                name: _checked(name, archive.read(name))
                for name in names
                if name.endswith((".xml", ".rels"))
            }
    except DAMAGED as error:
        raise UnreadableFile(
            _("The spreadsheet is damaged or has a password. Open it, and save it again as .xlsx.")
        ) from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """Refuse what would fill the memory. A part never unpacks to more than it declares."""
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    is_bomb = any(
        part.file_size > _SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if len(parts) > MAX_PARTS or total > MAX_UNPACKED or is_bomb:
        raise UnreadableFile(
            _(
                "Unpacked, the spreadsheet would hold %(megabytes)d MB in %(parts)d parts, too much"
                " for this desk. Copy the table into a new file, and save that."
            )
            % {"megabytes": total // 1_000_000, "parts": len(parts)}
        )


def _another_kind(names: set[str]) -> str:
    if "mimetype" in names:
        return _("This is an OpenDocument file. Save the table as .xlsx or .csv.")
    if any(name.startswith("word/") for name in names):
        return _("This is a text document. Copy its table into a spreadsheet, and save that.")
    return _("This is an archive, not a table. Unpack it, and upload the file in it.")


def _checked(name: str, part: bytes) -> bytes:
    """Refuse declarations, by which XML reads other files or grows without end."""
    # Spreadsheets write UTF-8; in another encoding the check would not see what the parser sees.
    is_plain = b"\x00" not in part[:4096] and not part.startswith((b"\xfe\xff", b"\xff\xfe"))
    if not is_plain or _DECLARATION.search(part):
        raise UnreadableFile(
            _("The spreadsheet declares entities, which no spreadsheet program does (%(part)s).")
            % {"part": name[:60]}
        )
    return part
