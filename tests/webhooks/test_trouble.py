"""What can go wrong on the way: dead dispatchers, dead endpoints, names that lead home."""

from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from promises.accounts.models import User
from promises.outbox.rules import MOST_ATTEMPTS, PAUSES
from promises.webhooks import sending
from promises.webhooks.actions import forget_messages
from promises.webhooks.feeding import read_ledger
from promises.webhooks.leasing import note_outcomes, take_messages
from promises.webhooks.models import Attempt, Endpoint, Message
from promises.webhooks.rules import LEASE, REST, Outcome
from tests import record
from tests.webhooks.conftest import NOW, Line
from tests.webhooks.receiver import Received, Reply

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_no_answer_rests_the_endpoint_for_a_minute(
    line: Line, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    record.pledge(by=author)
    line.receiver.close()
    assert line.tick() == 1
    assert Attempt.objects.get().fault == "connect"
    assert line.tick(NOW + REST - timedelta(seconds=1)) == 0
    assert line.tick(NOW + REST) == 1


def test_where_a_name_leads_is_looked_at_when_it_is_sent(
    line: Line, author: User, settings: Any
) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    settings.FETCH_ALLOWED_NETWORKS = []
    assert line.tick() == 1
    assert Attempt.objects.get().fault == "private_address"
    assert line.receiver.received == []


def test_who_gives_up_locks_the_endpoint_first_as_everybody_does(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    while read_ledger(by=author, now=NOW):
        pass
    Message.objects.update(attempts=MOST_ATTEMPTS)
    with CaptureQueriesContext(connection) as queries:
        assert take_messages(now=NOW) is None
    written = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "webhooks_')]
    assert [sql.split()[1] for sql in written] == ['"webhooks_endpoint"', '"webhooks_message"']
    assert Message.objects.get().set_aside_reason == "tried_out"
    assert Endpoint.objects.get().leased_until is None


def test_a_dispatcher_that_died_gives_its_endpoint_back(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    while read_ledger(by=author, now=NOW):
        pass
    held = take_messages(now=NOW)
    assert held is not None
    assert line.tick(NOW + LEASE - timedelta(seconds=1)) == 0
    assert line.tick(NOW + LEASE) == 1
    # The one thought dead comes back: the try is kept, and changes nothing.
    late = [(held.messages[0], Outcome(500, "", "", 1))]
    assert not note_outcomes(held=held, tried=late, chance=0, by=author, now=NOW + LEASE)
    message = Message.objects.get()
    assert (message.accepted_at, message.attempts) == (NOW + LEASE, 2)


def test_a_message_that_kills_its_dispatcher_every_time_is_given_up(
    line: Line, author: User
) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    while read_ledger(by=author, now=NOW):
        pass
    now, waits = NOW, []
    for _ in range(MOST_ATTEMPTS):
        assert take_messages(now=now) is not None
        next_try_at = Message.objects.get().next_try_at
        assert next_try_at is not None
        again_at = max(now + LEASE, next_try_at)
        assert take_messages(now=again_at - timedelta(seconds=1)) is None
        waits.append(again_at - now)
        now = again_at
    # Not within minutes: a worker may be killed nine times for reasons of its own.
    assert waits == [LEASE] * 3 + list(PAUSES[:5]) + [LEASE]
    assert take_messages(now=now) is None
    message = Message.objects.get()
    assert (message.set_aside_at, message.set_aside_reason) == (now, "tried_out")
    assert line.receiver.received == []
    # Its endpoint is free for the next one at once.
    record.pledge(by=author)
    assert line.tick(now) == 1


def test_what_cannot_be_written_is_noted_and_stops_nobody(
    line: Line, author: User, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = line.opened("/bad"), line.opened("/good", event_types=["pledge.published"])
    Endpoint.objects.filter(pk=bad.pk).update(secret="not sealed by us")
    record.pledge(by=author)
    line.tick()
    assert {one.path for one in line.receiver.received} == {"/good"}
    assert set(Attempt.objects.filter(message__endpoint=bad).values_list("fault", flat=True)) == {
        "our_fault"
    }
    assert good.messages.get().accepted_at == NOW


def test_old_messages_are_forgotten(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    line.tick()
    assert forget_messages(by=author, now=NOW + 89 * DAY) == 0
    assert forget_messages(by=author, now=NOW + 91 * DAY) == 2
    assert Message.objects.count() == 0


def test_a_slow_answer_is_cut_off(
    line: Line, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Event()

    def never(_received: Received) -> Reply:
        asked.wait(30)
        return 200, {}, b""

    monkeypatch.setattr(sending, "_LIMITS", replace(sending._LIMITS, seconds=0.5))
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    line.receiver.reply = never
    assert line.tick() == 1
    asked.set()
    assert Attempt.objects.get().fault == "timeout"


def test_a_worker_that_cannot_open_a_secret_yet_loses_nothing_and_sends_once(
    line: Line, author: User, settings: Any
) -> None:
    """The web has a new SECRET_KEY already, and the worker was not started again yet."""
    old, new = settings.SECRET_KEY, "the key from now on, long and random"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = new, [old]
    endpoint = line.opened(event_types=["pledge.published"])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = old, []
    record.pledge(by=author)
    assert line.tick() == 1
    assert (line.receiver.received, Attempt.objects.get().fault) == ([], "our_fault")
    # The step that comes first where it is done in order: docs/operations.md.
    settings.SECRET_KEY_FALLBACKS = [new]
    line.tick(NOW + DAY)
    (received,) = line.receiver.received
    assert received.is_signed_with(line.secrets[endpoint.reference])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = new, [old]
    assert line.tick(NOW + 2 * DAY) == 0
