"""Bodies of requests: read whole, few at once, and never while readers wait for it."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from promises.alerts.models import Request
from promises.serving.bodies import REFUSED, Bodies
from tests import record
from tests.beside import environment_beside
from tests.serving.conftest import an_address, asker
from tests.serving.test_processes import PAGE, Web, answering

POST = "POST /follow/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrf=" + 32 * "a"
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture
def web(transactional_db: None) -> Iterator[Web]:
    """A web process over a record of one pledge."""
    record.pledge(by=record.user("author"), slug="a-pledge")
    with answering([Web(environment_beside())]) as (only,):
        yield only


def begun(web: Web, length: int) -> socket.socket:
    """Return a connection on which a form has been begun, and goes on as slowly as we like."""
    talk = socket.create_connection((web.host, web.port), timeout=5)
    talk.sendall(f"{POST}\r\n{FORM}\r\nContent-Length: {length}\r\n\r\na".encode())
    return talk


def status_of(talk: socket.socket) -> int:
    return int(talk.recv(4096).split()[1])


@pytest.mark.django_db(transaction=True)
def test_readers_never_wait_for_sixty_who_send_slowly(web: Web) -> None:
    web.wait_for_a_hit(PAGE)
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(begun(web, 50_000)) for _ in range(60)]
        for address in (PAGE, "/search/?q=bail", "/api/v1/pledges/", "/healthz"):
            began = time.monotonic()
            assert web.get(address)[0] == 200
            assert time.monotonic() - began < 1
        for talk in slow:
            talk.setblocking(False)
        wait_for(lambda: sum(map(_has_answer, slow)) >= 58)
        answered = [talk for talk in slow if _has_answer(talk)]
        assert len(answered) == 58
        assert {status_of(talk) for talk in answered} == {429}
    # Those who gave up hold nothing, as soon as the server has noticed.
    wait_for(lambda: _sent(web) == 403)


def wait_for(happens: Callable[[], bool]) -> None:
    """Wait some seconds for something."""
    for _ in range(50):
        if happens():
            return
        time.sleep(0.1)
    raise AssertionError("It did not happen.")


def _sent(web: Web) -> int:
    with begun(web, 1) as talk:
        return status_of(talk)


def _has_answer(talk: socket.socket) -> bool:
    try:
        return bool(talk.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False


@pytest.mark.django_db(transaction=True)
def test_what_is_too_long_is_refused_before_it_is_read(web: Web) -> None:
    with begun(web, 300_000_000) as talk:
        assert status_of(talk) == 413
    assert Request.objects.count() == 0


class Slow(BytesIO):
    """A body during which something else happens."""

    def __init__(self, content: bytes, meanwhile: Any) -> None:
        super().__init__(content)
        self.meanwhile = meanwhile

    def read(self, size: int | None = -1, /) -> bytes:
        """Return what there is, once the other thing has happened."""
        self.meanwhile()
        return super().read(size)


def told(environ: Any, start: Any) -> list[bytes]:
    """An application that says what it was given."""
    start("200 OK", [("X-Refused", str(environ.get(REFUSED, "")))])
    return [environ["wsgi.input"].read()]


def bodies() -> Bodies:
    return Bodies(told, at_once=3, of_one=2, largest={"/admin/": 100, "": 10})


@pytest.mark.parametrize(
    ("address", "body", "length", "refused"),
    [
        ("/follow/", b"a=b", "3", ""),
        ("/follow/", b"a=bcd", "3", ""),
        ("/follow/", b"a=b", "", ""),
        ("/follow/", b"a=b", "4", "400"),
        ("/follow/", b"a" * 11, "11", "413"),
        ("*", b"a=b", "3", ""),
        ("/admin/", b"a" * 11, "11", ""),
        ("/admin/", b"a" * 101, "101", "413"),
    ],
)
def test_a_body_is_whole_or_none(address: str, body: bytes, length: str, refused: str) -> None:
    more: dict[str, Any] = {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": length}
    given = asker(bodies())(address, "POST", **more)
    assert given.headers["x-refused"] == refused
    assert given.body == (b"" if refused else body[: int(length)] if length else body)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 413, 429, 503])
def test_whoever_is_refused_is_told_why_in_the_form_of_the_address(
    client: Client, status: int
) -> None:
    more: dict[str, Any] = {REFUSED: status}
    page = client.post("/es/follow/", {"a": "b"}, **more)
    problem = client.post("/api/v1/suggestions/", {"a": "b"}, "application/json", **more)
    wait = "30" if status in {429, 503} else None
    assert page.headers.get("Retry-After") == wait
    assert problem.headers["Retry-After"] == (wait or "0")
    for answer in (page, problem):
        assert answer.status_code == status
        assert answer.headers["Cache-Control"] == "no-store"
    assert 'lang="es"' in page.content.decode()
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert problem.json()["status"] == status
    if wait:
        assert "this body was not read" in problem.json()["detail"]


def test_one_network_has_two_read_and_all_together_three() -> None:
    application, seen = bodies(), list[str]()
    callers = {name: an_address() for name in ("one", "other", "third")}

    def post(*names: str) -> None:
        """Let one after the other begin while those before are being read."""
        if not names:
            return
        name, *others = names
        more: dict[str, Any] = {
            "CONTENT_LENGTH": "1",
            "REMOTE_ADDR": callers[name],
            "wsgi.input": Slow(b"a", lambda: post(*others)),
        }
        found = asker(application)("/follow/", "POST", **more).headers["x-refused"]
        seen.append(f"{name} {found}".strip())
        if found:
            post(*others)

    post("one", "one", "one", "other", "third")
    assert sorted(seen) == ["one", "one", "one 429", "other", "third 503"]
    seen.clear()
    post("one", "other", "third")
    assert seen == ["third", "other", "one"]
