"""Whether a spreadsheet file may be opened at all: judged before any of it is believed."""

import re
import struct
import zipfile
import zlib
from io import BytesIO

from django.utils.translation import gettext as _

from promises.imports.sheets import UnreadableFile
from promises.sources.documents import XML, may_declare_entities, would_explode

# What Python's zipfile raises on archives that are not what they say they are.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError,
    ValueError, OSError,
)  # fmt: skip

# Where the workbook itself stands in the archive; what else is in it is not read.
_WORKBOOK = "xl/"
# No tag and no text of a workbook is as long as this: a cell holds 32,767 characters.
_TOO_LONG = re.compile(rb"<[^<]{500000}")
# A row, a cell and what stands in it are forgotten once they are read. All else is kept in memory.
_KEPT = re.compile(rb"<(?!/|(?:\w+:)?(?:row|c|v|f|is|r|t)[\s/>])")
_MOST_KEPT = 200_000
# Each name of an attribute is kept to the end, and workbooks know some hundreds. Those that every
# cell has are passed over.
_ATTRIBUTE = re.compile(rb"""\s(?!(?:r|s|t|spans)=)([^\s=<>"'/]+)\s*=\s*["']""")
_MOST_NAMES = 5_000


def checked_parts(content: bytes) -> dict[str, bytes]:
    """Return the XML parts of an .xlsx file by name, unpacked. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_sizes(archive)
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names:
                raise UnreadableFile(_another_kind(names))
            return {
                name: _checked(name, archive.read(name)) for name in names if name.endswith(XML)
            }
    except DAMAGED as error:
        raise UnreadableFile(
            _("The spreadsheet is damaged or has a password. Open it, and save it again as .xlsx.")
        ) from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """Refuse what would fill the memory."""
    parts = archive.infolist()
    if would_explode(parts):
        total = sum(part.file_size for part in parts)
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
    if may_declare_entities(part):
        raise UnreadableFile(
            _("The spreadsheet declares entities, which no spreadsheet program does (%(part)s).")
            % {"part": name[:60]}
        )
    if name.startswith(_WORKBOOK) and _fills_the_memory(name, part):
        raise UnreadableFile(
            _(
                "The spreadsheet holds far more than cells (%(part)s), too much for this desk. Copy"
                " the table into a new file, and save that."
            )
            % {"part": name[:60]}
        )
    return part


def _fills_the_memory(name: str, part: bytes) -> bool:
    """Tell whether its reader would need many times the memory that the part has."""
    if _TOO_LONG.search(part) or _has_too_many_names(part):
        return True
    if not name.startswith(f"{_WORKBOOK}worksheets/"):
        return False
    return any(number >= _MOST_KEPT for number, _tag in enumerate(_KEPT.finditer(part), 1))


def _has_too_many_names(part: bytes) -> bool:
    """Tell whether it has more names of attributes than any workbook."""
    names = set[bytes]()
    for found in _ATTRIBUTE.finditer(part):
        names.add(found[1])
        if len(names) > _MOST_NAMES:
            return True
    return False
