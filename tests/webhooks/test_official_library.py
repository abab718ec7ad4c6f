"""The official library of Standard Webhooks takes every message we sign, and no other."""

import json
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.staleness.actions import sweep_stale
from promises.webhooks.actions import rotate_secret, send_test
from promises.webhooks.rules import OLD_SECRET_SIGNS, headers, new_secret
from tests import record
from tests.webhooks.conftest import NOW, Line
from tests.webhooks.receiver import Received


def says_yes(secret: str, received: Received) -> bool:
    """Tell whether the library, with this secret, takes a message at the moment it was signed."""
    moment = int(received.headers["webhook-timestamp"])
    with time_machine.travel(moment, tick=False):
        try:
            told = Webhook(secret).verify(received.body, dict(received.headers))
        except WebhookVerificationError:
            return False
    assert told == received.told
    return True


def fill(author: User) -> None:
    """Let something of every kind happen: Spanish letters, a batch of flags, a tombstone."""
    pledge = record.pledge(by=author, title="Acabar con la fianza — ¡ya! 🗳")
    record.published_update(by=author, of=pledge)
    gone = record.pledge(by=author)
    sweep_stale(by=author, now=NOW + timedelta(days=800))
    retract_pledge(pledge=gone, reason="Wrong.", by=author, now=NOW)


@pytest.mark.django_db
def test_every_message_is_taken_also_while_a_secret_is_replaced(line: Line, author: User) -> None:
    endpoint = line.opened()
    first = line.secrets[endpoint.reference]
    fill(author)
    line.tick()
    endpoint, second = rotate_secret(endpoint=endpoint, by=line.owner, now=NOW)
    before = len(line.receiver.received)
    fill(author)
    send_test(endpoint=endpoint, by=line.owner, now=NOW)
    while line.tick():
        pass
    during = len(line.receiver.received)
    later = NOW + OLD_SECRET_SIGNS
    fill(author)
    while line.tick(later):
        pass
    received = line.receiver.received
    assert before > 5
    assert during - before > 5
    assert len(received) - during > 5
    assert {"webhook.test", "stale_flags.opened", "pledge.retracted"} <= set(line.told())
    assert [says_yes(first, one) for one in received] == [
        *[True] * during, *[False] * (len(received) - during),
    ]  # fmt: skip
    assert [says_yes(second, one) for one in received] == [
        *[False] * before, *[True] * (len(received) - before),
    ]  # fmt: skip
    assert not any(says_yes(new_secret(), one) for one in received)


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.none()),
    st.integers(1, 2**33),
)
def test_whatever_is_signed_is_taken_with_either_secret(told: dict[str, object], at: int) -> None:
    first, second = new_secret(), new_secret()
    body = json.dumps(told).encode()
    sent = headers([second, first], name="msg_1", timestamp=at, body=body)
    received = Received("/", sent, body)
    assert says_yes(first, received)
    assert says_yes(second, received)
    assert not says_yes(first, Received("/", sent, body + b" "))
