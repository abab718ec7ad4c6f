"""The mails about logins: five an hour to one mailbox, and each sent once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from promises.accounts.models import Letter, SecurityEvent, User
from promises.accounts.security import send_password_link
from promises.accounts.sending import send_waiting_letters
from tests import record

NOW = record.NOW


def ask(person: User, minutes: int = 0) -> Letter | None:
    at = NOW + timedelta(minutes=minutes)
    return send_password_link(person=person, address="198.51.100.7", browser="", now=at)


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


class SlowServer(EmailBackend):
    """Takes six minutes for a mail. During the second one another worker asks what waits."""

    now = NOW
    sent_by_the_other = -1

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        count: int = super().send_messages(messages)
        if len(mail.outbox) == 2:
            SlowServer.sent_by_the_other = send_waiting_letters(clock=lambda: SlowServer.now)
        SlowServer.now += timedelta(minutes=6)
        return count


@pytest.mark.django_db
def test_a_slow_server_gets_each_letter_once_the_oldest_first(settings: Any) -> None:
    joan, jane = record.user("joan"), record.user("jane")
    late, early = ask(jane, minutes=-1), ask(joan, minutes=-2)
    assert late is not None
    assert early is not None
    settings.EMAIL_BACKEND = f"{__name__}.SlowServer"
    assert send_waiting_letters(clock=lambda: SlowServer.now) == 2
    assert SlowServer.sent_by_the_other == 0
    assert [letter.to for letter in mail.outbox] == [["joan@example.org"], ["jane@example.org"]]
    assert list(Letter.objects.order_by("queued_at").values_list("tried_at", "sent_at")) == [
        (NOW, NOW + timedelta(minutes=6)),
        (NOW + timedelta(minutes=6), NOW + timedelta(minutes=12)),
    ]
