"""PostgreSQL is a copy that follows another one: by mistake, or while a failover lasts."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.backups.test_point_in_time import based, given_to_postgres, server
from tests.faults import items
from tests.faults.stage import LASTING, Stage
from tests.faults.test_full_database import (
    LOG_IN,
    RECORD,
    opened_by_who_is_in,
    told_and_still_typed,
)
from tests.faults.test_kills import RECOVERY_SECONDS
from tests.faults.test_read_only import TOLD_EDITOR, TOLD_STRANGER
from tests.faults.test_topology import LIST, PAGE, readiness, retitled
from tests.serving.test_processes import running

# The record, and who is logged in.
KNOWN = f"SELECT *, (SELECT count(*) FROM django_session) FROM ({RECORD}) known"
TAKES_NONE = "The database takes no changes: it only follows another one"
FOLLOWS = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"


@pytest.fixture
def standby(stage: Stage) -> Iterator[str]:
    """The address of a copy that follows the database of the installation."""
    folder = stage.log.parent / "standby"
    folder.mkdir()
    folder.chmod(0o755)
    leader = stage.environment["DATABASE_URL"]
    copy = server(folder, **LASTING, primary_conninfo=leader.rpartition("/")[0])
    copy.home.mkdir()
    copy.home.chmod(0o711)
    data = copy.home / "data"
    based(leader, data)
    (data / "standby.signal").touch()
    data.chmod(0o700)
    given_to_postgres(data)
    shutil.copy(stage.postgres.home / "password", copy.home / "password")
    try:
        address = copy.start()
        stage.wait_for(lambda: stage.sql(FOLLOWS) == [(1,)], 30)
        yield address
    finally:
        copy.stop()
        shutil.rmtree(folder)


@contextmanager
def led_to(stage: Stage, address: str) -> Iterator[None]:
    """Have the address of the database lead to the copy, until the end of the block."""
    before, arrived = stage.environment["DATABASE_URL"], [*stage.mail.accepted]
    stage.environment["DATABASE_URL"] = address
    try:
        yield
    finally:
        stage.stop()
        stage.environment["DATABASE_URL"] = before
        # What the copy sent, no other test can find in its outbox.
        stage.mail.accepted[:] = arrived


def test_a_copy_is_read_and_goes_on_when_it_is_promoted(stage: Stage, standby: str) -> None:
    retitled(stage, "Before the failover")
    stage.python(LOG_IN)
    written = stage.sql(KNOWN)
    before = len(said_since(stage, 0))
    with led_to(stage, standby), running({**stage.environment, "ANSWERS_MEGABYTES": "0"}) as (web,):
        stage.wait_for(lambda: stage.sql(KNOWN) == written, 10)
        stage.start("worker-1", "beat-1")
        stage.wait_for(lambda: TAKES_NONE in said_since(stage, before), 60)
        assert "Traceback" not in said_since(stage, before)
        assert {web.get(page)[0] for page in (PAGE, LIST, "/", "/search/?q=first")} == {200}
        assert web.get("/readyz")[0] == 503
        found = readiness(web)
        assert (found["database"], found["disk"], found["writes"]) == (True, True, False)
        desk, stranger = opened_by_who_is_in(stage, web)
        told_and_still_typed(desk, stranger, TOLD_EDITOR, TOLD_STRANGER)
        assert stage.sql(KNOWN) == written
        stage.sql("SELECT pg_promote()")
        items.add(stage, pledges=5, letters=3)
        items.wait_for_order(stage, RECOVERY_SECONDS)
        stage.wait_for(lambda: all(readiness(web).values()), RECOVERY_SECONDS)
        stage.wait_for(lambda: desk.send()[0] == 302, RECOVERY_SECONDS)
        retitled(stage, "After the failover")
        stage.wait_for(lambda: b"After the failover" in web.get(PAGE)[2], 10)
        stage.manage("verify_ledger")


def said_since(stage: Stage, place: int) -> str:
    """Return what the log of the processes says from there on."""
    return stage.log.read_text()[place:] if stage.log.exists() else ""


# The first pledge at addresses that nobody asked for before.
FIELDS = (
    *("statement", "quote", "kind", "origin", "topic", "prosecutor", "term", "made_on"),
    *("due_on", "status", "confidence", "is_stale", "edition", "updated_at", "url", "slug"),
)


def first(number: int) -> str:
    """Return one of these addresses."""
    return f"{LIST}the-first/?fields=title,{FIELDS[number]}"


def either(*addresses: str) -> str:
    """Return the address of whichever of these servers answers, the first one first."""
    parts = [urlsplit(address) for address in addresses]
    hosts = ",".join(str(part.hostname) for part in parts)
    ports = ",".join(str(part.port) for part in parts)
    login = parts[0].netloc.rpartition("@")[0]
    return f"postgresql://{login}@{parts[0].path}?host={hosts}&port={ports}"


@contextmanager
def away(stage: Stage) -> Iterator[None]:
    """Have no database at the first address until the end of the block."""
    stage.postgres.stop()
    try:
        yield
    finally:
        stage.postgres.start()


def test_a_copy_that_is_behind_is_not_read(stage: Stage, standby: str, tmp_path: Path) -> None:
    retitled(stage, "The older words")
    behind = stage.sql(RECORD)
    address = either(stage.environment["DATABASE_URL"], standby)
    with psycopg.connect(standby, autocommit=True) as copy:
        stage.wait_for(lambda: copy.execute(RECORD).fetchall() == behind, 10)
        copy.execute("SELECT pg_wal_replay_pause()")
        retitled(stage, "The newer words")
        with running({**stage.environment, "DATABASE_URL": address}) as (web,):
            web.wait_for_a_hit(PAGE)
            with away(stage):
                for number in range(8):
                    status, _, body = web.get(PAGE)
                    assert (status, b"The newer words" in body) == (200, True)
                    for page in (first(number), "/pledges/"):
                        status, _, body = web.get(page)
                        assert (status, b"The older words" in body) == (503, False)
                    time.sleep(0.2)
                assert readiness(web)["writes"] is False
                # Nor by whoever starts now, on a machine that has never seen more.
                elsewhere = {"DATABASE_URL": address, "HOST_FOLDER": str(tmp_path)}
                with running({**stage.environment, **elsewhere}) as (late,):
                    found = [late.get(page)[0] for page in (PAGE, first(0), "/pledges/")]
                    assert found == [503, 503, 503]
            stage.wait_for(lambda: web.get(f"{LIST}?page_size=50")[0] == 200, 10)
            for number in range(8):
                assert b"The newer words" in web.get(first(number + 8))[2]
            retitled(stage, "The newest words")
            stage.wait_for(lambda: b"The newest words" in web.get(PAGE)[2], 10)
