"""The life of a delivery. Every step is one short transaction; the network is between them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Value
from django.db.models.functions import Least, Now

from promises.accounts.models import Letter, User
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.outbox.choices import Courier
from promises.outbox.models import Delivery
from promises.outbox.querysets import DeliveryQuerySet
from promises.outbox.rules import LEASE, MOST_ATTEMPTS, SILENCE, pause_after, pause_if_it_dies


class NotSetAside(Refused):
    """Only a delivery that was given up is sent again by hand."""


@write
def put_in_outbox(*, deliveries: Sequence[Delivery], by: User, now: datetime) -> None:
    """Write deliveries in the caller's transaction. One that is there already stays as it is."""
    for delivery in deliveries:
        delivery.created_at = now
        # Due at once by the clock of whoever sends them, even if the caller's runs ahead of it.
        delivery.next_try_at = Least(Value(now), Now())
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)


@write
def take_up_letters(*, by: User, now: datetime) -> int:
    """Write a delivery for each letter about a login that has none; return how many.

    Logins stand below the outbox and cannot write into it. The delivery names the login, not its
    address: the outbox has a history, and may outlive both.
    """
    waiting = Letter.objects.waiting().order_by("queued_at", "pk").select_related("person")
    letters = list(waiting.select_for_update(skip_locked=True, of=("self",)))
    put_in_outbox(
        deliveries=[
            Delivery(
                key=f"login:{letter.pk}",
                courier=Courier.MAIL,
                address=f"login {letter.person.username}",
                content={"writer": "login", "letter": letter.pk},
            )
            for letter in letters
        ],
        by=by,
        now=now,
    )
    return Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(posted_at=now)


@write
def lease_delivery(*, by: User, now: datetime) -> Delivery | None:
    """Take the delivery that waited longest into one's hands and count the try; None: none is due.

    Rows in another dispatcher's hands are passed over. The try is counted before it is made: a
    delivery that kills its dispatcher every time is set aside after its last one. One that was in
    hand at several deaths waits, should this be another: nine kills within minutes are no reason
    to give it up unsent.
    """
    while delivery := Delivery.objects.due(now).select_for_update(skip_locked=True).first():
        is_used_up = delivery.attempts >= MOST_ATTEMPTS
        if is_used_up:
            delivery.set_aside_at, delivery.next_try_at, delivery.leased_until = now, None, None
            delivery.last_error = delivery.last_error or "No dispatcher survived trying."
        else:
            delivery.attempts += 1
            delivery.leased_until = now + LEASE
            if pause := pause_if_it_dies(delivery.attempts):
                delivery.next_try_at = now + pause
        delivery.save(update_fields=_MOVING)
        if not is_used_up:
            return delivery
    return None


_MOVING = ["attempts", "leased_until", "next_try_at", "set_aside_at", "last_error"]


@write
def mark_sent(*, delivery: Delivery, by: User, now: datetime) -> bool:
    """Note that the other side took it, on whichever try: a yes is a yes.

    False when it waits no longer.
    """
    done = {"sent_at": now, "next_try_at": None, "leased_until": None, "last_error": ""}
    return Delivery.objects.waiting().filter(pk=delivery.pk).update(**done) == 1


@write
def mark_failed(*, delivery: Delivery, error: str, chance: float, by: User, now: datetime) -> bool:
    """Plan the next try, or set the delivery aside after the last; `chance` spreads the tries."""
    pause = pause_after(delivery.attempts, chance)
    changes = {"leased_until": None, "last_error": error[:2000]}
    if pause is None:
        return _in_hand(delivery).update(set_aside_at=now, next_try_at=None, **changes) == 1
    return _in_hand(delivery).update(next_try_at=now + pause, **changes) == 1


@write
def wait_out_silence(*, courier: str, by: User, now: datetime) -> int:
    """Put off what is due by a courier whose other side does not answer; return how many.

    None of their tries is used up.
    """
    due = Delivery.objects.due(now).filter(courier=courier)
    return due.update(next_try_at=now + SILENCE)


@write
def drop(*, delivery: Delivery, by: User, now: datetime) -> bool:
    """Remove what is not to be sent any more. False when it is no longer in the caller's hands."""
    return _in_hand(delivery).delete()[0] == 1


@write
def send_again(*, delivery: Delivery, by: User, now: datetime) -> Delivery:
    """Put a delivery that was given up back in line. Raises NotSetAside."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.set_aside_at is None:
        raise NotSetAside("This was not given up: it is sent, or it still waits for its next try.")
    delivery.set_aside_at, delivery.next_try_at, delivery.attempts = None, now, 0
    delivery.save(update_fields=_MOVING)
    return delivery


@write
def forget_old(*, older_than: timedelta, by: User, now: datetime) -> int:
    """Delete what was sent longer ago than that; return how many."""
    return Delivery.objects.filter(sent_at__lt=now - older_than).delete()[0]


def _in_hand(delivery: Delivery) -> DeliveryQuerySet:
    """Return the row if it is still on the try that the caller made."""
    return Delivery.objects.waiting().filter(pk=delivery.pk, attempts=delivery.attempts)
