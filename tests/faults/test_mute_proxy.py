"""A proxy before PostgreSQL falls silent: takes connections, keeps them, passes nothing on."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.faults.stage import Stage
from tests.faults.test_silence import timed
from tests.faults.test_topology import PAGE, readiness, retitled
from tests.serving.test_processes import Web, running


class Proxy:
    """Passes everything on, or nothing, while its connections stay open."""

    def __init__(self, behind: tuple[str, int], port: int = 0) -> None:
        self._behind = behind
        self._listens = socket.create_server(("127.0.0.1", port))
        self.port = int(self._listens.getsockname()[1])
        self.passes_on = threading.Event()
        self.passes_on.set()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                front, back = self._listens.accept()[0], socket.create_connection(self._behind)
                self._open += [front, back]
                for one, other in ((front, back), (back, front)):
                    threading.Thread(target=self._copy, args=[one, other], daemon=True).start()

    def _copy(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65536):
                self.passes_on.wait()
                other.sendall(piece)
            self.passes_on.wait()
            other.shutdown(socket.SHUT_WR)

    def leave(self) -> None:
        """Take no more connections; the old ones stay open."""
        # Whoever waits for one has to be told.
        self._listens.shutdown(socket.SHUT_RDWR)
        self._listens.close()

    def close(self) -> None:
        """End everything."""
        self.passes_on.set()
        with suppress(OSError):
            self.leave()
        for end in self._open:
            end.close()


@pytest.fixture
def proxies(stage: Stage) -> Iterator[list[Proxy]]:
    """One proxy, and room for those that take its place."""
    where = urlsplit(stage.environment["DATABASE_URL"])
    made = [Proxy((str(where.hostname), int(where.port or 5432)))]
    yield made
    for each in made:
        each.close()


@pytest.fixture
def web(stage: Stage, proxies: list[Proxy]) -> Iterator[Web]:
    """A web process behind it."""
    address = urlsplit(stage.environment["DATABASE_URL"])
    login = address.netloc.rpartition("@")[0]
    through = address._replace(netloc=f"{login}@127.0.0.1:{proxies[0].port}").geturl()
    with running({**stage.environment, "DATABASE_URL": through}) as (found,):
        found.wait_for_a_hit(PAGE)
        yield found


def another(proxies: list[Proxy]) -> None:
    """Let a new one take the place, while the old one keeps its connections."""
    old = proxies[-1]
    old.leave()
    proxies.append(Proxy(old._behind, old.port))


def some(web: Web, first: int) -> list[tuple[int, float]]:
    """Have more readers than threads ask at once for what nobody has made yet."""
    with ThreadPoolExecutor(8) as readers:
        asked = [
            readers.submit(timed, web, f"/api/v1/topics/?page_size={first + number}")
            for number in range(8)
        ]
        return [each.result() for each in asked]


def goes_on(stage: Stage, web: Web, title: str) -> None:
    """By itself, soon."""
    stage.wait_for(lambda: {status for status, _ in some(web, 60)} == {200}, 15)
    retitled(stage, title)
    stage.wait_for(lambda: title.encode() in web.get(PAGE)[2], 10)


@pytest.mark.parametrize("wakes", [True, False])
def test_readers_wait_once_while_it_says_nothing(
    stage: Stage, web: Web, proxies: list[Proxy], wakes: bool
) -> None:
    some(web, 1)
    proxies[0].passes_on.clear()
    answers = some(web, 20)
    assert {status for status, _ in answers} == {503}
    assert max(seconds for _, seconds in answers) < 10
    # From here on nobody waits.
    for address, status in (("/healthz", 200), (PAGE, 200), ("/readyz", 503)):
        got, seconds = timed(web, address)
        assert (got, seconds < 2) == (status, True), seconds
    assert readiness(web)["database"] is False
    if wakes:
        proxies[0].passes_on.set()
    else:
        another(proxies)
    goes_on(stage, web, f"Published after the silence, {wakes}")


def test_one_that_takes_its_place_at_once_lets_all_go_on(
    stage: Stage, web: Web, proxies: list[Proxy]
) -> None:
    """New connections are fine then, and PostgreSQL still has the sessions that nobody reaches."""
    some(web, 1)
    proxies[0].passes_on.clear()
    with ThreadPoolExecutor(1) as beside:
        asked = beside.submit(some, web, 20)
        time.sleep(1)
        another(proxies)
        answers = asked.result()
    # Who was refused by the first question may get an answer by the second, on a new session.
    assert {status for status, _ in answers} <= {200, 503}
    assert max(seconds for _, seconds in answers) < 20
    goes_on(stage, web, "Published behind another one")
