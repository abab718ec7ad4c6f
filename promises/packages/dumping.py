"""The whole published record as files: the same bytes for the same edition.

A package is written beside its place and takes it at the end, so that a run that was killed
leaves nothing half-made there; the next run clears what it left.
"""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from promises.common.canonical import timestamp
from promises.common.columns import Table
from promises.common.full import is_full
from promises.common.refusals import Refused
from promises.common.snapshots import snapshot
from promises.ledger.models import Entry
from promises.packages.accompanying import accompanying
from promises.packages.archive import write_archive
from promises.packages.copying import write_lines, write_sheet
from promises.packages.database_file import DatabaseFile, database_file
from promises.packages.describing import LICENCE, citation, described
from promises.packages.leaving import LEAVING
from promises.packages.popolo import write_popolo
from promises.packages.reading import Progress

SUMS, DESCRIPTOR, DATABASE, ARCHIVE, POPOLO = (
    "SHA256SUMS",
    "datapackage.json",
    "tracker.sqlite",
    "package.zip",
    "popolo.json",
)


class NoRoomForPackage(Refused):
    """There is something else where the package should go, or another run, or no room."""


def dump_package(*, folder: Path, progress: Progress | None = None) -> int:
    """Write the published record into a folder, in place of an older package; return the edition.

    Raises NoRoomForPackage, also when the disk is full; what was there stays then. Reads one
    snapshot of the database a few rows at a time.
    """
    say = progress or (lambda _words: None)
    folder = folder.absolute()
    # Whoever is refused leaves nothing behind, no lock either: so the database is asked first.
    Entry.objects.exists()
    _refuse_something_else(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        _refuse_something_else(folder)
        part, old = _beside(folder, "part"), _beside(folder, "old")
        _clear(part, old)
        part.mkdir()
        try:
            with snapshot():
                edition = _write(part, say)
        except BaseException as error:
            _clear(part)
            if is_full(error):
                words = f"The disk is full: nothing is written to {folder}."
                raise NoRoomForPackage(words) from error
            raise
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
        _clear(old)
    return edition


def _write(folder: Path, say: Progress) -> int:
    newest = Entry.objects.order_by("-edition").values_list("edition", "at").first()
    edition, created = (newest[0], timestamp(newest[1])) if newest else (0, "")
    home = settings.SITE_URL
    facts = {
        "edition": str(edition),
        "licence": LICENCE["path"],
        "cite_as": citation(edition, home),
    }
    with database_file(folder / DATABASE) as database:
        for table in LEAVING:
            count = _write_table(table, folder, database)
            say(f"{table.name}: {count} rows")
        database.describe(facts)
    files = {path.name: _sized(path) for path in sorted(folder.glob("*.csv"))}
    descriptor = described(edition=edition, created=created, home=home, files=files)
    _write_text(folder / DESCRIPTOR, f"{json.dumps(descriptor, indent=2, ensure_ascii=False)}\n")
    write_popolo(folder / POPOLO, facts=facts, home=home)
    for name, text in accompanying(edition=edition, created=created, home=home).items():
        _write_text(folder / name, text)
    say("Packing")
    write_archive(folder / ARCHIVE, _of_the_archive(folder))
    _write_sums(folder)
    return edition


def _write_table(table: Table, folder: Path, database: DatabaseFile) -> int:
    """Write a table as CSV, as JSON lines and into the database; return how many rows it has."""
    count = write_sheet(table, folder / f"{table.name}.csv")
    lines = folder / f"{table.name}.jsonl"
    write_lines(table, lines)
    database.begin(table)
    with lines.open(encoding="utf-8", newline="\n") as written:
        database.add(table, (tuple(json.loads(line).values()) for line in written))
    return count


def _of_the_archive(folder: Path) -> list[Path]:
    """Return the files that together are a package: all but other forms of the same rows."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.suffix != ".jsonl" and path.name not in (DATABASE, ARCHIVE)
    ]


def _write_sums(folder: Path) -> None:
    sums = [f"{_sized(path)[1]}  {path.name}\n" for path in sorted(folder.iterdir())]
    _write_text(folder / SUMS, "".join(sums))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def _sized(path: Path) -> tuple[int, str]:
    """Return how many bytes a file has, and their SHA-256."""
    with path.open("rb") as stream:
        return path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder until the block ends, or this process does."""
    with _beside(folder, "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise NoRoomForPackage(f"Another run is writing {folder} just now.") from taken
        yield


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name}.{what}")


def _refuse_something_else(folder: Path) -> None:
    if folder.exists() and not _is_package(folder):
        raise NoRoomForPackage(f"{folder} holds something else. Name an empty or new folder.")


def _is_package(folder: Path) -> bool:
    """Whether a folder may be replaced: it is empty, or a package that was dumped."""
    return folder.is_dir() and ((folder / SUMS).is_file() or not any(folder.iterdir()))


def _clear(*folders: Path) -> None:
    for folder in folders:
        if folder.exists():
            shutil.rmtree(folder)
