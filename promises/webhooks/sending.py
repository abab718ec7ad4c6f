"""Sends messages: the only code of this app that touches the network, never in a transaction.

Each dispatcher is a thread that takes messages to one endpoint, sends them one after the other,
notes what came of them, and takes the next, until nothing is due. It lets go of an endpoint after
TOGETHER, or when a message fails; so one that hangs keeps one thread busy for SECONDS, is then
left alone for REST, and delays nobody else.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.common.failpoints import failpoint
from promises.common.text import FORBIDDEN
from promises.fetching.errors import BrokenAnswer, NotFetched, Truncated
from promises.fetching.fetch import fetch
from promises.fetching.limits import Limits
from promises.fetching.lines import Line, kept_line
from promises.webhooks.leasing import Held, Tried, note_outcomes, take_messages
from promises.webhooks.models import Endpoint, Message
from promises.webhooks.payloads import body_of, contents_of
from promises.webhooks.rules import EXCERPT, SECONDS, TOGETHER, Outcome, headers
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
    """Send whatever is due, one after the other, until nothing is; return how many were tried."""
    tried = 0
    while held := take_messages(now=clock()):
        failpoint("leased")
        tried += _deliver(held, by, clock)
    return tried


def _deliver(held: Held, by: User, clock: Clock) -> int:
    """Send messages over one connection until one fails or it is time; return how many."""
    now, ends_at = clock(), time.monotonic() + TOGETHER
    tried: list[Tried] = []
    with kept_line() as line:
        envelope = _Envelope(held, now, line)
        for message in held.messages:
            outcome = envelope.sent(message)
            tried.append((message, outcome))
            failpoint("sent")
            has_failed = outcome is not None and not outcome.is_accepted
            if has_failed or time.monotonic() >= ends_at:
                break
    chance = random.random()  # noqa: S311 -- no secret
    note_outcomes(held=held, tried=tried, chance=chance, by=by, now=clock())
    failpoint("noted")
    return len(tried)


class _Envelope:
    """What messages that go together share: connection, secrets, what is public now."""

    def __init__(self, held: Held, now: datetime, line: Line) -> None:
        self._held, self._now, self._line = held, now, line

    @cached_property
    def _secrets(self) -> list[str]:
        return _secrets(self._held.endpoint, self._now)

    @cached_property
    def _contents(self) -> Mapping[int, Any]:
        return contents_of(self._held.messages, today=utc_date(self._now))

    def sent(self, message: Message) -> Outcome | None:
        """Send a message and return what was answered; None where nothing is left to tell."""
        try:
            body = body_of(message, self._contents)
            return None if body is None else self._answered(message, body)
        # Whatever is wrong with one message is its own: it is noted there, and the next is tried.
        except Exception:
            logger.exception("Webhook message %s could not be sent", message.name)
            return Outcome(None, "our_fault", "", 0)

    def _answered(self, message: Message, body: bytes) -> Outcome:
        signed = headers(
            self._secrets, name=message.name, timestamp=int(self._now.timestamp()), body=body
        )
        began = time.monotonic()
        try:
            return self._posted(signed, body, began)
        except NotFetched as error:
            return Outcome(None, error.code, "", _since(began))

    def _posted(self, signed: Mapping[str, str], body: bytes, began: float) -> Outcome:
        was_open = self._line.is_used
        try:
            with fetch(
                self._held.endpoint.url,
                method="POST",
                headers=signed,
                content=body,
                limits=_LIMITS,
                keeps=EXCERPT,
                line=self._line,
            ) as page:
                return Outcome(
                    status=page.status,
                    code="",
                    excerpt=_excerpt(page.body.read()),
                    milliseconds=_since(began),
                    retry_after=page.last.header("retry-after"),
                )
        except (BrokenAnswer, Truncated):
            if not was_open:
                raise
            # It was hung up between two messages. Whoever got this one knows it by its name.
            self._line.hang_up()
            return self._posted(signed, body, began)


def _secrets(endpoint: Endpoint, now: datetime) -> list[str]:
    """Return the secrets that sign: the present one, and the one before while it is valid."""
    found = [opened(endpoint.secret)]
    if endpoint.old_secret_expires_at is not None and endpoint.old_secret_expires_at > now:
        found.append(opened(endpoint.old_secret))
    return found


def _excerpt(body: bytes) -> str:
    return FORBIDDEN.sub("", body.decode("utf-8", errors="replace"))[:EXCERPT]


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
