"""Brings what a request knows to the security log and to the limits."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from promises.accounts.choices import Happening, Means
from promises.accounts.models import LoginAttempt, SecurityEvent, User
from promises.accounts.rules import browser_words
from promises.accounts.security import record_security_event, take_attempt
from promises.common.clients import client_address
from promises.desk.entrance.devices import device_of


def happened(request: HttpRequest, kind: str, person: User | None, **more: Any) -> SecurityEvent:
    """Keep that something has happened to a login, with where the request came from."""
    return record_security_event(
        kind=kind,
        person=person,
        now=timezone.now(),
        address=client_address(request),
        browser=request.headers.get("User-Agent", ""),
        **more,
    )


def attempt(request: HttpRequest, purpose: str, name: str) -> LoginAttempt | None:
    """Hold an attempt against whoever asks; None when there were too many, which is kept once."""
    now = timezone.now()
    address = client_address(request)
    taken = take_attempt(
        purpose=purpose, name=name, address=address, device=device_of(request, name), now=now
    )
    if taken is None:
        _keep_refusal(request, name)
    return taken


def failed(request: HttpRequest, person: User | None, means: str) -> None:
    """Keep that an attempt has failed, never what was typed."""
    happened(request, Happening.LOGIN_FAILED, person, means=means)


def means_of(request: HttpRequest, person: User) -> str:
    """Return what a person showed to be let in, in order, joined by +."""
    shown = []
    for entry in get_authentication_records(request, person):
        means = entry["type"] if entry["method"] == "mfa" else entry["method"]
        if means not in shown and not entry.get("reauthenticated"):
            shown.append(means)
    return "+".join(shown)


def means_words(means: str) -> str:
    """Return the same in words."""
    words = dict(Means.choices)
    return ", ".join(str(words.get(part, part)) for part in means.split("+") if part)


def browser_name(user_agent: str) -> str:
    """Return what a person calls a browser: "Firefox on Windows"."""
    browser, system = browser_words(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def _keep_refusal(request: HttpRequest, name: str) -> None:
    """Keep that someone is held up: once an hour for each login and address, not at each try."""
    person = User.objects.filter(username__iexact=name).first()
    address, now = client_address(request), timezone.now()
    if not SecurityEvent.objects.was_slowed(person=person, address=address, now=now):
        happened(request, Happening.LOGINS_SLOWED, person)
