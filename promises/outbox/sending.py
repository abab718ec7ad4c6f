"""Hands due deliveries to their couriers: the network, never inside a transaction."""

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.module_loading import import_string

from promises.accounts.models import User
from promises.common import locks
from promises.common.away import is_away
from promises.common.failpoints import failpoint
from promises.common.silence import is_silence
from promises.outbox.actions import (
    drop,
    lease_delivery,
    mark_failed,
    mark_sent,
    wait_out_silence,
)
from promises.outbox.models import Delivery
from promises.outbox.rules import (
    FOR_A_HELPER,
    HELPERS,
    NOTED_AGAIN,
    ROUND,
    NothingToSend,
)

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass
class Dispatched:
    """What a dispatcher did."""

    sent: int = 0
    failed: int = 0
    dropped: int = 0


def deliver_due(*, by: User, clock: Clock) -> Dispatched:
    """Deliver what is due, some at once where much is, unless another run does.

    One run leaves the other workers to other work, however many mails wait.
    """
    with locks.alone(locks.DELIVERING) as is_alone:
        if not is_alone:
            return Dispatched()
        waiting = Delivery.objects.due(clock())[: HELPERS * FOR_A_HELPER].count()
        with ThreadPoolExecutor(HELPERS) as threads:
            helping = [threads.submit(_help, by, clock) for _ in range(waiting // FOR_A_HELPER)]
            done = [dispatch(by=by, clock=clock), *(each.result() for each in helping)]
    return Dispatched(*map(sum, zip(*map(astuple, done), strict=True)))


def _help(by: User, clock: Clock) -> Dispatched:
    try:
        return dispatch(by=by, clock=clock)
    finally:
        connection.close()


def dispatch(*, by: User, clock: Clock) -> Dispatched:
    """Deliver whatever is due, until nothing is or ROUND is over.

    One that fails stops none of the others.

    Where the other side says nothing at all, the others wait a while too.

    Any number of dispatchers may run. One that dies between the other side's yes and our note of
    it leaves a delivery that is sent again with the same key.
    """
    done, ends_at = Dispatched(), clock() + ROUND
    while (now := clock()) < ends_at and (delivery := lease_delivery(by=by, now=now)):
        failpoint("leased")
        _deliver(delivery, done, by=by, clock=clock)
    return done


def _deliver(delivery: Delivery, done: Dispatched, *, by: User, clock: Clock) -> None:
    courier = import_string(settings.COURIERS[delivery.courier])
    try:
        courier(delivery)
    except NothingToSend:
        drop(delivery=delivery, by=by, now=clock())
        done.dropped += 1
    # Whatever is wrong with one row is that row's own: it is noted there, and the next is tried.
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        logger.warning("Delivery %s failed: %s", delivery.key, reason)
        mark_failed(delivery=delivery, error=reason, chance=random.random(), by=by, now=clock())  # noqa: S311 -- no secret
        done.failed += 1
        if is_silence(error):
            wait_out_silence(courier=delivery.courier, by=by, now=clock())
    else:
        failpoint("sent")
        _note_sent(delivery, by=by, clock=clock)
        failpoint("noted")
        done.sent += 1


def _note_sent(delivery: Delivery, *, by: User, clock: Clock) -> None:
    """Note that the other side took it, also when the database is back only in some seconds.

    Without the note it would leave a second time when the lease is over.
    """
    for pause in NOTED_AGAIN:
        try:
            mark_sent(delivery=delivery, by=by, now=clock())
        except DatabaseError as error:
            if not is_away(error):
                raise
            logger.warning("Delivery %s left, and the database is away.", delivery.key)
            connection.close()
            time.sleep(pause)
        else:
            return
    mark_sent(delivery=delivery, by=by, now=clock())
