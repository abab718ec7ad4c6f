"""The whole site behind its front, in this process, on records that are committed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from secrets import token_hex
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from promises.serving.front import Front
from promises.serving.installing import with_front


@dataclass(frozen=True)
class Given:
    """What a caller got."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cache(self) -> str:
        """What the front says about where the answer came from; "" when Django answered."""
        return self.headers.get("cache-status", "")


Ask = Callable[..., Given]


def an_address() -> str:
    """Return where a caller of its own asks from.

    Redis outlives the tests and is one for all that run at once; it counts by network.
    """
    return f"2001:{token_hex(2)}:{token_hex(2)}:{token_hex(2)}::1"


def asker(application: Any) -> Ask:
    """Return a function that asks an application as a server would, a caller of its own."""
    from_address = an_address()

    def ask(address: str, method: str = "GET", **environ: str) -> Given:
        path, _, query = address.partition("?")
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _info: Any = None) -> None:
            told.update(status=status, headers=headers)

        result = application(
            {
                "REQUEST_METHOD": method,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "SERVER_NAME": "127.0.0.1",
                "SERVER_PORT": "8000",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "REMOTE_ADDR": from_address,
                "HTTP_HOST": "127.0.0.1:8000",
                "wsgi.url_scheme": "http",
                "wsgi.input": BytesIO(),
                **environ,
            },
            start,
        )
        body = b"".join(result)
        if close := getattr(result, "close", None):
            close()
        headers = {name.lower(): value for name, value in told["headers"]}
        return Given(int(told["status"][:3]), headers, body)

    return ask


@pytest.fixture
def new_front(transactional_db: None) -> Iterator[Callable[[], Front]]:
    """Make fronts, each of which knows what a process of its own would know."""
    made: list[Front] = []

    def new() -> Front:
        front = with_front(WSGIHandler())
        assert isinstance(front, Front)
        made.append(front)
        return front

    yield new
    for front in made:
        front.knowledge.stop()
    connections.close_all()


@pytest.fixture
def front(new_front: Callable[[], Front]) -> Front:
    """One process."""
    return new_front()


@pytest.fixture
def ask(front: Front) -> Ask:
    """Asks that process."""
    return asker(front)


@pytest.fixture
def django() -> Ask:
    """Asks Django itself, past every front."""
    return asker(WSGIHandler())
