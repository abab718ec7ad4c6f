"""Workbooks made in the test itself, and their parts exchanged."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

from openpyxl import Workbook


def book(*rows: list[Any], prepare: Callable[[Any], None] | None = None) -> bytes:
    """A workbook with these rows in its first sheet; `prepare` may do more to it."""
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    if prepare:
        prepare(workbook)
    buffer = BytesIO()
    workbook.save(buffer)
    workbook.close()
    return buffer.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed, or added where there is none of this name."""
    buffer = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return buffer.getvalue()
