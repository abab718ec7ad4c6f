"""Redis for what goes on without it: asked once more after a broken connection, and only then."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from promises.common.impatient import ImpatientRedis


class Deaf:
    """Takes what it is told, and answers never or hangs up on the first who asks."""

    def __init__(self, *, hangs_up: bool) -> None:
        self.asked: list[bytes] = []
        self._hangs_up = hangs_up
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"redis://127.0.0.1:{self._socket.getsockname()[1]}/0?protocol=2"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _from = self._socket.accept()
                threading.Thread(target=self._one, args=[connection], daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while said := connection.recv(65536):
                if b"INCR" not in said:
                    # What a client says of itself when it comes.
                    connection.sendall(b"+OK\r\n" * said.count(b"SETINFO"))
                    continue
                self.asked.append(said)
                if self._hangs_up:
                    if len(self.asked) == 1:
                        return
                    connection.sendall(b":1\r\n")

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def deaf() -> Iterator[Deaf]:
    made = Deaf(hangs_up=False)
    yield made
    made.close()


@pytest.fixture
def broken() -> Iterator[Deaf]:
    made = Deaf(hangs_up=True)
    yield made
    made.close()


def impatient(address: str) -> ImpatientRedis:
    return ImpatientRedis(address, patience=0.25, without="Nothing is counted")


def test_what_was_not_answered_is_not_asked_again(deaf: Deaf) -> None:
    redis = impatient(deaf.address)
    assert redis.ask(lambda client: client.incr("example")) is None
    assert len(deaf.asked) == 1
    assert not redis.is_asked


def test_what_a_broken_connection_took_along_is_asked_again(broken: Deaf) -> None:
    redis = impatient(broken.address)
    assert redis.ask(lambda client: client.incr("example")) == 1
    assert len(broken.asked) == 2
    assert redis.is_asked
