"""A backup, and the way back: into an empty place only, whatever interrupts it, hashes right."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from promises.accounts.models import User
from promises.backups.shelf import Backup, Shelf
from promises.captures.models import StoredFile
from promises.captures.store import FolderStore
from promises.ledger.models import Head
from tests import record

ROOT = Path(__file__).resolve().parents[2]
EMPTY = "an_empty_place"


class Place:
    """A database and a store of their own, and `manage.py` on them in a process of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.store = folder / "captures"
        self.address = _address(name)
        self.environment = {
            **{key: value for key, value in os.environ.items() if "PYTEST" not in key},
            "DATABASE_URL": self.address,
            "CAPTURE_STORE": str(self.store),
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def manage(self, *words: str) -> tuple[int, str]:
        process = self.start(*words)
        said = "".join(process.communicate(timeout=300))
        return process.returncode, said

    def contents(self) -> dict[str, str]:
        return contents(self.address)


@pytest.fixture
def empty(transactional_db: None, tmp_path: Path) -> Iterator[Place]:
    """A place with nothing in it."""
    name = f"{EMPTY}_{connection.settings_dict['NAME']}"
    with psycopg.connect(_address("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        yield Place(tmp_path, name)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> FolderStore:
    settings.CAPTURE_STORE = str(tmp_path / "store")
    return FolderStore(tmp_path / "store")


@pytest.fixture
def shelf(transactional_db: None, store: FolderStore, tmp_path: Path) -> Shelf:
    """A folder for backups, beside a record with a pledge and two stored copies."""
    author = record.user("author")
    pledge = record.pledge(by=author)
    for _ in range(2):
        record.copy_of(record.evidence(by=author, about=pledge), by=author)
    assert StoredFile.objects.count() == 2
    return Shelf(tmp_path / "backups")


def _address(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(name)}").geturl()


def contents(address: str) -> dict[str, str]:
    """Return of every table the hash of its rows, and every trigger and constraint."""
    with psycopg.connect(address, autocommit=True) as session:
        tables = session.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        found = {}
        for (table,) in tables:
            rows = "md5(coalesce(string_agg(md5(t::text), '' ORDER BY t::text), ''))"
            found[table] = session.execute(f'SELECT {rows} FROM "{table}" t').fetchone()[0]
        # Not their text: of a condition PostgreSQL may write other brackets the second time.
        guards = session.execute(
            "SELECT tgrelid::regclass::text, tgname, tgenabled::text,"
            " tgtype || tgfoid::regproc::text"
            " FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT conrelid::regclass::text, conname, contype::text, ''"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT 'function', oid::regprocedure::text, prokind::text, md5(prosrc)"
            " FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        ).fetchall()
    return {**found, **{f"{table}: {name}": f"{kind} {says}" for table, name, kind, says in guards}}


def backup(shelf: Shelf, **more: Any) -> Backup:
    call_command("backup", str(shelf.root), stdout=StringIO(), stderr=StringIO(), **more)
    return shelf.backups()[0]


def test_what_comes_back_is_what_was_there(shelf: Shelf, empty: Place) -> None:
    made = backup(shelf)
    head = Head.objects.get()
    manifest = made.manifest
    assert (manifest.edition, manifest.ledger_hash) == (head.edition, head.hash)
    assert manifest.files == 2
    assert "DATABASE_URL" in manifest.settings
    written = (made.folder / "manifest.json").read_text()
    assert urlsplit(os.environ["DATABASE_URL"]).password not in written
    before = contents(_address(connection.settings_dict["NAME"]))
    code, said = empty.manage("restore", str(shelf.root))
    assert code == 0, said
    assert f"edition {head.edition}, {head.edition} entries of the ledger and 2 stored" in said
    assert empty.contents() == before
    assert empty.manage("verify_ledger")[0] == 0
    # Once more: it is a database in use by now, be it of the same edition.
    code, said = empty.manage("restore", str(shelf.root))
    assert (code, "is not empty" in said, "Restored" in said) == (1, True, False), said
    assert empty.contents() == before


def test_a_dump_may_take_longer_than_anyone_else_may_be_idle(shelf: Shelf) -> None:
    with connection.cursor() as cursor:
        # Where it is served: ten minutes. pg_dump takes much longer than this even here.
        cursor.execute("SET idle_in_transaction_session_timeout = 20")
    try:
        made = backup(shelf)
    finally:
        connection.close()
    assert made.manifest.dump_size == made.dump.stat().st_size > 0
    assert [path.name for path in shelf.root.glob("incoming")] == []


def test_nothing_is_written_over_a_database_with_something_in_it(
    shelf: Shelf, empty: Place
) -> None:
    backup(shelf)
    with psycopg.connect(empty.address, autocommit=True) as session:
        session.execute("CREATE TABLE somebodys (word text)")
        session.execute("INSERT INTO somebodys VALUES ('mine')")
    before = empty.contents()
    code, said = empty.manage("restore", str(shelf.root))
    assert (code, "is not empty: it has 1 tables. Nothing was changed." in said) == (1, True)
    assert empty.contents() == before
    assert not empty.store.exists()


def test_only_new_files_are_copied_and_old_backups_go(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backup(shelf)
    times = {path: path.stat().st_mtime_ns for path in shelf.root.glob("files/*/*/*")}
    assert len(times) == 2
    time.sleep(1.1)  # Names are by the second.
    second = backup(shelf, keep=1)
    assert shelf.backups() == [second]
    assert not first.folder.exists()
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_a_damaged_copy_is_said_and_the_rest_is_kept(shelf: Shelf, store: FolderStore) -> None:
    name = str(StoredFile.objects.order_by("pk").values_list("pk", flat=True)[0])
    store._place(name).write_bytes(b"changed")
    with pytest.raises(CommandError, match=rf"1 stored files are missing or damaged.*{name}"):
        backup(shelf)
    assert len(shelf.backups()) == 1
    assert not shelf.place_of(name).exists()
    assert len([path for path in shelf.root.glob("files/*/*/*") if path.is_file()]) == 1


@pytest.mark.parametrize("what", ["dump", "file"])
def test_a_damaged_backup_is_not_taken_for_whole(shelf: Shelf, empty: Place, what: str) -> None:
    made = backup(shelf)
    if what == "dump":
        made.dump.write_bytes(made.dump.read_bytes()[:-1] + b"?")
        reason = "is damaged: its hash is not that of the manifest"
    else:
        next(shelf.root.glob("files/*/*/*")).unlink()
        reason = "1 of 2 stored files are missing or damaged"
    code, said = empty.manage("restore", str(shelf.root))
    assert (code, reason in said) == (1, True), said
    if what == "dump":
        assert empty.contents() == {}
        return
    # With the file it goes on: the database is there already, and all of it is checked again.
    backup(shelf)
    code, said = empty.manage("restore", str(shelf.root), "--backup", made.name)
    assert (code, "The database is there already" in said) == (0, True), said
    with psycopg.connect(empty.address) as session:
        asked = "SELECT to_regnamespace('restore_under_way')"
        assert session.execute(asked).fetchone() == (None,)


def test_whatever_is_killed_is_begun_again(shelf: Shelf, empty: Place) -> None:
    here = Place(shelf.root.parent, str(connection.settings_dict["NAME"]))
    here.environment["CAPTURE_STORE"] = str(shelf.root.parent / "store")
    _killed_when(here.start("backup", str(shelf.root)), (shelf.root / "incoming").exists)
    assert shelf.backups() == []
    made = backup(shelf)

    def is_restoring() -> bool:
        with psycopg.connect(_address("postgres")) as session:
            asked = "SELECT FROM pg_stat_activity WHERE datname = %s AND application_name = %s"
            name = urlsplit(empty.address).path[1:]
            return bool(session.execute(asked, (name, "pg_restore")).fetchall())

    _killed_when(empty.start("restore", str(shelf.root)), is_restoring)
    code, said = empty.manage("restore", str(shelf.root), "--backup", made.name)
    assert code == 0, said
    assert empty.contents() == contents(_address(connection.settings_dict["NAME"]))


def test_two_at_once_do_not_end_each_other(shelf: Shelf) -> None:
    said = "another one is being made in this folder; wait for it"
    with shelf.begun() as part:
        with pytest.raises(CommandError, match=said):
            call_command("backup", str(shelf.root), stdout=StringIO(), stderr=StringIO())
        assert part.is_dir()
        assert shelf.backups() == []
    assert backup(shelf).manifest.files == 2
    assert len(shelf.backups()) == 1


def _killed_when(process: subprocess.Popen[str], condition: Any) -> None:
    """kill -9 of a process and all it started, at that moment."""
    deadline = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_the_last_backup_and_the_last_drill_are_shown(
    client: Client, author: User, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUPS = str(tmp_path)
    (tmp_path / "2026-11-26T05-30-00Z").mkdir()
    (tmp_path / "2026-11-27T05-30-00Z.part").mkdir()
    Shelf(tmp_path).note_drill({"finished_at": "2026-11-26T06:00:00Z", "edition": 3})
    answer = json.loads(client.get("/readyz").content)
    assert (answer["last_backup"], answer["last_drill"]) == (
        "2026-11-26T05:30:00Z",
        "2026-11-26T06:00:00Z",
    )
    drill = tmp_path / "last_drill.json"
    drill.write_text("no json")
    assert json.loads(client.get("/readyz").content)["last_drill"] is None
    moment = datetime(2026, 11, 26, 5, 30, tzinfo=UTC).timestamp()
    (line,) = [
        line
        for line in client.get("/internal/metrics").content.decode().splitlines()
        if line.startswith("tracker_backup_age_seconds ")
    ]
    assert abs(time.time() - moment - float(line.split()[1])) < 60
