"""The links of mails: signed, so that nothing in the database opens a page.

A link stands for a subscriber, by a reference that nobody can guess, and dies with them. The ones
to manage and to stop live as long as the subscriber; the one to confirm, as long as the request.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from promises.alerts.choices import Frequency
from promises.alerts.models import Subscriber, Subscription

_CONFIRM = "alerts.confirm"
_MANAGE = "alerts.manage"
_STOP = "alerts.stop"


class BadTokenError(Exception):
    """Nobody here has signed this, or it was signed too long ago."""


def confirm_address(subscription: Subscription, frequency: str) -> str:
    """Return where the owner of a mailbox says yes to one subscription, this often."""
    signed = [subscription.subscriber.reference, subscription.pk, frequency]
    return _address("follow_confirm", signing.dumps(signed, salt=_CONFIRM))


def manage_address(subscriber: Subscriber) -> str:
    """Return where a subscriber changes what they follow."""
    return _address("follow_manage", manage_token(subscriber))


def manage_token(subscriber: Subscriber) -> str:
    """Return the token of that page."""
    return signing.dumps(subscriber.reference, salt=_MANAGE)


def stop_address(subscriber: Subscriber, subscription: Subscription | None = None) -> str:
    """Return where everything, or one subscription, ends with one press (RFC 8058)."""
    signed = [subscriber.reference, subscription.pk if subscription else None]
    return _address("follow_stop", signing.dumps(signed, salt=_STOP))


def to_confirm(token: str) -> tuple[Subscription | None, str]:
    """Return the subscription and how often, or None if it is erased. Raises BadTokenError."""
    age = timedelta(days=settings.UNCONFIRMED_KEPT_DAYS)
    reference, number, frequency = _signed(token, _CONFIRM, age)
    found = Subscription.objects.with_subjects().select_related("subscriber")
    subscription = found.filter(pk=number, subscriber__reference=reference).first()
    return subscription, str(Frequency(frequency))


def to_manage(token: str) -> Subscriber | None:
    """Return the subscriber, or None if erased. Raises BadTokenError."""
    return Subscriber.objects.filter(reference=_signed(token, _MANAGE)).first()


def to_stop(token: str) -> tuple[Subscriber | None, Subscription | None]:
    """Return who stops, and of what: None is everything. Raises BadTokenError.

    Nobody, when the subscriber, or the one subscription, is erased already.
    """
    reference, number = _signed(token, _STOP)
    subscriber = Subscriber.objects.filter(reference=reference).first()
    if subscriber is None or number is None:
        return subscriber, None
    subscription = subscriber.subscriptions.with_subjects().filter(pk=number).first()
    return (subscriber if subscription else None), subscription


def _signed(token: str, salt: str, age: timedelta | None = None) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=age)
    # The library lets through what its decoders say of a token that was cut off.
    except (signing.BadSignature, ValueError) as error:
        raise BadTokenError from error


def _address(name: str, token: str) -> str:
    # Of the settings, never of a request: whoever asks for a mail does not choose where it leads.
    return f"{settings.SITE_URL}{reverse(f'site:{name}', args=[token])}"
