"""The embedded PostgreSQL: made once, recovered from whatever happened to it."""

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tracker.services import binaries, children
from tracker.services.errors import ServiceError
from tracker.services.postgres import Postgres
from tracker.services.state import LOOPBACK, Profile

Make = Callable[..., Postgres]
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="what only root has to do")


def ask(address: str, query: str) -> tuple[object, ...] | None:
    with psycopg.connect(address) as connection:
        return connection.execute(query).fetchone()


def write(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept AS SELECT 'ñ'::text AS letter")


def test_restart_keeps_data_address_and_locale(postgres: Make) -> None:
    server = postgres()
    address = server.start()
    write(address)
    server.stop()
    again = postgres().start()
    assert again == address
    assert ask(again, "SELECT upper(letter) FROM kept") == ("Ñ",)
    locale = "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database"
    assert ask(again, f"{locale} WHERE datname = 'tracker'") == ("b", "C.UTF-8", "UTF8")
    assert ask(again, "SHOW fsync") == ("on",)


def test_disposable_profile_does_not_wait_for_the_disk(project: Path, postgres: Make) -> None:
    server = postgres(Profile(project, "test"))
    assert ask(server.start(), "SHOW fsync") == ("off",)


def test_lets_nobody_in_without_the_password(postgres: Make) -> None:
    server = postgres()
    address = server.start()
    password = server.home / "password"
    assert password.stat().st_mode & 0o777 == 0o600
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(address.replace(password.read_text(), "guess"))


def test_half_finished_initdb_does_not_count(fresh: Path, postgres: Make) -> None:
    server = postgres(Profile(fresh, "test"))
    draft = server.home.with_name("postgres.new")
    (draft / "data").mkdir(parents=True)
    (draft / "data" / "PG_VERSION").write_text("18")
    server.start()
    assert not draft.exists()


def test_number_used_again_by_a_stranger(postgres: Make) -> None:
    server = postgres()
    server.start()
    server.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        note = server.home / "data" / "postmaster.pid"
        note.write_text(f"{stranger.pid}\n{note.parent}\n0\n1\n")
        address = postgres().start()
        assert ask(address, "SELECT 1") == (1,)
        assert stranger.poll() is None
        stranger.kill()


def test_server_of_a_killed_launcher_is_replaced(postgres: Make) -> None:
    forgotten = postgres()
    write(forgotten.start())
    address = postgres().start()
    assert forgotten.child is not None
    assert forgotten.child.wait(5) == 0
    assert ask(address, "SELECT letter FROM kept") == ("ñ",)


def test_recovers_from_a_killed_server(postgres: Make) -> None:
    killed = postgres()
    write(killed.start())
    assert killed.child is not None
    killed.child.kill()
    killed.child.wait()
    assert ask(postgres().start(), "SELECT letter FROM kept") == ("ñ",)


def test_taken_port_is_replaced(postgres: Make) -> None:
    server = postgres()
    before = server.start()
    server.stop()
    with socket.create_server((LOOPBACK, int((server.home / "port").read_text()))):
        after = postgres().start()
    assert after != before
    assert ask(after, "SELECT 1") == (1,)


def test_data_of_another_version_is_refused(fresh: Path, postgres: Make) -> None:
    server = postgres(Profile(fresh, "test"))
    (server.home / "data").mkdir(parents=True)
    (server.home / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServiceError, match=r"made by PostgreSQL 9, .*remove that folder"):
        server.start()


def test_failed_start_shows_the_end_of_the_log(postgres: Make) -> None:
    server = postgres()
    server.start()
    server.stop()
    settings = server.home / "data" / "postgresql.auto.conf"
    before = settings.read_text()
    settings.write_text("nonsense = yes\n")
    with pytest.raises(ServiceError, match=r"postgres\.log(.|\n)*nonsense"):
        postgres().start()
    settings.write_text(before)


@only_root
def test_root_runs_it_as_nobody(postgres: Make) -> None:
    server = postgres()
    server.start()
    assert server.child is not None
    command = children.command_line(server.child.pid)
    assert Path(command[0]).is_relative_to(binaries.System().programs)
    assert (server.home / "data").owner() == Path(f"/proc/{server.child.pid}").owner() == "nobody"


@only_root
def test_data_moves_where_nobody_can_get_to_it(fresh: Path, postgres: Make) -> None:
    closed = fresh / "closed"
    closed.mkdir(mode=0o700)
    server = postgres(Profile(closed, "test"), binaries.System(data=fresh / "system"))
    assert server.home.is_relative_to(fresh / "system")
    assert ask(server.start(), "SELECT 1") == (1,)


@only_root
def test_folder_that_others_can_change_is_refused(fresh: Path) -> None:
    shelf = fresh / "shelf"
    shelf.mkdir()
    shelf.chmod(0o777)
    with pytest.raises(ServiceError, match=f"{shelf} must be a folder that only root"):
        binaries.safe_folder(shelf / "programs")


def test_stops_though_somebody_is_connected(postgres: Make) -> None:
    server = postgres()
    with psycopg.connect(server.start()):
        server.stop()
        assert server.child is not None
        assert server.child.returncode == 0
