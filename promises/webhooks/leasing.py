"""A message on its way: taken into one's hands, and what became of it. The network is between.

Each step is one short transaction. They are no writes of the record and leave no history.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from promises.accounts.models import User
from promises.outbox.rules import MOST_ATTEMPTS, pause_after
from promises.webhooks.actions import close
from promises.webhooks.choices import Closing, Unsent
from promises.webhooks.models import Attempt, Endpoint, Message
from promises.webhooks.querysets import MessageQuerySet
from promises.webhooks.rules import (
    LEASE,
    REST,
    Outcome,
    is_to_be_closed,
    next_pause,
    wait_asked_for,
)

# The endpoint whose message waits longest, among those in nobody's hands and not left alone.
_ENDPOINT = """
    SELECT endpoint.id FROM webhooks_endpoint endpoint
    CROSS JOIN LATERAL (
        SELECT id, next_try_at FROM webhooks_message
        WHERE endpoint_id = endpoint.id AND next_try_at <= %(now)s
        ORDER BY next_try_at, id LIMIT 1
    ) message
    WHERE endpoint.disabled_at IS NULL
        AND (endpoint.leased_until IS NULL OR endpoint.leased_until <= %(now)s)
        AND (endpoint.resumes_at IS NULL OR endpoint.resumes_at <= %(now)s)
    ORDER BY message.next_try_at, message.id
    LIMIT 1 FOR UPDATE OF endpoint SKIP LOCKED
"""
# Looked up again behind the lock: another dispatcher may have sent it a moment before.
_MESSAGE = """
    WITH due AS (
        SELECT id FROM webhooks_message
        WHERE endpoint_id = %(endpoint)s AND next_try_at <= %(now)s
        ORDER BY next_try_at, id LIMIT 1
    ), leased AS (
        UPDATE webhooks_endpoint SET leased_until = %(until)s
        WHERE id = %(endpoint)s AND EXISTS (SELECT FROM due)
    )
    UPDATE webhooks_message message SET attempts = attempts + 1 FROM due
    WHERE message.id = due.id RETURNING message.id
"""


@dataclass(frozen=True)
class Held:
    """A message in a dispatcher's hands, and until when its endpoint is nobody else's."""

    message: Message
    until: datetime


def take_message(*, now: datetime) -> Held | None:
    """Take the message that waits longest into one's hands, and count the try; None without any.

    An endpoint has one message at a time, so one that hangs holds up nobody but itself.
    """
    for _ in range(20):
        with transaction.atomic(), connection.cursor() as database:
            database.execute(_ENDPOINT, {"now": now})
            if (endpoint := database.fetchone()) is None:
                return None
            until = now + LEASE
            given = {"endpoint": endpoint[0], "now": now, "until": until}
            database.execute(_MESSAGE, given)
            found = database.fetchone()
        if found is None:
            continue
        related = ("endpoint__owner", "entry")
        held = Held(Message.objects.select_related(*related).get(pk=found[0]), until)
        if held.message.attempts <= MOST_ATTEMPTS:
            return held
        # No dispatcher survived trying.
        give_up(held=held, reason=Unsent.TRIED_OUT, now=now)
    return None


@transaction.atomic
def note_outcome(*, held: Held, outcome: Outcome, chance: float, by: User, now: datetime) -> bool:
    """Keep what became of a try, plan the next one, and let go of the endpoint.

    False when the lease had ended and another has taken the message: then only the try is kept.
    """
    message = held.message
    endpoint = Endpoint.objects.select_for_update().filter(pk=message.endpoint_id).first()
    if endpoint is None:
        return False
    Attempt.objects.create(
        message=message,
        tried_at=now,
        status=outcome.status,
        fault=outcome.code,
        excerpt=outcome.excerpt,
        milliseconds=outcome.milliseconds,
    )
    mine = Message.objects.waiting().filter(pk=message.pk, attempts=message.attempts)
    wait = wait_asked_for(outcome.retry_after, now) if outcome.retry_after else None
    if outcome.is_accepted:
        is_mine = mine.update(accepted_at=now, next_try_at=None) == 1
    else:
        pause = next_pause(pause_after(message.attempts, chance), wait)
        is_mine = _put_off(mine, pause, now)
    if endpoint.leased_until == held.until:
        endpoint.leased_until = None
    endpoint.first_failed_at = None if outcome.is_accepted else endpoint.first_failed_at or now
    endpoint.resumes_at = _rest(outcome, now, wait)
    endpoint.save(update_fields=["leased_until", "first_failed_at", "resumes_at"])
    if endpoint.disabled_at is None:
        if outcome.is_gone:
            close(endpoint=endpoint, kind=Closing.GONE, note="", by=by, now=now)
        elif is_to_be_closed(endpoint.first_failed_at, now):
            close(endpoint=endpoint, kind=Closing.FAILING, note="", by=by, now=now)
    return is_mine


@transaction.atomic
def give_up(*, held: Held, reason: Unsent, now: datetime) -> None:
    """Send a message no more, for a reason that is not its endpoint's; let go of the endpoint."""
    Message.objects.waiting().filter(pk=held.message.pk).update(
        next_try_at=None, set_aside_at=now, set_aside_reason=reason
    )
    mine = Endpoint.objects.filter(pk=held.message.endpoint_id, leased_until=held.until)
    mine.update(leased_until=None)


def _put_off(mine: MessageQuerySet, pause: timedelta | None, now: datetime) -> bool:
    """Plan the next try, or give up after the last."""
    if pause is None:
        changes = {"next_try_at": None, "set_aside_at": now, "set_aside_reason": Unsent.TRIED_OUT}
        return mine.update(**changes) == 1
    return mine.update(next_try_at=now + pause) == 1


def _rest(outcome: Outcome, now: datetime, wait: timedelta | None) -> datetime | None:
    """Return until when an endpoint is left alone: as it asked, or because it gave no answer."""
    if outcome.is_accepted:
        return None
    if wait is not None:
        return now + wait
    return now + REST if outcome.status is None else None
