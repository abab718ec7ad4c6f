"""Fifty endpoints at once: one that hangs holds up nobody, and no lock is held meanwhile."""

import threading
from datetime import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from promises.accounts.models import User
from promises.webhooks.feeding import read_ledger
from promises.webhooks.models import Endpoint, Message
from promises.webhooks.sending import dispatch
from tests import record
from tests.webhooks.conftest import Line
from tests.webhooks.receiver import Received, Receiver, Reply


def clock() -> datetime:
    return timezone.now()


@pytest.mark.django_db(transaction=True)
def test_one_that_hangs_delays_none_of_the_others(receiver: Receiver, author: User) -> None:
    let_go, all_others = threading.Event(), threading.Event()
    arrived: set[str] = set()

    def reply(received: Received) -> Reply:
        if received.path == "/hangs":
            let_go.wait(60)
            return 200, {}, b""
        arrived.add(received.path)
        if len(arrived) == 49:
            all_others.set()
        return 200, {}, b""

    receiver.reply = reply
    line = Line(author, receiver)
    more = [record.user(f"owner-{number}") for number in range(3)]
    # Twenty endpoints are one person's most.
    for number in range(50):
        line.owner = more[number // 18]
        line.opened("/hangs" if number == 0 else f"/{number}", event_types=["pledge.published"])
    record.pledge(by=author)
    while read_ledger(by=author, now=clock()):
        pass
    # Whoever rings the bell is free again although one of the threads still waits.
    assert dispatch(by=author, clock=clock, patience=0.0) > 1
    assert all_others.wait(30)
    assert Message.objects.get(endpoint__url__endswith="/hangs").accepted_at is None
    # Nobody holds a row of it while the network is waited for: it can be locked at once.
    with transaction.atomic():
        hanging = Endpoint.objects.select_for_update(nowait=True).get(url__endswith="/hangs")
        assert hanging.leased_until is not None
    let_go.set()
    dispatch(by=author, clock=clock, patience=None)
    for thread in threading.enumerate():
        if thread.name.startswith("webhooks"):
            thread.join(30)
    assert Message.objects.filter(accepted_at=None).count() == 0
    assert len(receiver.received) == 50


@pytest.mark.django_db(transaction=True)
def test_many_dispatchers_send_each_message_once_and_in_order(
    receiver: Receiver, author: User
) -> None:
    line = Line(author, receiver)
    for number in range(4):
        line.opened(f"/{number}", event_types=["pledge.published"])
    for _ in range(10):
        record.pledge(by=author)
    while read_ledger(by=author, now=clock()):
        pass
    moment = clock()
    while Message.objects.due(clock()).exists():
        dispatch(by=author, clock=lambda: moment, patience=None)
    assert len(receiver.received) == len(receiver.accepted()) == 40
    for number in range(4):
        own = [one for one in receiver.received if one.path == f"/{number}"]
        editions = [one.told["data"]["edition"] for one in own]
        assert editions == sorted(editions)
