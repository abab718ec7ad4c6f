"""A session that PostgreSQL does not know any more, behind a proxy that keeps our end open."""

import shutil
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from tests.backups.test_point_in_time import based, folder, given_to_postgres, server
from tracker.postgres.silence import DOUBTED_AFTER, Server, _sessions

__all__ = ["folder"]

pytestmark = pytest.mark.django_db

# No session has it.
NOBODYS = 2**31 - 1


def silence() -> Generator[Any, Any, None]:
    """A question of psycopg that is waited for until it is sent something."""
    while not (yield "until it can be read"):
        pass


class Proxy:
    """Passes everything on, until it is told to keep old connections and say nothing on them."""

    def __init__(self, behind: tuple[str, int]) -> None:
        self._behind = behind
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._ends: list[tuple[socket.socket, socket.socket]] = []
        self._is_mute: set[socket.socket] = set()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                front = self._socket.accept()[0]
                back = socket.create_connection(self._behind)
                self._ends.append((front, back))
                for one, other in ((front, back), (back, front)):
                    threading.Thread(target=self._copy, args=[one, other], daemon=True).start()

    def _copy(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65536):
                if one not in self._is_mute:
                    other.sendall(piece)
        with suppress(OSError):
            if one not in self._is_mute:
                other.shutdown(socket.SHUT_RDWR)

    def fall_silent(self) -> None:
        """Pass on nothing of the sessions there are; they stay open at both ends."""
        self._is_mute |= {end for both in self._ends for end in both}

    def lose_the_server(self) -> None:
        """End the sessions at the server, and tell nobody."""
        self.fall_silent()
        for _front, back in self._ends:
            back.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._socket.close()
        for end in [end for both in self._ends for end in both]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    given = settings.DATABASES["default"]
    made = Proxy((given["HOST"], int(given["PORT"])))
    yield made
    made.close()


@pytest.fixture
def through(proxy: Proxy) -> Iterator[Any]:
    """A connection of Django through it."""
    there = {**settings.DATABASES["default"], "HOST": "127.0.0.1", "PORT": str(proxy.port)}
    made = ConnectionHandler({"default": there})["default"]
    yield made
    made.close()


def test_a_session_that_is_gone_is_given_up(proxy: Proxy, through: Any) -> None:
    with through.cursor() as cursor:
        cursor.execute("SELECT 1")
    proxy.lose_the_server()
    began = time.monotonic()
    with pytest.raises(OperationalError, match="does not know this session"):
        through.cursor().execute("SELECT 1")
    assert time.monotonic() - began < 10
    through.close_if_unusable_or_obsolete()
    with through.cursor() as cursor:
        cursor.execute("SELECT 2")
        assert cursor.fetchone() == (2,)


@pytest.mark.parametrize("is_inside", [False, True])
def test_a_session_that_nothing_comes_through_is_given_up(
    proxy: Proxy, through: Any, is_inside: bool
) -> None:
    with through.cursor() as cursor:
        cursor.execute("BEGIN" if is_inside else "SELECT 1")
    proxy.fall_silent()
    began = time.monotonic()
    # While it can be reached anew.
    with pytest.raises(OperationalError, match="or is idle in it"):
        through.cursor().execute("SELECT 1")
    assert time.monotonic() - began < 12
    through.close_if_unusable_or_obsolete()
    with through.cursor() as cursor:
        cursor.execute("SELECT 2")
        assert cursor.fetchone() == (2,)


def test_a_slow_answer_is_waited_for(through: Any) -> None:
    with through.cursor() as cursor:
        cursor.execute("SELECT 3 FROM pg_sleep(15)")
        assert cursor.fetchone() == (3,)


def test_a_number_that_another_session_has_later_says_nothing_of_that() -> None:
    given = settings.DATABASES["default"]
    where = {"dbname": given["NAME"], "user": given["USER"], "password": given["PASSWORD"]}
    where |= {"host": given["HOST"], "port": given["PORT"]}
    asked = Server()

    def wait(seconds: float) -> None:
        """Ask, and look twice whether there is an answer: at once, and after a while."""
        question = asked.watched(silence(), where, session=NOBODYS)
        next(question)
        question.send(0)
        time.sleep(seconds)
        question.send(0)
        with suppress(StopIteration):
            question.send(1)

    # Answered just when the server is asked which sessions it has.
    wait(DOUBTED_AFTER + 0.1)
    time.sleep(1)
    wait(0)


def test_of_copies_behind_one_address_nothing_is_concluded(folder: Path) -> None:
    first, copy = server(folder / "first"), server(folder / "copy")
    try:
        address = first.start()
        with psycopg.connect(address) as one:
            assert one.info.backend_pid in (_sessions(where_of(one)) or {})
        copy.home.mkdir(mode=0o711)
        based(address, copy.home / "data")
        (copy.home / "data" / "standby.signal").touch()
        (copy.home / "data").chmod(0o700)
        given_to_postgres(copy.home / "data")
        shutil.copy(first.home / "password", copy.home / "password")
        with psycopg.connect(copy.start()) as other:
            assert other.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
            assert _sessions(where_of(other)) == {}
    finally:
        copy.stop()
        first.stop()


def where_of(session: psycopg.Connection[Any]) -> dict[str, Any]:
    """Return how to connect where a session is."""
    return {**session.info.get_parameters(), "password": session.info.password}
