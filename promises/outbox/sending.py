"""Hands due deliveries to their couriers: the network, never inside a transaction."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from promises.accounts.models import User
from promises.common.failpoints import failpoint
from promises.outbox.actions import lease_deliveries, mark_failed, mark_sent
from promises.outbox.models import Delivery

logger = logging.getLogger(__name__)


@dataclass
class Dispatched:
    """What a dispatcher did."""

    sent: int = 0
    failed: int = 0


def dispatch(*, by: User, clock: Callable[[], datetime]) -> Dispatched:
    """Deliver whatever is due, until nothing is. One that fails stops none of the others.

    Any number of dispatchers may run. One that dies between the other side's yes and our note of
    it leaves a delivery that is sent again with the same key.
    """
    done = Dispatched()
    while taken := lease_deliveries(limit=1, by=by, now=clock()):
        failpoint("leased")
        for delivery in taken:
            if _deliver(delivery, by=by, clock=clock):
                done.sent += 1
            else:
                done.failed += 1
    return done


def _deliver(delivery: Delivery, *, by: User, clock: Callable[[], datetime]) -> bool:
    courier = import_string(settings.COURIERS[delivery.courier])
    try:
        courier(delivery)
    # Whatever is wrong with one row is that row's own: it is noted there, and the next is tried.
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        logger.warning("Delivery %s failed: %s", delivery.key, reason)
        mark_failed(delivery=delivery, error=reason, chance=random.random(), by=by, now=clock())  # noqa: S311 -- no secret
        return False
    failpoint("sent")
    mark_sent(delivery=delivery, by=by, now=clock())
    failpoint("noted")
    return True
