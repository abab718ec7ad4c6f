"""The outbox: one row a message, one dispatcher a row, nobody waits for a poisoned one."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from smtplib import (
    SMTPConnectError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.common.clock import database_clock
from promises.common.silence import is_silence
from promises.outbox import actions
from promises.outbox.models import Delivery
from promises.outbox.rules import LEASE, MOST_ATTEMPTS, PAUSES, SILENCE, pause_after
from promises.outbox.sending import Dispatched, dispatch
from tests import record

NOW = record.NOW


def letter(number: int, **more: Any) -> Delivery:
    content = {"subject": f"Letter {number}", "text": f"Text {number}", **more}
    return Delivery(
        key=f"letter:{number}", courier="mail", address="jane@example.org", content=content
    )


def put(*numbers: int, by: User, **more: Any) -> None:
    actions.put_in_outbox(deliveries=[letter(number, **more) for number in numbers], by=by, now=NOW)


def sent(by: User, now: datetime) -> Dispatched:
    return dispatch(by=by, clock=lambda: now)


@pytest.mark.django_db
def test_what_a_host_writes_whose_clock_is_ahead_leaves_at_once(author: User) -> None:
    ahead = database_clock() + timedelta(minutes=10)
    actions.put_in_outbox(deliveries=[letter(1)], by=author, now=ahead)
    assert sent(author, database_clock()) == Dispatched(sent=1, failed=0)
    assert Delivery.objects.get().created_at == ahead


@pytest.mark.django_db
def test_the_same_message_written_twice_is_one_row_and_one_mail(author: User) -> None:
    put(1, 2, by=author)
    put(2, 3, by=author)
    assert list(Delivery.objects.order_by("pk").values_list("key", flat=True)) == [
        "letter:1",
        "letter:2",
        "letter:3",
    ]
    assert sent(author, NOW) == Dispatched(sent=3, failed=0)
    assert sent(author, NOW) == Dispatched(sent=0, failed=0)
    assert [letter.subject for letter in mail.outbox] == ["Letter 1", "Letter 2", "Letter 3"]
    put(1, by=author)
    assert sent(author, NOW + timedelta(days=1)) == Dispatched(sent=0, failed=0)


@pytest.mark.django_db
def test_a_mail_carries_its_key_both_texts_and_asks_for_no_reply(author: User) -> None:
    put(1, by=author, html="<p>Text 1</p>")
    sent(author, NOW)
    (letter,) = mail.outbox
    message = letter.message()
    assert message["Message-ID"] == "<0a2fd7731a27ef048fd7d805fafd1538@127.0.0.1>"
    assert message["Idempotency-Key"] == "letter:1"
    assert message["Auto-Submitted"] == "auto-generated"
    assert letter.body == "Text 1"
    assert letter.alternatives == [("<p>Text 1</p>", "text/html")]


@pytest.mark.django_db
def test_a_poisoned_row_is_set_aside_after_its_last_try_and_stops_nobody(author: User) -> None:
    put(1, by=author)
    # A line feed in a subject is refused by the mail library at every try.
    actions.put_in_outbox(
        deliveries=[
            Delivery(
                key="poison",
                courier="mail",
                address="jane@example.org",
                content={"subject": "one\ntwo", "text": ""},
            )
        ],
        by=author,
        now=NOW,
    )
    put(2, by=author)
    now = NOW
    assert sent(author, now) == Dispatched(sent=2, failed=1)
    for pause in PAUSES:
        assert sent(author, now + pause - timedelta(seconds=1)) == Dispatched(0, 0)
        now = Delivery.objects.get(key="poison").next_try_at  # type: ignore[assignment]
        assert sent(author, now) == Dispatched(sent=0, failed=1)
    poison = Delivery.objects.get(key="poison")
    assert (poison.attempts, poison.set_aside_at, poison.next_try_at) == (9, now, None)
    assert poison.last_error.startswith("BadHeaderError: Header values can't contain newlines")
    assert now - NOW >= timedelta(hours=72)
    assert list(Delivery.objects.set_aside()) == [poison]
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_where_nobody_answers_the_others_wait_a_while(author: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
    put(1, 2, 3, by=author)
    assert sent(author, NOW) == Dispatched(sent=0, failed=1)
    first, *others = Delivery.objects.order_by("pk")
    assert (first.attempts, first.last_error) == (
        1,
        "ConnectionRefusedError: [Errno 111] Connection refused",
    )
    assert [(other.attempts, other.next_try_at) for other in others] == [(0, NOW + SILENCE)] * 2
    assert sent(author, NOW + SILENCE - timedelta(seconds=1)) == Dispatched()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sent(author, NOW + SILENCE) == Dispatched(sent=2)
    assert [letter.subject for letter in mail.outbox] == ["Letter 2", "Letter 3"]


@pytest.mark.parametrize(
    ("error", "is_silent"),
    [
        (TimeoutError(), True),
        (ConnectionResetError(), True),
        (socket.gaierror(), True),
        (SMTPServerDisconnected(), True),
        (SMTPConnectError(421, "busy"), True),
        (SMTPRecipientsRefused({}), False),
        (SMTPDataError(554, "no"), False),
        (ValueError(), False),
    ],
)
def test_a_no_is_an_answer(error: Exception, is_silent: bool) -> None:
    assert is_silence(error) is is_silent


@pytest.mark.django_db
def test_a_delivery_given_up_is_sent_again_by_hand(author: User) -> None:
    put(1, by=author)
    delivery = Delivery.objects.get()
    with pytest.raises(actions.NotSetAside):
        actions.send_again(delivery=delivery, by=author, now=NOW)
    Delivery.objects.update(set_aside_at=NOW, next_try_at=None, attempts=9)
    assert sent(author, NOW) == Dispatched(0, 0)
    actions.send_again(delivery=delivery, by=author, now=NOW)
    assert sent(author, NOW) == Dispatched(sent=1, failed=0)


@pytest.mark.django_db
def test_a_dispatcher_that_died_gives_its_rows_back_when_the_lease_ends(author: User) -> None:
    put(1, 2, by=author)
    first = actions.lease_delivery(by=author, now=NOW)
    assert first is not None
    assert sent(author, NOW) == Dispatched(sent=1, failed=0)
    assert sent(author, NOW + LEASE - timedelta(seconds=1)) == Dispatched(0, 0)
    assert sent(author, NOW + LEASE) == Dispatched(sent=1, failed=0)
    # The one thought dead comes back: it was sent meanwhile, and stays so.
    late = {"by": author, "now": NOW + LEASE}
    assert actions.mark_sent(delivery=first, **late) is False
    assert actions.mark_failed(delivery=first, error="late", chance=0, **late) is False
    assert set(Delivery.objects.values_list("attempts", "last_error")) == {(1, ""), (2, "")}


@pytest.mark.django_db
def test_a_yes_counts_however_late_it_comes_and_a_no_does_not(author: User) -> None:
    put(1, by=author)
    first = actions.lease_delivery(by=author, now=NOW)
    late = {"by": author, "now": NOW + LEASE}
    second = actions.lease_delivery(**late)
    assert first is not None
    assert second is not None
    assert actions.mark_failed(delivery=first, error="late", chance=0, **late) is False
    assert actions.mark_sent(delivery=first, **late) is True
    assert actions.mark_failed(delivery=second, error="no", chance=0, **late) is False
    assert actions.mark_sent(delivery=second, **late) is False
    delivery = Delivery.objects.get()
    assert (delivery.sent_at, delivery.next_try_at, delivery.last_error) == (NOW + LEASE, None, "")
    assert sent(author, NOW + timedelta(days=1)) == Dispatched()


@pytest.mark.django_db
def test_a_row_that_kills_its_dispatcher_every_time_is_set_aside(author: User) -> None:
    put(1, by=author)
    now, waits = NOW, []
    for _ in range(MOST_ATTEMPTS):
        delivery = actions.lease_delivery(by=author, now=now)
        assert delivery is not None
        assert delivery.next_try_at is not None
        again_at = max(now + LEASE, delivery.next_try_at)
        assert actions.lease_delivery(by=author, now=again_at - timedelta(seconds=1)) is None
        waits.append(again_at - now)
        now = again_at
    # Not within minutes: a worker may be killed nine times for reasons of its own.
    assert waits == [LEASE] * 3 + list(PAUSES[:5]) + [LEASE]
    assert actions.lease_delivery(by=author, now=now) is None
    (delivery,) = Delivery.objects.set_aside()
    assert delivery.last_error == "No dispatcher survived trying."


@pytest.mark.django_db
def test_what_waits_after_deaths_is_sent_like_any_other(author: User) -> None:
    put(1, by=author)
    for number in range(4):
        late = actions.lease_delivery(by=author, now=NOW + number * LEASE)
    assert late is not None
    died_at = NOW + 3 * LEASE
    assert sent(author, died_at + PAUSES[0] - timedelta(seconds=1)) == Dispatched()
    assert sent(author, died_at + PAUSES[0]) == Dispatched(sent=1)
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.next_try_at) == (5, None)


@pytest.mark.django_db
def test_a_row_that_is_set_aside_keeps_nobody_waiting(author: User) -> None:
    put(1, 2, 3, by=author)
    Delivery.objects.exclude(key="letter:3").update(attempts=MOST_ATTEMPTS)
    assert sent(author, NOW) == Dispatched(sent=1, failed=0)
    assert [letter.subject for letter in mail.outbox] == ["Letter 3"]
    assert Delivery.objects.set_aside().count() == 2


@pytest.mark.django_db(transaction=True)
def test_four_dispatchers_at_once_send_each_mail_once() -> None:
    by = record.user("dispatcher")
    put(*range(200), by=by)

    def run(_: int) -> Dispatched:
        try:
            return sent(by, NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(run, range(4)))
    assert sum(each.sent for each in done) == 200
    assert sorted(letter.subject for letter in mail.outbox) == sorted(
        f"Letter {number}" for number in range(200)
    )


@pytest.mark.django_db
def test_the_database_keeps_a_delivery_in_one_state(
    author: User, database_refuses: Callable
) -> None:
    put(1, by=author)
    for change in (
        {"sent_at": NOW},
        {"next_try_at": None},
        {"sent_at": NOW, "set_aside_at": NOW, "next_try_at": None},
    ):
        with database_refuses("outbox_waits_or_is_sent_or_set_aside"):
            Delivery.objects.update(**change)
    with database_refuses("outbox_courier_known"):
        Delivery.objects.update(courier="pigeon")
    with database_refuses("outbox_delivery_key_key"):
        Delivery.objects.create(
            key="letter:1", courier="mail", address="", content={}, created_at=NOW, next_try_at=NOW
        )


@pytest.mark.django_db
def test_what_was_delivered_long_ago_is_forgotten(author: User) -> None:
    put(1, 2, by=author)
    sent(author, NOW)
    put(3, by=author)
    month = timedelta(days=30)
    assert actions.forget_old(older_than=month, by=author, now=NOW + month) == 0
    later = NOW + month + timedelta(seconds=1)
    assert actions.forget_old(older_than=month, by=author, now=later) == 2
    assert Delivery.objects.get().key == "letter:3"


@given(attempts=st.integers(1, 30), chance=st.floats(0, 1))
def test_pauses_grow_are_spread_by_a_tenth_and_end(attempts: int, chance: float) -> None:
    pause = pause_after(attempts, chance)
    if attempts >= MOST_ATTEMPTS:
        assert pause is None
    else:
        assert pause is not None
        assert PAUSES[attempts - 1] <= pause <= PAUSES[attempts - 1] * 1.1
