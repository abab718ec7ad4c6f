"""Mail servers that answer, but slowly: one mail never takes as long as a dispatcher keeps it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from typing import Any

import pytest

from promises.accounts.models import User
from promises.outbox import actions, smtp
from promises.outbox.models import Delivery
from promises.outbox.rules import LEASE, LONGEST_MAIL
from promises.outbox.sending import Dispatched, dispatch
from tests import record
from tests.faults.sink import MailSink

pytestmark = pytest.mark.django_db
NOW = record.NOW
PAUSE = 0.1


def byte_by_byte(connection: socket.socket) -> None:
    """Begin an answer and never end it, with no pause that is long."""
    while True:
        connection.sendall(b"220-wait ")
        time.sleep(PAUSE)


def says_nothing(connection: socket.socket) -> None:
    """Take what comes."""
    while connection.recv(1024):
        pass


@pytest.fixture
def slow(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let the mail server behave like this; a mail may take half a second."""
    monkeypatch.setattr(smtp, "LONGEST_MAIL", timedelta(seconds=0.5))
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "promises.outbox.smtp.EmailBackend", 10
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()

        def serve(behaviour: Callable[[socket.socket], None]) -> None:
            with suppress(OSError):
                while True:
                    connection, _from = listening.accept()
                    with closing(connection), suppress(OSError):
                        behaviour(connection)

        def begin(behaviour: Callable[[socket.socket], None]) -> None:
            threading.Thread(target=serve, args=[behaviour], daemon=True).start()

        yield begin
        listening.shutdown(socket.SHUT_RDWR)


def put(by: User) -> None:
    content = {"subject": "Letter", "text": "Text"}
    letter = Delivery(key="letter", courier="mail", address="jane@example.org", content=content)
    actions.put_in_outbox(deliveries=[letter], by=by, now=NOW)


def test_one_mail_takes_less_than_a_dispatcher_keeps_it() -> None:
    assert LONGEST_MAIL + timedelta(seconds=10) <= LEASE


@pytest.mark.parametrize(
    ("behaviour", "is_encrypted", "error"),
    [
        (byte_by_byte, False, "SMTPServerDisconnected: It did not take the mail within 0.5 "),
        (says_nothing, False, "SMTPServerDisconnected: It did not take the mail within 0.5 "),
        (says_nothing, True, ""),
    ],
)
def test_a_server_that_takes_too_long_is_hung_up_on(
    author: User,
    settings: Any,
    slow: Callable[..., None],
    behaviour: Callable[[socket.socket], None],
    is_encrypted: bool,
    error: str,
) -> None:
    settings.EMAIL_USE_SSL = is_encrypted
    slow(behaviour)
    put(author)
    began = time.monotonic()
    assert dispatch(by=author, clock=lambda: NOW) == Dispatched(failed=1)
    assert 0.5 <= time.monotonic() - began < 5
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.sent_at, delivery.leased_until) == (1, None, None)
    assert delivery.last_error.startswith(error)
    assert delivery.last_error


def test_a_server_that_is_in_time_gets_the_mail_and_is_let_go(author: User, settings: Any) -> None:
    sink = MailSink()
    settings.EMAIL_BACKEND = "promises.outbox.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    put(author)
    assert dispatch(by=author, clock=lambda: NOW) == Dispatched(sent=1)
    assert sink.keys() == ["letter"]
    # Nobody waits to hang up any more.
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(5)
            assert not thread.is_alive()
    sink.shutdown()
    sink.server_close()
