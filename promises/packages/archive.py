"""package.zip: files packed so that the same files give the same bytes."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# The earliest day that an archive can name: when a package was made says its descriptor.
_DAY = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o100644


def write_archive(path: Path, files: Iterable[Path]) -> None:
    """Pack files in this order, each without the time and the owner it has here."""
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for file in files:
            entry = ZipInfo(file.name, _DAY)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system, entry.external_attr = _UNIX, _READABLE << 16
            entry.file_size = file.stat().st_size
            with file.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
