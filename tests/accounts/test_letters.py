"""The mails about logins: five an hour to one mailbox, and as sure to arrive as all other mails."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from promises.accounts.choices import Happening
from promises.accounts.models import Letter, SecurityEvent, User
from promises.accounts.security import record_security_event, send_password_link, write_notice
from promises.common.clock import database_clock
from promises.outbox.actions import send_again, take_up_letters
from promises.outbox.models import Delivery
from promises.outbox.rules import MOST_ATTEMPTS
from promises.outbox.sending import Dispatched, dispatch
from tests import record

NOW = record.NOW
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


def ask(person: User, at: datetime = NOW) -> Letter | None:
    return send_password_link(person=person, address="198.51.100.7", browser="", now=at)


def notice(person: User, to: str = "") -> Letter | None:
    event = record_security_event(kind=Happening.FACTOR_REMOVED, person=person, now=NOW)
    return write_notice(event=event, to=to)


@pytest.fixture
def no_server(settings: Any) -> None:
    """A mail server that does not answer."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()


@pytest.mark.django_db(transaction=True)
def test_who_asks_for_links_all_at_once_gets_five() -> None:
    jane, start = record.user("jane"), Barrier(12)

    def ask_with_the_others(_: int) -> Letter | None:
        start.wait()
        try:
            return ask(jane)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        got = list(pool.map(ask_with_the_others, range(12)))
    assert sum(letter is not None for letter in got) == 5
    assert (Letter.objects.count(), SecurityEvent.objects.count()) == (5, 5)


@pytest.mark.django_db(transaction=True)
def test_however_many_take_letters_up_each_is_in_the_outbox_once() -> None:
    jane, joan, by = record.user("jane"), record.user("joan"), record.user("dispatcher")
    for person in (jane, joan, jane, joan):
        ask(person)
    start = Barrier(4)

    def take_up(_: int) -> int:
        start.wait()
        try:
            return take_up_letters(by=by, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take_up, range(4))) == 4
    assert take_up_letters(by=by, now=NOW) == 0
    rows = Delivery.objects.order_by("pk").values_list("key", "address", "content")
    assert list(rows) == [
        (f"login:{number}", f"login {name}", {"writer": "login", "letter": number})
        for number, name in Letter.objects.order_by("pk").values_list("pk", "person__username")
    ]
    assert set(Letter.objects.values_list("posted_at", flat=True)) == {NOW}


@pytest.mark.django_db
def test_a_mail_server_that_is_away_for_a_day_loses_no_letter(
    author: User, no_server: None, settings: Any
) -> None:
    jane = record.user("jane")
    # A link is as old as the clock of the database says.
    asked_at = now = database_clock()
    notice(jane)
    ask(jane, at=asked_at)
    take_up_letters(by=author, now=now)
    while now < asked_at + timedelta(days=1):
        assert dispatch(by=author, clock=lambda at=now: at).sent == 0  # type: ignore[misc]
        now += timedelta(minutes=5)
    assert Delivery.objects.waiting().count() == 2
    settings.EMAIL_BACKEND = LOCMEM
    later = asked_at + timedelta(days=2)
    assert dispatch(by=author, clock=lambda: later) == Dispatched(sent=2)
    assert sorted(letter.subject for letter in mail.outbox) == [
        "Set a new password",
        "Your login was changed",
    ]


@pytest.mark.django_db
def test_a_letter_given_up_stands_where_all_mails_do_and_is_sent_again(
    author: User, no_server: None, settings: Any
) -> None:
    notice(record.user("jane"), to="before@example.org")
    take_up_letters(by=author, now=NOW)
    now = NOW
    for _ in range(MOST_ATTEMPTS):
        assert dispatch(by=author, clock=lambda at=now: at) == Dispatched(failed=1)  # type: ignore[misc]
        now = Delivery.objects.get().next_try_at or now
    (given_up,) = Delivery.objects.set_aside()
    assert now - NOW >= timedelta(hours=72)
    assert (given_up.address, given_up.attempts) == ("login jane", MOST_ATTEMPTS)
    assert given_up.last_error.startswith("ConnectionRefusedError")
    settings.EMAIL_BACKEND = LOCMEM
    send_again(delivery=given_up, by=author, now=now)
    assert dispatch(by=author, clock=lambda: now) == Dispatched(sent=1)
    assert [letter.to for letter in mail.outbox] == [["before@example.org"]]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["password_link", "invitation"])
def test_a_letter_that_waited_longer_than_its_link_is_good_has_none(
    author: User, kind: str, settings: Any
) -> None:
    jane = record.user("jane")
    lives = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    assert lives == timedelta(days=3)  # as the letters say
    for age in (lives - timedelta(minutes=1), lives + timedelta(minutes=1)):
        asked_at = database_clock() - age
        Letter.objects.create(person=jane, kind=kind, queued_at=asked_at)
    take_up_letters(by=author, now=NOW)
    assert dispatch(by=author, clock=lambda: NOW) == Dispatched(sent=2)
    # The one that was asked for first leaves first.
    late, in_time = mail.outbox
    assert "http://127.0.0.1:8000/account/password/new/" in in_time.body
    assert late.subject == "Ask for a new link to set your password"
    assert "/account/password/new/" not in late.body
    assert "http://127.0.0.1:8000/account/password/forgotten/" in late.body


@pytest.mark.django_db
def test_who_has_no_address_any_more_gets_nothing(author: User) -> None:
    jane = record.user("jane")
    ask(jane)
    User.objects.filter(pk=jane.pk).update(email="")
    take_up_letters(by=author, now=NOW)
    assert dispatch(by=author, clock=lambda: NOW) == Dispatched(dropped=1)
    assert (Delivery.objects.count(), mail.outbox) == (0, [])
