"""What each hostile case runs in: rules that let in one address, and a canary beside it."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest

from promises.fetching.addresses import networks
from promises.fetching.door import Rules
from promises.fetching.fetch import fetch
from promises.fetching.limits import Limits
from promises.fetching.pages import Fetched
from tests.fetching.servers import HERE, Answer, Canary, Hostile

ALLOWED = networks([f"{HERE}/32"])
# Short, so that a slow case is cut off soon; small, so that a bomb need not be big.
TIGHT = Limits(seconds=1.5, on_wire=300_000, decoded=1_000_000, head=16_000, headers=50)

_connections: list[Any] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        _connections.append(arguments[1])


sys.addaudithook(_watch)


@pytest.fixture
def connected() -> Iterator[list[Any]]:
    """Every address that this process connects to during the test."""
    _connections.clear()
    return _connections


@pytest.fixture(scope="session")
def canary() -> Iterator[Canary]:
    """Listens beside every test; nobody may ever call."""
    canary = Canary()
    yield canary
    canary.close()
    assert canary.calls == []


@pytest.fixture
def serve() -> Iterator[Callable[..., Hostile]]:
    """Start servers that are gone after the test."""
    running: list[Hostile] = []

    def start(answer: Answer, **more: Any) -> Hostile:
        running.append(Hostile(answer, **more))
        return running[-1]

    yield start
    for server in running:
        server.close()


@dataclass(frozen=True)
class Page:
    """What a fetch brought, kept beyond its `with` block."""

    fetched: Fetched
    body: BytesIO
    wire: BytesIO

    def __getattr__(self, name: str) -> Any:
        return getattr(self.fetched, name)


def asked(url: str, **more: Any) -> Page:
    """Fetch within the tight limits."""
    with fetch(url, limits=TIGHT, **more) as page:
        return Page(page, BytesIO(page.body.read()), BytesIO(page.wire.read()))


def rules(*ports: int, **more: Any) -> Rules:
    """Rules that let in the hostile servers' address and these ports."""
    return Rules(ports=frozenset({80, 443, *ports}), allowed=ALLOWED, **more)
