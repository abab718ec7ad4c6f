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
        moment = write(address, "b, after the base")
        write(address, "c, the accident")
        assert len(words(address)) == 3
        with psycopg.connect(address, autocommit=True) as session:
            session.execute("SELECT pg_switch_wal()")
            newest = session.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
            assert newest is not None
    finally:
        # Archives what is left before it ends.
        broken.stop()

    recovered = server(
        folder / "new",
        restore_command=f"cp {archive}/%f %p",
        recovery_target_time=moment.isoformat(),
        recovery_target_action="promote",
    )
    recovered.home.mkdir()
    recovered.home.chmod(0o711)
    shutil.copytree(folder / "base", recovered.home / "data")
    (recovered.home / "data" / "recovery.signal").touch()
    (recovered.home / "data").chmod(0o700)
    given_to_postgres(recovered.home / "data")
    shutil.copy(broken.home / "password", recovered.home / "password")
    address = recovered.start()
    try:
        wait_until_recovered(address)
        assert words(address) == ["a, before the base", "b, after the base"]
        write(address, "d, life goes on")
        assert len(words(address)) == 3
    finally:
        recovered.stop()
