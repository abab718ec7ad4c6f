"""Endpoints, from the request of their owner to the day they are closed or removed."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from promises.accounts.models import User
from promises.accounts.rights import right
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.fetching.errors import NotFetched
from promises.fetching.urls import read_url
from promises.ledger.chain import current_edition
from promises.officials.models import Person
from promises.outbox.actions import put_in_outbox
from promises.outbox.models import Delivery
from promises.pledges.models import Topic
from promises.webhooks.choices import Closing, Unsent
from promises.webhooks.guards import (
    IsClosed,
    NotYourEndpoint,
    locked_endpoint,
    require_login,
    require_open,
)
from promises.webhooks.models import Cursor, Endpoint, Message
from promises.webhooks.rules import (
    EVENT_TYPES,
    KEPT_FOR,
    MOST_ENDPOINTS,
    OLD_SECRET_SIGNS,
    TEST_TYPE,
    new_secret,
)
from promises.webhooks.sealing import sealed


class TooManyEndpoints(Refused):
    """This person has as many endpoints as one may have."""


@write
def add_endpoint(
    *,
    owner: User,
    url: str,
    description: str = "",
    event_types: Sequence[str] = (),
    person: Person | None = None,
    topic: Topic | None = None,
    by: User,
    now: datetime,
) -> tuple[Endpoint, str]:
    """Open an endpoint and return it with its secret; it is told of the next edition on.

    Nothing is sent to find out whether it answers. Raises NotYourEndpoint, LoginClosed,
    TooManyEndpoints, ValidationError.
    """
    if by.pk != owner.pk:
        raise NotYourEndpoint("Everybody opens their own endpoints.")
    lock_cursor(by=by, now=now)
    require_login(owner)
    if Endpoint.objects.of(owner).count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints(f"You have {MOST_ENDPOINTS} endpoints, which is the most.")
    secret = new_secret()
    endpoint = Endpoint(
        reference=f"we_{secrets.token_hex(8)}",
        owner=owner,
        url=_checked(url),
        description=description,
        event_types=_known(event_types),
        person=person,
        topic=topic,
        secret=sealed(secret),
        made_at=now,
        since_edition=current_edition(),
    )
    endpoint.full_clean()
    endpoint.save(force_insert=True)
    return endpoint, secret


@write
def change_endpoint(*, endpoint: Endpoint, by: User, now: datetime, **values: Any) -> Endpoint:
    """Change where an endpoint is, what it is for or what it is told of, from now on.

    Raises NotYourEndpoint, ValidationError.
    """
    lock_cursor(by=by, now=now)
    endpoint = locked_endpoint(endpoint, by)
    for name in ("description", "person", "topic"):
        if name in values:
            setattr(endpoint, name, values[name])
    if "url" in values:
        endpoint.url = _checked(values["url"])
        # Another address owes nothing for the silence of the old one.
        endpoint.resumes_at = endpoint.first_failed_at = None
    if "event_types" in values:
        endpoint.event_types = _known(values["event_types"])
    endpoint.full_clean()
    endpoint.save(update_fields=["url", "description", "event_types", "person", "topic", *_FAILING])
    return endpoint


_FAILING = ("resumes_at", "first_failed_at")
_CLOSED = ("disabled_at", "disabled_reason", "disabled_note")


@write
def open_endpoint(*, endpoint: Endpoint, by: User, now: datetime) -> Endpoint:
    """Send to an endpoint again, from the next edition on; what it missed can be replayed.

    What an administrator closed stays closed. Raises NotYourEndpoint, LoginClosed, IsClosed.
    """
    lock_cursor(by=by, now=now)
    require_login(by)
    endpoint = locked_endpoint(endpoint, by)
    if endpoint.disabled_at is None:
        return endpoint
    if endpoint.disabled_reason == Closing.ADMINISTRATOR:
        raise IsClosed("An administrator closed this endpoint. Write to them.")
    endpoint.disabled_at, endpoint.disabled_reason, endpoint.disabled_note = None, "", ""
    endpoint.resumes_at = endpoint.first_failed_at = None
    endpoint.since_edition = current_edition()
    endpoint.save(update_fields=[*_CLOSED, *_FAILING, "since_edition"])
    return endpoint


@write
def close_endpoint(*, endpoint: Endpoint, by: User, now: datetime, reason: str = "") -> Endpoint:
    """Send nothing to an endpoint any more; what waits for it is given up.

    Its owner may, and an administrator, who says why: then it stays closed. Raises
    NotYourEndpoint, IsClosed.
    """
    is_own = by.pk == endpoint.owner_id
    if not is_own and not by.has_perm(right("webhooks.Endpoint", "close")):
        raise NotYourEndpoint("Only its owner or an administrator closes an endpoint.")
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    if endpoint.disabled_at is not None:
        raise IsClosed("This webhook is closed already.")
    kind = Closing.OWNER if is_own else Closing.ADMINISTRATOR
    close(endpoint=endpoint, kind=kind, note=reason, by=by, now=now)
    return endpoint


@write
def close_endpoints_of(*, person_id: int, by: User, now: datetime) -> None:
    """Close all endpoints of someone whose login is closed (settings.LOGIN_EFFECTS).

    Whoever may log in again opens those that are wanted still; nothing opens them by itself.
    """
    own = Endpoint.objects.open().filter(owner=person_id).order_by("pk")
    for endpoint in own.select_for_update(of=("self",)):
        close(endpoint=endpoint, kind=Closing.LOGIN_CLOSED, note="", by=by, now=now)


@write
def close(*, endpoint: Endpoint, kind: str, note: str, by: User, now: datetime) -> None:
    """Close an endpoint that the caller has locked, and tell its owner unless they did it."""
    endpoint.disabled_at, endpoint.disabled_reason = now, Closing(kind)
    endpoint.disabled_note = note
    endpoint.save(update_fields=_CLOSED)
    endpoint.messages.waiting().update(
        next_try_at=None, set_aside_at=now, set_aside_reason=Unsent.CLOSED
    )
    owner = endpoint.owner
    if kind == Closing.OWNER or not owner.email or not owner.is_active:
        return
    why = endpoint.get_disabled_reason_display()
    text = (
        f"Nothing is sent to your webhook any more: {why}. {note}\n\n{endpoint.url}\n"
        f"({endpoint.reference})\n\nOpen it again, and have what it missed sent, by the API:\n"
        f"{settings.SITE_URL}/api/docs/#webhooks\n"
    )
    mail = Delivery(
        key=f"webhook-closed:{endpoint.reference}:{now.isoformat()}",
        courier="mail",
        address=owner.email,
        content={"subject": "Your webhook was closed", "text": text},
    )
    put_in_outbox(deliveries=[mail], by=by, now=now)


@write
def remove_endpoint(*, endpoint: Endpoint, by: User, now: datetime) -> None:
    """Remove an endpoint with its log. Raises NotYourEndpoint."""
    lock_cursor(by=by, now=now)
    locked_endpoint(endpoint, by).delete()


@write
def rotate_secret(*, endpoint: Endpoint, by: User, now: datetime) -> tuple[Endpoint, str]:
    """Give an endpoint a new secret and return it; the one before signs beside it for a day.

    Raises NotYourEndpoint.
    """
    endpoint = locked_endpoint(endpoint, by)
    secret = new_secret()
    endpoint.old_secret, endpoint.secret = endpoint.secret, sealed(secret)
    endpoint.old_secret_expires_at = now + OLD_SECRET_SIGNS
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_expires_at"])
    return endpoint, secret


@write
def send_test(*, endpoint: Endpoint, by: User, now: datetime) -> Message:
    """Put a message into the line of an endpoint that says nothing but that it is a test.

    Raises NotYourEndpoint, IsClosed.
    """
    endpoint = locked_endpoint(endpoint, by)
    require_open(endpoint)
    return Message.objects.create(
        endpoint=endpoint,
        name=f"msg_test_{secrets.token_hex(12)}",
        event_type=TEST_TYPE,
        made_at=now,
        next_try_at=now,
    )


@write
def forget_messages(*, by: User, now: datetime) -> int:
    """Delete messages that were settled long ago, with their tries; return how many."""
    return Message.objects.settled_before(now - KEPT_FOR).delete()[0]


@write
def lock_cursor(*, by: User, now: datetime) -> Cursor:
    """Return the cursor, locked. Before there was any endpoint it stands at the newest edition."""
    Cursor.objects.get_or_create(pk=1, defaults={"edition": current_edition()})
    return Cursor.objects.select_for_update().get()


def _checked(url: str) -> str:
    """Return an address in its one spelling. Raises ValidationError.

    Where its name leads is looked at when something is sent, every time.
    """
    try:
        place = read_url(url, ports=frozenset(settings.FETCH_PORTS))
    except NotFetched as error:
        raise ValidationError({"url": str(error)}) from error
    if place.scheme != "https" and not settings.WEBHOOKS_BY_HTTP:
        raise ValidationError({"url": "Give an address that starts with https://."})
    return place.url


def _known(event_types: Sequence[str]) -> list[str]:
    """Return events in our order, each once. Raises ValidationError for one there is not."""
    unknown = [name for name in event_types if name not in EVENT_TYPES]
    if unknown:
        raise ValidationError({"event_types": f"There is no event {unknown[0]!r}."})
    return [name for name in EVENT_TYPES if name in event_types]
