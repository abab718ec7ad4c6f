"""Sends messages: the only code of this app that touches the network, never in a transaction.

Each dispatcher is a thread that takes a message, sends it, notes what came of it, and takes the
next, until nothing is due. An endpoint has one message at a time; so one that hangs keeps one
thread busy for SECONDS, is then left alone for REST, and delays nobody else.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import connection

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.common.failpoints import failpoint
from promises.common.text import FORBIDDEN
from promises.fetching.errors import NotFetched
from promises.fetching.fetch import fetch
from promises.fetching.limits import Limits
from promises.webhooks.choices import Unsent
from promises.webhooks.leasing import Held, give_up, note_outcome, take_message
from promises.webhooks.models import Endpoint, Message
from promises.webhooks.payloads import body_of
from promises.webhooks.rules import EXCERPT, SECONDS, Outcome, headers
from promises.webhooks.sealing import opened

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
# A head of an answer, and the first words of its body: more is not read.
_LIMITS = Limits(seconds=SECONDS, on_wire=200_000, decoded=EXCERPT, head=32_000, redirects=0)
_slots = threading.BoundedSemaphore(settings.WEBHOOKS_AT_ONCE)


def dispatch(*, by: User, clock: Clock, patience: float | None) -> int:
    """Start as many dispatchers as there is work and room for; return how many.

    Waits for them for some seconds, or, without a number, to their end. One that still waits for
    a slow endpoint then goes on by itself, so that whoever called is free for other work; if its
    process is killed, the lease ends and the message is sent again under the same webhook-id.
    """
    due = Message.objects.due(clock()).values("endpoint").distinct().count()
    started = []
    for _ in range(due):
        if not _slots.acquire(blocking=False):
            break
        thread = threading.Thread(target=_run, args=(by, clock), name="webhooks", daemon=True)
        started.append(thread)
        thread.start()
    ends_at = None if patience is None else time.monotonic() + patience
    for thread in started:
        thread.join(None if ends_at is None else max(ends_at - time.monotonic(), 0))
    return len(started)


def _run(by: User, clock: Clock) -> None:
    try:
        deliver_due(by=by, clock=clock)
    # The next tick starts another one.
    except Exception:
        logger.exception("A dispatcher of webhooks stopped")
    finally:
        connection.close()
        _slots.release()


def deliver_due(*, by: User, clock: Clock) -> int:
    """Send whatever is due, one after the other, until nothing is; return how many were taken."""
    taken = 0
    while held := take_message(now=clock()):
        failpoint("leased")
        _deliver(held, by, clock)
        taken += 1
    return taken


def _deliver(held: Held, by: User, clock: Clock) -> None:
    now = clock()
    try:
        body = body_of(held.message, today=utc_date(now))
        if body is None:
            give_up(held=held, reason=Unsent.WITHHELD, now=now)
            return
        outcome = _sent(held.message, body, now)
    # Whatever is wrong with one message is its own: it is noted there, and the next is tried.
    except Exception:
        logger.exception("Webhook message %s could not be sent", held.message.name)
        outcome = Outcome(None, "our_fault", "", 0)
    failpoint("sent")
    chance = random.random()  # noqa: S311 -- no secret
    note_outcome(held=held, outcome=outcome, chance=chance, by=by, now=clock())
    failpoint("noted")


def _sent(message: Message, body: bytes, now: datetime) -> Outcome:
    """Send a message and return what was answered."""
    endpoint = message.endpoint
    signed = headers(
        _secrets(endpoint, now), name=message.name, timestamp=int(now.timestamp()), body=body
    )
    began = time.monotonic()
    try:
        with fetch(
            endpoint.url, method="POST", headers=signed, content=body, limits=_LIMITS, keeps=EXCERPT
        ) as page:
            return Outcome(
                status=page.status,
                code="",
                excerpt=_excerpt(page.body.read()),
                milliseconds=_since(began),
                retry_after=page.last.header("retry-after"),
            )
    except NotFetched as error:
        return Outcome(None, error.code, "", _since(began))


def _secrets(endpoint: Endpoint, now: datetime) -> list[str]:
    """Return the secrets that sign: the present one, and the one before while it is valid."""
    found = [opened(endpoint.secret)]
    if endpoint.old_secret_expires_at is not None and endpoint.old_secret_expires_at > now:
        found.append(opened(endpoint.old_secret))
    return found


def _excerpt(body: bytes) -> str:
    text = ""
    with suppress(UnicodeError):
        text = body.decode("utf-8", errors="replace")
    return FORBIDDEN.sub("", text).replace("\x00", "")[:EXCERPT]


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
