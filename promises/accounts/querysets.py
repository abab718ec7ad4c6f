"""Named reads of what happened to logins, and of who is logged in where."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Count, Q, QuerySet

from promises.accounts.choices import Happening
from promises.accounts.rules import A_PLACE_STAYS_FAMILIAR, WINDOW, Failures

if TYPE_CHECKING:
    from promises.accounts.models import (  # noqa: F401 -- types only
        ApiKey,
        Letter,
        LoginAttempt,
        SecurityEvent,
        User,
    )


class SecurityEventQuerySet(QuerySet[Any]):
    """Reads of the security log."""

    def about(self, person: User) -> Self:
        """Keep what happened to the login of a person, newest first."""
        return self.filter(person=person).order_by("-happened_at", "-pk")

    def is_familiar_place(self, *, username: str, address: str, now: datetime) -> bool:
        """Tell whether the owner of this name has logged in from this address lately."""
        return self.filter(
            kind=Happening.LOGGED_IN,
            person__username__iexact=username,
            address=address,
            happened_at__gt=now - A_PLACE_STAYS_FAMILIAR,
        ).exists()

    def was_slowed(self, *, person: User | None, address: str, now: datetime) -> bool:
        """Tell whether it is in the log already that this address is held up at this login."""
        return self.filter(
            kind=Happening.LOGINS_SLOWED,
            person=person,
            address=address or None,
            happened_at__gt=now - WINDOW,
        ).exists()


class LoginAttemptQuerySet(QuerySet[Any]):
    """Reads of the attempts that have not succeeded."""

    def failures(
        self, *, purpose: str, account: str, network: str, device: str, now: datetime
    ) -> Failures:
        """Count what is held against an attempt, in one query."""
        on_account, of_network = Q(account_key=account), Q(network_key=network, device_key="")
        recent = self.filter(purpose=purpose, tried_at__gt=now - WINDOW)
        counted = recent.filter(on_account | of_network).aggregate(
            of_device=Count("pk", filter=on_account & Q(device_key=device)),
            of_network_on_account=Count("pk", filter=on_account & of_network),
            of_network=Count("pk", filter=of_network),
            of_strangers_on_account=Count(
                "pk", filter=on_account & Q(device_key="", is_familiar_place=False)
            ),
        )
        return Failures(**counted)

    def outlived(self, now: datetime) -> Self:
        """Keep those that count no more."""
        return self.filter(tried_at__lte=now - WINDOW)


class LetterQuerySet(QuerySet[Any]):
    """Reads of the mails to send."""

    def waiting(self) -> Self:
        """Keep what the outbox has not taken up."""
        return self.filter(posted_at=None)


class ApiKeyQuerySet(QuerySet["ApiKey"]):
    """Reads of the keys of the API."""

    def of(self, owner: User) -> Self:
        """Keep those of a person, the newest first."""
        return self.filter(owner=owner).order_by("-pk")

    def live(self, now: datetime) -> Self:
        """Keep those that open something now."""
        return self.filter(revoked_at=None, expires_at__gt=now)


def factors_of(person: User) -> QuerySet[Any]:
    """Return the second factors of a person, recovery codes left out: they only stand in."""
    own: QuerySet[Any] = Authenticator.objects.filter(user=person)
    return own.exclude(type=Authenticator.Type.RECOVERY_CODES).order_by("type", "pk")


def live_sessions(person: User, now: datetime) -> QuerySet[Any]:
    """Return the sessions of a person that still hold, the one seen last first."""
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    own: QuerySet[Any] = UserSession.objects.filter(user=person, session_key__in=live)
    return own.order_by("-last_seen_at", "-pk")
