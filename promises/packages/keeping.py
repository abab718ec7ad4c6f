"""Packages that are ready to be handed out: the newest, and one for each of the last days.

Each is a folder `2026-11-26.1234.9f…`, by day, edition and the ledger's hash at that edition, which
takes its name when it is whole.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError

from promises.common.canonical import timestamp
from promises.common.dates import utc_date
from promises.common.snapshots import snapshot
from promises.ledger.chain import current_edition
from promises.ledger.models import START_OF_CHAIN, Entry
from promises.packages.dumping import DESCRIPTOR, SUMS, dump_package

KEPT_DAYS = 30
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d+)\.([0-9a-f]{64})")
_WITHOUT_HASH = re.compile(r"\d{4}-\d{2}-\d{2}\.(\d+)")


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
    ledger_hash: str
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
    """Return the packages that are ready, the newest last. One query, where there is any.

    One of an edition that the ledger does not know is none: the database was restored to an
    earlier one, and what came after that is not the record any more.
    """
    found = _in_the_folder()
    hashes = [kept.ledger_hash for kept in found]
    told = set(Entry.objects.filter(hash__in=hashes).values_list("edition", "hash"))
    told.add((0, START_OF_CHAIN))
    return [kept for kept in found if (kept.edition, kept.ledger_hash) in told]


def packages_to_hand_out() -> list[Kept]:
    """Return the packages for readers: all that are there while the database is away. One query."""
    try:
        return kept_packages()
    except (OperationalError, InterfaceError):
        return _in_the_folder()


def _in_the_folder() -> list[Kept]:
    root = Path(settings.PACKAGES)
    found = []
    for folder in root.iterdir() if root.is_dir() else ():
        if name := _NAME.fullmatch(folder.name):
            found.append(Kept(date.fromisoformat(name[1]), int(name[2]), name[3], folder))
    return sorted(found, key=lambda kept: (kept.day, kept.edition))


def of_day(day: str, packages: list[Kept]) -> Kept | None:
    """Return the package of a day among these, or the newest one for "latest"."""
    found = [kept for kept in packages if day in ("latest", kept.day.isoformat())]
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
        _name_by_hash(root)
        newest = of_day("latest", kept_packages())
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
        # One moment for the files and the hash.
        with snapshot():
            edition = dump_package(folder=following)
            ledger_hash = _hash_at(edition)
    else:
        shutil.copytree(same.folder, following, copy_function=os.link)
        edition, ledger_hash = same.edition, same.ledger_hash
    following.rename(root / f"{today}.{edition}.{ledger_hash}")


def _hash_at(edition: int) -> str:
    found = Entry.objects.filter(edition=edition).values_list("hash", flat=True).first()
    return found or START_OF_CHAIN


def _name_by_hash(root: Path) -> None:
    """Give packages from before they were named by hash that name, if the ledger knows them."""
    for folder in list(root.iterdir()):
        if name := _WITHOUT_HASH.fullmatch(folder.name):
            edition = int(name[1])
            moment = Entry.objects.filter(edition=edition).values_list("at", flat=True).first()
            created = json.loads((folder / DESCRIPTOR).read_bytes()).get("created", "")
            named = root / f"{folder.name}.{_hash_at(edition)}"
            if created == (timestamp(moment) if moment else "") and not named.exists():
                folder.rename(named)


def _forget(today: date) -> None:
    """Remove what is too old, and all but the newest of each day.

    What the ledger does not know stays as long as any: it may be all that is left of an edition.
    """
    kept = kept_packages()
    newest_of = {package.day: package for package in kept}
    oldest = today - timedelta(days=KEPT_DAYS)
    for package in _in_the_folder():
        is_replaced = package in kept and newest_of[package.day] != package
        if package != kept[-1] and (package.day < oldest or is_replaced):
            shutil.rmtree(package.folder)


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
