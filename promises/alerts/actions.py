"""Following, from the request of a stranger to the erasing of an address, one step a function."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.alerts.choices import Frequency
from promises.alerts.models import Cursor, Request, Subscriber, Subscription
from promises.alerts.rules import COUNTED_FOR, PRESSED_TWICE, due_at, mailbox_of, sendable
from promises.common import locks
from promises.common.locks import wait_for_turn
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.chain import current_edition
from promises.officials.models import Person
from promises.outbox.actions import put_in_outbox
from promises.outbox.models import Delivery
from promises.pledges.models import Pledge, Topic


class TooManyRequests(Refused):
    """This network has asked for as many mails as one may in a day."""


class Stopped(Refused):
    """The subscription is not there any more: it was stopped, or never confirmed in time."""


@write
def ask_to_follow(
    *,
    subject: Pledge | Person | Topic,
    frequency: str,
    address: str,
    language: str,
    network: str,
    by: User,
    now: datetime,
) -> None:
    """Keep that an address is to follow something, and ask its mailbox whether it agrees.

    1. Refuse it when its network has asked settings.FOLLOWS_PER_DAY times within a day.
    2. Say nothing and mail nothing when the mailbox had settings.CONFIRMATIONS_PER_DAY mails, or
       was asked the same within PRESSED_TWICE.
    3. Else keep it and put a mail with a link into the outbox. What is followed already stays as
       it is until the link is used: a stranger changes nothing.

    Whoever asks learns nothing of whether an address is known. `network` stands for where it came
    from (client_digest). Raises WrongState unless the subject is public, TooManyRequests,
    ValidationError for an address no mail goes to.
    """
    _require_public(subject)
    address = sendable(address)
    if not address or frequency not in Frequency.values:
        raise ValidationError({"address": _("Mail cannot be sent to this address.")})
    mailbox = salted_hmac("alerts.mailbox", mailbox_of(address)).hexdigest()[:32]
    if not _has_room(network, mailbox, now):
        Request.objects.create(mailbox="", network=network, asked_at=now)
        return
    subscription = _kept(subject, frequency, address, language, now)
    content = {"writer": "follow", "subscription": subscription.pk, "frequency": frequency}
    if _was_just_asked(mailbox, content, now):
        return
    request = Request.objects.create(mailbox=mailbox, network=network, asked_at=now)
    mail = Delivery(
        key=f"follow:{request.pk}",
        courier="mail",
        address=f"subscriber {subscription.subscriber_id}",
        content=content,
    )
    put_in_outbox(deliveries=[mail], by=by, now=now)


@write
def confirm_following(
    *, subscription: Subscription, frequency: str, by: User, now: datetime
) -> Subscription:
    """Begin to mail what is new from the next edition on; again, it changes how often.

    Raises Stopped when it was erased meanwhile.
    """
    lock_cursor(by=by, now=now)
    subscription = _locked(subscription)
    if subscription.confirmed_at is None:
        subscription.confirmed_at, subscription.since_edition = now, current_edition()
        subscription.save(update_fields=["confirmed_at", "since_edition"])
    return change_frequency(subscription=subscription, frequency=frequency, by=by, now=now)


@write
def change_frequency(
    *, subscription: Subscription, frequency: str, by: User, now: datetime
) -> Subscription:
    """Mail more or less often from now on, what waits already included. Raises Stopped."""
    lock_cursor(by=by, now=now)
    subscription = _locked(subscription)
    if subscription.frequency != frequency:
        subscription.frequency = Frequency(frequency)
        subscription.save(update_fields=["frequency"])
        when = due_at(frequency, now, settings.DIGEST_HOUR)
        subscription.news.update(due_at=when)
    return subscription


@write
def stop_following(*, subscription: Subscription, by: User, now: datetime) -> None:
    """End one subscription; with the last one the address is erased. Raises Stopped."""
    lock_cursor(by=by, now=now)
    subscription = _locked(subscription)
    subscription.delete()
    Subscriber.objects.without_subscriptions().filter(pk=subscription.subscriber_id).delete()


@write
def erase_subscriber(*, subscriber: Subscriber, by: User, now: datetime) -> None:
    """Erase an address with all it follows. Mails that wait for it find nobody and are dropped."""
    lock_cursor(by=by, now=now)
    for found in Subscriber.objects.select_for_update().filter(pk=subscriber.pk):
        found.delete()


@write
def forget_unconfirmed(*, by: User, now: datetime) -> int:
    """Erase what nobody confirmed in settings.UNCONFIRMED_KEPT_DAYS; return how many.

    What only counted requests goes after a day.
    """
    lock_cursor(by=by, now=now)
    Request.objects.filter(asked_at__lte=now - COUNTED_FOR).delete()
    over = now - timedelta(days=settings.UNCONFIRMED_KEPT_DAYS)
    forgotten = Subscription.objects.unconfirmed_since(over).delete()[0]
    Subscriber.objects.without_subscriptions().delete()
    return forgotten


@write
def lock_cursor(*, by: User, now: datetime) -> Cursor:
    """Return the cursor, locked. Before anyone followed anything it stands at the newest edition.

    Whoever takes a subscription away holds it, so no entry is being read for that one; whoever
    confirms one holds it, so each entry from then on is still to be read.
    """
    Cursor.objects.get_or_create(pk=1, defaults={"edition": current_edition()})
    return Cursor.objects.select_for_update().get()


def _require_public(subject: Pledge | Person | Topic) -> None:
    if isinstance(subject, Pledge):
        editorial.require_states([subject, subject.person], State.PUBLISHED)
    elif isinstance(subject, Person):
        editorial.require_state(subject, State.PUBLISHED)


def _has_room(network: str, mailbox: str, now: datetime) -> bool:
    """Tell whether a mailbox may get another mail. Raises TooManyRequests for the network.

    Two requests at once count one after the other.
    """
    wait_for_turn(locks.FOLLOWS_OF_NETWORK, network)
    wait_for_turn(locks.FOLLOWS_OF_MAILBOX, mailbox)
    lately = Request.objects.filter(asked_at__gt=now - COUNTED_FOR)
    if lately.filter(network=network).count() >= settings.FOLLOWS_PER_DAY:
        raise TooManyRequests(
            _("As many requests as one network may send in a day came from yours.")
        )
    return lately.filter(mailbox=mailbox).count() < settings.CONFIRMATIONS_PER_DAY


def _was_just_asked(mailbox: str, content: dict[str, Any], now: datetime) -> bool:
    """Tell whether the mailbox was asked the very same a moment ago: a button pressed twice."""
    lately = Request.objects.filter(mailbox=mailbox, asked_at__gt=now - PRESSED_TWICE)
    keys = [f"follow:{pk}" for pk in lately.values_list("pk", flat=True)]
    return Delivery.objects.filter(key__in=keys, content=content).exists()


def _kept(
    subject: Pledge | Person | Topic, frequency: str, address: str, language: str, now: datetime
) -> Subscription:
    """Return the subscription of this address to this subject, made unless it is there."""
    subscriber = Subscriber.objects.of_address(address).first()
    if subscriber is None:
        subscriber = Subscriber.objects.create(
            reference=secrets.token_hex(10),
            address=address,
            language=language,
            first_asked_at=now,
        )
    field = {Pledge: "pledge", Person: "person", Topic: "topic"}[type(subject)]
    found, is_new = Subscription.objects.get_or_create(
        subscriber=subscriber,
        **{field: subject},
        defaults={"frequency": frequency, "asked_at": now},
    )
    if not is_new and found.confirmed_at is None:
        # Its time to be confirmed begins anew.
        Subscription.objects.filter(pk=found.pk).update(asked_at=now, frequency=frequency)
    return found


def _locked(subscription: Subscription) -> Subscription:
    """Return the subscription as it stands, locked with its subscriber: before their news."""
    rows = Subscription.objects.select_related("subscriber").select_for_update()
    if (found := rows.filter(pk=subscription.pk).first()) is None:
        raise Stopped(_("This was stopped, and nothing is left of it."))
    return found
