"""What is large and only passes through, aside in temporary files; or no place for it."""

import errno
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO

from django.core.files.uploadhandler import TemporaryFileUploadHandler

log = logging.getLogger(__name__)


class NoPlaceAside(Exception):  # noqa: N818 -- a sentence about the disk, not about the code
    """No temporary file can be made or written, which the log says already."""


def place_aside() -> BinaryIO:
    """Return a file that keeps nothing back, so that it is full at once.

    Where there is no place for one, it is writing into it that says why.
    """
    try:
        return tempfile.TemporaryFile(buffering=0)
    except OSError as error:
        return _Nowhere(error)


def is_kept_aside(piece: bytes, body: BinaryIO) -> bool:
    """Write it, and tell whether there was room for all of it; the log says why not."""
    try:
        with told("what is sent to us"):
            # A file that keeps nothing back takes less where its disk is full, and says nothing.
            if body.write(piece) < len(piece):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except NoPlaceAside:
        return False
    return True


class UploadAside(TemporaryFileUploadHandler):
    """Django's second copy of a large file. Raises NoPlaceAside where there is no place for it."""

    def new_file(self, *given: Any, **named: Any) -> None:
        """Make the file."""
        with told("what is sent to us"):
            super().new_file(*given, **named)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece."""
        with told("what is sent to us"):
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        """Write what was kept back, and hand the file out."""
        with told("what is sent to us"):
            return super().file_complete(file_size)


class _Nowhere(BytesIO):
    """Stands for a file that could not be made."""

    def __init__(self, why: OSError) -> None:
        super().__init__()
        self.why = why

    def write(self, _piece: Any, /) -> int:
        raise self.why


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say in the log for what there is no place, where and why: full, read only, gone."""
    try:
        yield
    except OSError as error:
        where = tempfile.tempdir or "any folder"
        log.error("There is no room for %s in %s: %s.", what, where, error.strerror)
        raise NoPlaceAside from error
