"""Makes a backup: the database as it stands at one moment, then the stored files not yet copied.

Stored files are only ever added, so those of that moment are all there afterwards. What was
copied stays: a backup that was interrupted goes on where it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from promises.backups.programs import program, run, server_version
from promises.backups.shelf import DUMP, Backup, Manifest, Shelf, hash_of
from promises.captures.models import StoredFile
from promises.captures.store import NotStored, the_store
from promises.common.snapshots import snapshot
from promises.ledger.models import Head

Progress = Callable[[str], Any]
_SAYS_EVERY = 500


@dataclass
class Made:
    """What came of it: the backup, how many files were new, and which could not be copied."""

    backup: Backup
    copied: int = 0
    broken: list[str] = field(default_factory=list)


def make_backup(shelf: Shelf, *, now: Callable[[], datetime], progress: Progress) -> Made:
    """Make one, and return what came of it.

    Raises ProgramFailed, or OSError where the shelf cannot be written; then there is none, and what
    was half written is removed. Stored files that were copied stay.
    """
    with shelf.begun() as part:
        return _made(shelf, part, now, progress)


def _made(shelf: Shelf, part: Path, now: Callable[[], datetime], progress: Progress) -> Made:
    version = server_version()
    # One moment for the dump and for what is written about it.
    with snapshot():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            (exported,) = cursor.fetchone()
        head = Head.objects.first() or Head()
        names = list(StoredFile.objects.values_list("pk", flat=True).order_by("pk"))
        progress(f"The database, at edition {head.edition}")
        dump = part / DUMP
        words = [str(program("pg_dump", version)), "--format=custom", "--no-owner"]
        words += ["--no-privileges", f"--snapshot={exported}", f"--file={dump}"]
        run(words, progress, dump)
    manifest = Manifest(
        finished_at="",
        edition=head.edition,
        ledger_hash=head.hash,
        server_version=version,
        dump_sha256=hash_of(dump),
        dump_size=dump.stat().st_size,
        files=len(names),
        settings=list(settings.ENVIRONMENT_SET),
    )
    copied, broken = _copy_files(shelf, names, progress)
    return Made(shelf.finish(part, manifest, now()), copied, broken)


def _copy_files(shelf: Shelf, names: list[str], progress: Progress) -> tuple[int, list[str]]:
    copied, broken = 0, []
    for number, name in enumerate(names, 1):
        if not shelf.place_of(name).exists():
            try:
                with the_store().open(name) as source:
                    is_whole = shelf.keep_file(name, source)
            except NotStored:
                is_whole = False
            copied += is_whole
            if not is_whole:
                broken.append(name)
        if number % _SAYS_EVERY == 0:
            progress(f"{number} of {len(names)} stored files")
    return copied, broken
