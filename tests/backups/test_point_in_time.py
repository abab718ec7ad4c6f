"""Recovery to a moment: a base, an archive of changes, and everything up to that second."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from tracker.services import binaries
from tracker.services.postgres import Postgres
from tracker.services.state import Profile

BASE = ["--checkpoint=fast", "--wal-method=stream"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the PostgreSQL of root, who is `nobody`, can enter."""
    place = Path(tempfile.mkdtemp(prefix="moment-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def server(folder: Path, **settings: str) -> Postgres:
    profile = Profile(folder, "test")
    profile.prepare()
    return Postgres(profile, more=settings)


def given_to_postgres(path: Path) -> None:
    """Let the server own what root has made for it."""
    if binaries.is_root():
        for each in [path, *path.rglob("*")]:
            shutil.chown(each, binaries.UNPRIVILEGED)


def write(address: str, word: str) -> datetime:
    """Commit a row; return a moment after it, by the server's clock."""
    with psycopg.connect(address, autocommit=True) as session:
        session.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        session.execute("INSERT INTO kept VALUES (%s)", [word])
        session.execute("SELECT pg_sleep(0.05)")
        (moment,) = session.execute("SELECT clock_timestamp()").fetchone() or (None,)
        session.execute("SELECT pg_sleep(0.05)")
    assert isinstance(moment, datetime)
    return moment


def words(address: str) -> list[str]:
    with psycopg.connect(address) as session:
        return [word for (word,) in session.execute("SELECT word FROM kept ORDER BY word")]


def wait_until_recovered(address: str) -> None:
    """Wait for the end of recovery: before it a server answers who only reads."""
    with psycopg.connect(address, autocommit=True) as session:
        for _ in range(600):
            if session.execute("SELECT pg_is_in_recovery()").fetchone() == (False,):
                return
            time.sleep(0.1)
    raise AssertionError("The recovery does not end.")


def based(address: str, place: Path) -> None:
    """Take a base as docs/backups.md says."""
    program = binaries.postgres_programs(binaries.System()) / "pg_basebackup"
    subprocess.run(
        [program, f"--dbname={address}", f"--pgdata={place}", *BASE],
        check=True,
        capture_output=True,
        env={"LC_ALL": "C", "PATH": os.defpath},
    )


def test_the_record_comes_back_as_it_was_at_a_second(folder: Path) -> None:
    archive = folder / "archive"
    archive.mkdir()
    given_to_postgres(archive)
    once = f"test ! -f {archive}/%f && cp %p {archive}/%f.part && mv {archive}/%f.part {archive}/%f"
    broken = server(folder / "old", archive_mode="on", archive_command=once)
    address = broken.start()
    try:
        write(address, "a, before the base")
        based(address, folder / "base")
        too_early = write(address, "b, after the base")
        moment = write(address, "c, before the accident")
        write(address, "d, the accident")
        assert len(words(address)) == 4
        with psycopg.connect(address, autocommit=True) as session:
            session.execute("SELECT pg_switch_wal()")
            newest = session.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
            assert newest is not None
    finally:
        # Archives what is left before it ends.
        broken.stop()

    asked = {
        "restore_command": f"cp {archive}/%f %p",
        "recovery_target_action": "promote",
        "archive_mode": "on",
        "archive_command": once,
    }
    base, password = folder / "base", broken.home / "password"
    first = recovering(
        folder / "new", base, password, recovery_target_time=too_early.isoformat(), **asked
    )
    lives_on_with(first, ["a, before the base", "b, after the base"])
    # What the first try did since is in the archive too; the second goes its own way.
    asked["recovery_target_timeline"] = "current"
    second = recovering(
        folder / "newer", base, password, recovery_target_time=moment.isoformat(), **asked
    )
    lives_on_with(second, ["a, before the base", "b, after the base", "c, before the accident"])


def recovering(place: Path, base: Path, password: Path, **settings: str) -> Postgres:
    """Return a server that will begin with a copy of the base."""
    recovered = server(place, **settings)
    recovered.home.mkdir()
    recovered.home.chmod(0o711)
    shutil.copytree(base, recovered.home / "data")
    (recovered.home / "data" / "recovery.signal").touch()
    (recovered.home / "data").chmod(0o700)
    given_to_postgres(recovered.home / "data")
    shutil.copy(password, recovered.home / "password")
    return recovered


def lives_on_with(recovered: Postgres, expected: list[str]) -> None:
    """Start it: it knows what was written by the moment and nothing later, and can be written."""
    address = recovered.start()
    try:
        wait_until_recovered(address)
        assert words(address) == expected
        write(address, "life goes on")
        assert words(address) == [*expected, "life goes on"]
        with psycopg.connect(address, autocommit=True) as session:
            session.execute("SELECT pg_switch_wal()")
    finally:
        recovered.stop()
