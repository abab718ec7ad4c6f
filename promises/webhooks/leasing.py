"""Messages on their way: taken into one's hands, and what became of them. The network is between.

Each step is one short transaction. They are no writes of the record and leave no history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from promises.accounts.models import User
from promises.outbox.rules import MOST_ATTEMPTS, pause_after, pause_if_it_dies
from promises.webhooks.actions import close
from promises.webhooks.choices import Closing, Unsent
from promises.webhooks.models import Attempt, Endpoint, Message
from promises.webhooks.querysets import MessageQuerySet
from promises.webhooks.rules import (
    LEASE,
    MOST_TOGETHER,
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
# Looked up again behind the lock: another dispatcher may have sent them a moment before. What was
# tried before goes alone, so that a message that kills its dispatcher takes no other along.
_MESSAGES = """
    WITH due AS (
        SELECT id, attempts, row_number() OVER (ORDER BY next_try_at, id) AS place
        FROM webhooks_message WHERE endpoint_id = %(endpoint)s AND next_try_at <= %(now)s
        ORDER BY next_try_at, id LIMIT %(most)s
    ), taken AS (
        SELECT id FROM due WHERE place = 1
            OR place < ALL (SELECT place FROM due WHERE attempts > 0)
    ), leased AS (
        UPDATE webhooks_endpoint SET leased_until = %(until)s
        WHERE id = %(endpoint)s AND EXISTS (SELECT FROM taken)
    )
    UPDATE webhooks_message message SET attempts = attempts + 1 FROM taken
    WHERE message.id = taken.id RETURNING message.id
"""
# A message and what was answered; None where it had nothing to tell any more.
Tried = tuple[Message, Outcome | None]


@dataclass(frozen=True)
class Held:
    """Messages in a dispatcher's hands, and until when their endpoint is nobody else's."""

    messages: Sequence[Message]
    until: datetime

    @property
    def endpoint(self) -> Endpoint:
        """To whom they go."""
        return self.messages[0].endpoint


def take_messages(*, now: datetime) -> Held | None:
    """Take what waits longest for one endpoint into one's hands, and count the try; None without.

    An endpoint is in one pair of hands at a time, so one that hangs holds up nobody but itself.
    """
    for _ in range(20):
        with transaction.atomic(), connection.cursor() as database:
            database.execute(_ENDPOINT, {"now": now})
            if (endpoint := database.fetchone()) is None:
                return None
            until = now + LEASE
            given = {"endpoint": endpoint[0], "now": now, "until": until, "most": MOST_TOGETHER}
            database.execute(_MESSAGES, given)
            found = [pk for (pk,) in database.fetchall()]
        if not found:
            continue
        messages = Message.objects.filter(pk__in=found).select_related("endpoint", "entry")
        held = Held(list(messages.order_by("next_try_at", "pk")), until)
        if held.messages[0].attempts <= MOST_ATTEMPTS:
            _plan_for_a_death(held, now)
            return held
        # No dispatcher survived trying.
        _give_up(held, Unsent.TRIED_OUT, now)
    return None


@transaction.atomic
def note_outcomes(
    *, held: Held, tried: Sequence[Tried], chance: float, by: User, now: datetime
) -> int:
    """Keep what became of each try, plan the next one, and let go of the endpoint.

    Only the last of them may have failed; those behind it have not been tried. Returns how many
    this settled: where the lease had ended and another took a message, only its try is kept.
    """
    endpoint = Endpoint.objects.select_for_update().filter(pk=held.endpoint.pk).first()
    if endpoint is None:
        return 0
    Attempt.objects.bulk_create(
        Attempt(
            message=message,
            tried_at=now,
            status=outcome.status,
            fault=outcome.code,
            excerpt=outcome.excerpt,
            milliseconds=outcome.milliseconds,
        )
        for message, outcome in tried
        if outcome
    )
    settled = _settle(held, tried, chance, now)
    if endpoint.leased_until == held.until:
        endpoint.leased_until = None
    if any(outcome and outcome.is_accepted for _message, outcome in tried):
        endpoint.first_failed_at = endpoint.resumes_at = None
    _message, last = tried[-1]
    if last and not last.is_accepted:
        endpoint.first_failed_at = endpoint.first_failed_at or now
        endpoint.resumes_at = _rest(last, now)
    endpoint.save(update_fields=["leased_until", "first_failed_at", "resumes_at"])
    if last and endpoint.disabled_at is None:
        if last.is_gone:
            close(endpoint=endpoint, kind=Closing.GONE, note="", by=by, now=now)
        elif is_to_be_closed(endpoint.first_failed_at, now):
            close(endpoint=endpoint, kind=Closing.FAILING, note="", by=by, now=now)
    return settled


def _settle(held: Held, tried: Sequence[Tried], chance: float, now: datetime) -> int:
    """Keep what became of the messages that are still ours; return of how many."""
    mine = Message.objects.waiting().filter(attempts=held.messages[0].attempts)
    accepted = [message.pk for message, outcome in tried if outcome and outcome.is_accepted]
    settled = mine.filter(pk__in=accepted).update(accepted_at=now, next_try_at=None)
    silent = [message.pk for message, outcome in tried if outcome is None]
    settled += mine.filter(pk__in=silent).update(**_set_aside(Unsent.WITHHELD, now))
    untried = [message.pk for message in held.messages[len(tried) :]]
    mine.filter(pk__in=untried).update(attempts=F("attempts") - 1)
    message, last = tried[-1]
    if last and not last.is_accepted:
        pause = next_pause(pause_after(message.attempts, chance), _wait(last, now))
        settled += _put_off(mine.filter(pk=message.pk), pause, now)
    return settled


def _plan_for_a_death(held: Held, now: datetime) -> None:
    """Let a message that was in hand at several deaths wait, should this be another.

    Nothing may be wrong with it: nine kills within minutes are no reason to give it up unsent.
    """
    claims = held.messages[0].attempts
    if pause := pause_if_it_dies(claims):
        mine = Message.objects.waiting().filter(pk=held.messages[0].pk, attempts=claims)
        mine.update(next_try_at=now + pause)


def _give_up(held: Held, reason: Unsent, now: datetime) -> None:
    """Send a message no more, for a reason that is not its endpoint's; let go of the endpoint."""
    with transaction.atomic():
        # The endpoint first, as everybody locks it.
        mine = Endpoint.objects.filter(pk=held.endpoint.pk, leased_until=held.until)
        mine.update(leased_until=None)
        of_these = [message.pk for message in held.messages]
        Message.objects.waiting().filter(pk__in=of_these).update(**_set_aside(reason, now))


def _set_aside(reason: Unsent, now: datetime) -> dict[str, Any]:
    return {"next_try_at": None, "set_aside_at": now, "set_aside_reason": reason}


def _put_off(mine: MessageQuerySet, pause: timedelta | None, now: datetime) -> int:
    """Plan the next try, or give up after the last."""
    if pause is None:
        return mine.update(**_set_aside(Unsent.TRIED_OUT, now))
    return mine.update(next_try_at=now + pause)


def _wait(failed: Outcome, now: datetime) -> timedelta | None:
    """Return how long the endpoint asks us to wait."""
    return wait_asked_for(failed.retry_after, now) if failed.retry_after else None


def _rest(failed: Outcome, now: datetime) -> datetime | None:
    """Return until when an endpoint is left alone: as it asked, or because it gave no answer."""
    if (wait := _wait(failed, now)) is not None:
        return now + wait
    return now + REST if failed.status is None else None
