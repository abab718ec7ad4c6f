"""Many mails at once: one worker at a time is busy with them, for a while, and others are free."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.core import mail

from promises.accounts.models import User
from promises.common import locks
from promises.common.clock import database_clock
from promises.outbox.mail import send
from promises.outbox.models import Delivery
from promises.outbox.rules import FOR_A_HELPER, HELPERS, ROUND
from promises.outbox.sending import Dispatched, deliver_due, dispatch
from tests.beside import environment_beside
from tests.outbox.test_deliveries import NOW, put

# So many times as many as are under way at once.
MANY = 15 * (HELPERS + 1)
together = Barrier(HELPERS + 1, timeout=10)


def send_together(delivery: Delivery) -> None:
    """Send a mail once as many are under way as a run with all its helpers sends at once."""
    together.wait()
    send(delivery)


def passing(step: timedelta) -> Callable[[], datetime]:
    """A clock that has gone on by a step whenever somebody looks."""
    steps = count()
    return lambda: NOW + next(steps) * step


@pytest.mark.django_db
def test_a_round_takes_nothing_up_once_it_is_over(author: User) -> None:
    put(1, 2, 3, by=author)
    # It begins, takes one up, notes that it left, and is over.
    assert dispatch(by=author, clock=passing(ROUND / 2.5)) == Dispatched(sent=1)
    waiting = Delivery.objects.waiting().order_by("pk")
    assert list(waiting.values_list("key", "attempts")) == [("letter:2", 0), ("letter:3", 0)]
    assert dispatch(by=author, clock=lambda: NOW + ROUND) == Dispatched(sent=2)


@pytest.mark.django_db(transaction=True)
def test_one_run_at_a_time_has_helpers_and_sends_each_once(author: User, settings: Any) -> None:
    assert MANY >= HELPERS * FOR_A_HELPER
    settings.COURIERS = {"mail": "tests.outbox.test_many.send_together"}
    put(*range(MANY), by=author)
    with psycopg.connect(environment_beside()["DATABASE_URL"], autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [locks.DELIVERING])
        assert deliver_due(by=author, clock=database_clock) == Dispatched()
        other.execute("SELECT pg_advisory_unlock_all()")
    assert (Delivery.objects.filter(attempts=0).count(), len(mail.outbox)) == (MANY, 0)
    assert deliver_due(by=author, clock=database_clock) == Dispatched(sent=MANY)
    assert sorted(letter.subject for letter in mail.outbox) == sorted(
        f"Letter {number}" for number in range(MANY)
    )
    assert set(Delivery.objects.values_list("attempts", "next_try_at")) == {(1, None)}
