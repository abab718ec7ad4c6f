"""Where the bytes are: each file named by its SHA-256, the same bytes kept once.

The default is a folder, safe under any number of writers and under kill -9: a file is written
beside its place, made durable and then moved there in one step (rename, POSIX). Files are only
ever added. `CAPTURE_STORE` names another folder, or an object store that speaks S3.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Protocol
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from promises.captures.copies import Stored
from promises.common.durable import make_durable
from promises.common.full import is_full
from promises.common.refusals import Refused

CHUNK = 1 << 20


class NotStored(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """There is no file of that name in the store."""


class NoRoomForCopies(Refused):
    """The disk of the store is full. Nothing is kept."""


class Store(Protocol):
    """Keeps files for good."""

    def keep(self, source: IO[bytes]) -> Stored:
        """Keep what is left to read of a file. Raises NoRoomForCopies."""

    def open(self, name: str) -> IO[bytes]:
        """Open a file by its SHA-256. Raises NotStored."""

    def remove_parts(self, before: datetime) -> int:
        """Remove what killed writers left half written before then; return how many files."""


def the_store() -> Store:
    """Return the store that settings.CAPTURE_STORE names."""
    return _store(settings.CAPTURE_STORE)


@lru_cache(maxsize=4)
def _store(address: str) -> Store:
    if address.startswith("s3://"):
        # Heavy, and needed by few.
        from promises.captures.object_store import ObjectStore

        return ObjectStore(address)
    return FolderStore(Path(address))


class FolderStore:
    """Files in a folder: `ab/cd/abcd…`, and `incoming/` for what is not whole yet."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, source: IO[bytes]) -> Stored:
        """Write a file beside its place, make it durable, and move it there in one step.

        Where the same bytes are already, they are put there again: that mends a damaged file.
        Raises NoRoomForCopies.
        """
        try:
            return self._keep(source)
        except OSError as error:
            if is_full(error):
                raise NoRoomForCopies(_("The disk that copies are kept on is full.")) from error
            raise

    def _keep(self, source: IO[bytes]) -> Stored:
        incoming = self._root / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        part = incoming / uuid4().hex
        try:
            with part.open("xb") as file:
                name, size = copied(source, file)
                file.flush()
                os.fsync(file.fileno())
            place = self._place(name)
            place.parent.mkdir(parents=True, exist_ok=True)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        for folder in (place.parent, place.parent.parent, self._root):
            make_durable(folder)
        return Stored(name, size)

    def open(self, name: str) -> IO[bytes]:
        """Open a file by its SHA-256. Raises NotStored."""
        try:
            return self._place(name).open("rb")
        except FileNotFoundError as error:
            raise NotStored(name) from error

    def remove_parts(self, before: datetime) -> int:
        """Remove what killed writers left half written before then; return how many files."""
        removed = 0
        for part in (self._root / "incoming").glob("*"):
            # Whoever was slow has moved it to its place meanwhile.
            with suppress(FileNotFoundError):
                if part.stat().st_mtime < before.timestamp():
                    part.unlink()
                    removed += 1
        return removed

    def _place(self, name: str) -> Path:
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            raise NotStored(name)
        return self._root / name[:2] / name[2:4] / name


def copied(source: IO[bytes], target: IO[bytes]) -> tuple[str, int]:
    """Copy a file; return the SHA-256 of what was copied, and how much it was."""
    digest, size = sha256(), 0
    for piece in pieces(source):
        digest.update(piece)
        size += len(piece)
        target.write(piece)
    return digest.hexdigest(), size


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    """Yield a file piece by piece."""
    while piece := source.read(CHUNK):
        yield piece


def is_whole(name: str) -> bool:
    """Read a stored file and tell whether its bytes are still those of its name.

    Raises NotStored.
    """
    digest = sha256()
    with the_store().open(name) as file:
        for piece in pieces(file):
            digest.update(piece)
    return digest.hexdigest() == name
