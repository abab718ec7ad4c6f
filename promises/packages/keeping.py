"""Packages that are ready to be handed out: the newest, and one for each of the last days.

Each is a folder `2026-11-26.1234`, by day and edition, which takes its name when it is whole.
"""

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from promises.common.dates import utc_date
from promises.ledger.chain import current_edition
from promises.packages.dumping import SUMS, dump_package

KEPT_DAYS = 30
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d+)")


@dataclass(frozen=True)
class File:
    """One file of a package, with what it was when it was written."""

    path: Path
    sha256: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.path.name

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.path.stat().st_size


@dataclass(frozen=True)
class Kept:
    """One package: the record as it was published at the end of a day, or now."""

    day: date
    edition: int
    folder: Path

    def files(self) -> list[File]:
        """Return its files by name, the list of hashes last. The hashes are read, not computed."""
        listed = (self.folder / SUMS).read_bytes()
        lines = (line.split("  ", 1) for line in listed.decode().splitlines())
        found = [File(self.folder / name, sha256) for sha256, name in lines]
        return [*found, File(self.folder / SUMS, hashlib.sha256(listed).hexdigest())]

    def file(self, name: str) -> File | None:
        """Return the file of that name, if the package lists it."""
        return next((file for file in self.files() if file.name == name), None)


def kept_packages() -> list[Kept]:
    """Return the packages that are ready, the newest last."""
    root = Path(settings.PACKAGES)
    found = []
    for folder in root.iterdir() if root.is_dir() else ():
        if name := _NAME.fullmatch(folder.name):
            found.append(Kept(date.fromisoformat(name[1]), int(name[2]), folder))
    return sorted(found, key=lambda kept: (kept.day, kept.edition))


def kept_package(day: str) -> Kept | None:
    """Return the package of a day as YYYY-MM-DD, or the newest one for "latest"."""
    found = [kept for kept in kept_packages() if day in ("latest", kept.day.isoformat())]
    return found[-1] if found else None


def keep_package(*, now: datetime) -> bool:
    """Make the package of today if there is none of this edition; return whether one was made.

    Returns False also while another run makes one. What is older than 30 days goes, and what was
    made earlier on the same day.
    """
    root, today = Path(settings.PACKAGES), utc_date(now)
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root) as is_alone:
        if not is_alone:
            return False
        newest = kept_package("latest")
        is_new = newest is None or newest.edition != current_edition()
        if newest and not is_new and newest.day >= today:
            return False
        _make(root, today, None if is_new else newest)
        _forget(today)
    return True


def _make(root: Path, today: date, same: Kept | None) -> None:
    """Put a package in its place; one of the same edition is the same, so its files are shared."""
    following = root / ".next"
    # What a run left that was killed, or found no room.
    if following.exists():
        shutil.rmtree(following)
    if same is None:
        edition = dump_package(folder=following)
    else:
        shutil.copytree(same.folder, following, copy_function=os.link)
        edition = same.edition
    following.rename(root / f"{today}.{edition}")


def _forget(today: date) -> None:
    """Remove what is too old, and all but the newest of each day."""
    newest_of = {kept.day: kept for kept in kept_packages()}
    oldest = today - timedelta(days=KEPT_DAYS)
    for kept in kept_packages()[:-1]:
        if kept.day < oldest or newest_of[kept.day] != kept:
            shutil.rmtree(kept.folder)


@contextmanager
def _alone(root: Path) -> Iterator[bool]:
    """Tell whether no other run makes packages, and keep others out until the block ends."""
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
