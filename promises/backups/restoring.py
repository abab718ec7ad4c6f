"""Brings a backup back into an empty place, and sees that all of it is as it was.

The stored files come first, each as often as one likes; the database comes in one transaction.
So whatever interrupts a restore, it can be run again: a mark in the database says of which backup
it is the restore, until all was found whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from promises.backups.programs import program, run, server_version
from promises.backups.shelf import FILES, Backup, Shelf, hash_of
from promises.captures.models import StoredFile
from promises.captures.store import NotStored, is_whole, the_store
from promises.ledger.chain import verify_chain
from promises.ledger.models import Head

Progress = Callable[[str], Any]
_SAYS_EVERY = 500
_SCHEMA, _MARK = "restore_under_way", "restore_under_way.of_backup"


class NotRestored(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """A backup cannot be brought back here, or what came back is not what it was."""


@dataclass(frozen=True)
class Restored:
    """What was found when all was there."""

    edition: int
    entries: int
    files: int


def restore(shelf: Shelf, backup: Backup, *, progress: Progress) -> Restored:
    """Restore a backup and check it.

    Raises NotRestored where the database is not empty, unless a restore of this very backup was
    interrupted there: then it goes on. Raises NotWhole where the backup is none, and ProgramFailed
    when PostgreSQL refuses.
    """
    manifest = backup.manifest
    is_there = _is_there(backup)
    if not is_there and not backup.dump.is_file():
        raise NotRestored(f"{backup.dump} is missing. Nothing was changed.")
    if not is_there and hash_of(backup.dump) != manifest.dump_sha256:
        raise NotRestored(f"{backup.dump} is damaged: its hash is not that of the manifest.")
    _bring_files(shelf, progress)
    if is_there:
        progress("The database is there already")
    else:
        progress(f"The database, at edition {manifest.edition}")
        version = server_version()
        _mark(backup)
        connection.close()
        words = [str(program("pg_restore", max(version, manifest.server_version)))]
        words += ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        run([*words, f"--dbname={connection.settings_dict['NAME']}", str(backup.dump)])
    restored = check(backup, progress=progress)
    _unmark()
    return restored


def check(backup: Backup, *, progress: Progress) -> Restored:
    """See that ledger and stored files are those of the backup. Raises NotRestored."""
    manifest = backup.manifest
    progress("Checking the ledger")
    verdict = verify_chain()
    if verdict.fault:
        raise NotRestored(f"Entry {verdict.edition} of the ledger {verdict.fault}.")
    head = Head.objects.first() or Head()
    if (head.edition, head.hash) != (manifest.edition, manifest.ledger_hash):
        raise NotRestored(
            f"The ledger ends at edition {head.edition}; the backup says {manifest.edition}."
        )
    names = list(StoredFile.objects.values_list("pk", flat=True).order_by("pk"))
    progress(f"Checking {len(names)} stored files")
    broken = [name for name in names if not _stands(name)]
    if broken:
        raise NotRestored(
            f"{len(broken)} of {len(names)} stored files are missing or damaged:"
            f" {', '.join(broken[:3])}"
        )
    return Restored(head.edition, verdict.entries, len(names))


def _stands(name: str) -> bool:
    try:
        return is_whole(name)
    except NotStored:
        return False


def _is_there(backup: Backup) -> bool:
    """Tell whether an interrupted restore brought this backup; False when there is nothing.

    Raises NotRestored when the database holds anything else, be it of the same edition: what is
    being written there now is in no ledger.
    """
    tables = connection.introspection.table_names()
    if not tables:
        return False
    if _marked() == backup.manifest.dump_sha256:
        return True
    raise NotRestored(
        f"The database {connection.settings_dict['NAME']} is not empty: it has"
        f" {len(tables)} tables. Nothing was changed. Restore into a new, empty one."
    )


def _marked() -> str | None:
    """Return the hash of the dump whose restore was begun here and has not ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [_MARK])
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute("SELECT dump_sha256 FROM restore_under_way.of_backup")
        return str(cursor.fetchone()[0])


def _mark(backup: Backup) -> None:
    """Note of which backup this is the restore. In a schema of its own: no dump has that."""
    _unmark()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {_SCHEMA}")
        cursor.execute(
            f"CREATE TABLE {_MARK} AS SELECT %s AS dump_sha256", [backup.manifest.dump_sha256]
        )


def _unmark() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")


def _bring_files(shelf: Shelf, progress: Progress) -> None:
    """Put every file of the shelf into the store, unless it is there and whole."""
    paths = sorted(path for path in (shelf.root / FILES).glob("*/*/*") if len(path.name) == 64)
    for number, path in enumerate(paths, 1):
        if not _stands(path.name):
            with path.open("rb") as source:
                the_store().keep(source)
        if number % _SAYS_EVERY == 0:
            progress(f"{number} of {len(paths)} stored files are back")
