"""Numbers that only go up, counted by each process of a machine in a file that it alone writes.

Whoever watches adds the files up. A file is held by a lock of the system for as long as its
process lives; the next process takes it over and counts on. So no number ever goes down, nothing
is emptied at a start, and there are no more files than processes that ever ran side by side.
"""

import fcntl
import mmap
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection

# Each number stands behind its name, filled up with zeros: both of a fixed size.
_RECORD, _NAME = 160, 152
MOST_NAMES = 8192
_SIZE = _RECORD * MOST_NAMES
_MOST_FILES = 256


class Tally:
    """The numbers of this process. Without a folder nobody else sees them."""

    def __init__(self, folder: Path | None) -> None:
        shared = _own_file(folder) if folder else None
        self._memory = shared or mmap.mmap(-1, _SIZE)
        self._numbers = memoryview(self._memory).cast("d")
        self._places = {name: place for place, name in _names(self._memory)}
        self._one_names = threading.Lock()

    def add(self, name: str, amount: float = 1.0) -> None:
        """Add to a number. What is one too many, or has too long a name, is not counted."""
        place = self._places.get(name)
        if place is None:
            place = self._new_place(name)
        # No lock, which would cost more than all the rest: a thread of CPython is not interrupted
        # within a statement that calls nothing.
        self._numbers[place] += amount

    def _new_place(self, name: str) -> int:
        written = name.encode()
        with self._one_names:
            place = self._places.get(name)
            if place is None:
                number = len(self._places)
                if number >= MOST_NAMES - 1 or len(written) >= _NAME:
                    # The last record has no name: nobody reads it.
                    return MOST_NAMES * _RECORD // 8 - 1
                start = number * _RECORD
                self._memory[start : start + len(written)] = written
                place = self._places[name] = (start + _NAME) // 8
        return place


def totals(folder: Path) -> Counter[str]:
    """Return every number that was counted in this folder, added up over its files."""
    found: Counter[str] = Counter()
    for path in sorted(folder.glob("tally-*")):
        with path.open("rb") as file, suppress(ValueError):
            memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            numbers = memoryview(memory).cast("d")
            for place, name in _names(memory):
                found[name] += numbers[place]  # type: ignore[assignment] # seconds are counted too
            numbers.release()
            memory.close()
    return found


def folder_of_this_machine() -> Path:
    """Return where the processes here that work on this database count."""
    address = connection.settings_dict
    words = "\0".join(str(address[name]) for name in ("HOST", "PORT", "NAME"))
    return Path(settings.HOST_FOLDER) / f"tally-{sha256(words.encode()).hexdigest()[:16]}"


@cache
def the_tally() -> Tally:
    """Return where this process counts."""
    return Tally(folder_of_this_machine())


# The child of a process counts in a file of its own.
os.register_at_fork(after_in_child=the_tally.cache_clear)


def _own_file(folder: Path) -> mmap.mmap | None:
    """Return the first file that no living process holds, or None where none can be had."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(_MOST_FILES):
            path = folder / f"tally-{number}"
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                continue
            if os.fstat(file).st_size != _SIZE:
                os.ftruncate(file, 0)
            # Its room is taken now: to count into a hole of a file on a full disk is the end of a
            # process (SIGBUS).
            os.posix_fallocate(file, 0, _SIZE)
            # The descriptor stays open, and with it the lock, until this process ends.
            return mmap.mmap(file, _SIZE)
    return None


def _names(memory: mmap.mmap) -> Iterator[tuple[int, str]]:
    """Yield the place and the name of each number in a file."""
    for start in range(0, _SIZE - _RECORD, _RECORD):
        name = memory[start : start + _NAME].rstrip(b"\0")
        if not name:
            return
        yield (start + _NAME) // 8, name.decode()
