"""Who asks: someone with an address, or a key. Found out once a request, before it is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from promises.accounts.choices import Scope
from promises.accounts.keys import key_of
from promises.accounts.models import ApiKey, User
from promises.api.problems import MISSING_SCOPE, UNAUTHENTICATED, ProblemError
from promises.common.clients import client_digest

ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Caller:
    """By what a caller is counted, how many requests an hour they have, and their key.

    `fault` says why a key that came along opens nothing; whoever sends such is counted by address.
    """

    policy: str
    quota: int
    counter: str
    key: ApiKey | None = None
    fault: str = ""


def caller_of(request: HttpRequest) -> Caller:
    """Return who sends this request, found out at the first call."""
    known: Caller | None = getattr(request, "api_caller", None)
    if known is None:
        known = _found(request)
        request.api_caller = known  # type: ignore[attr-defined]  # kept for the views
    return known


def _found(request: HttpRequest) -> Caller:
    sent = request.headers.get("Authorization")
    if sent is None:
        return by_address(request)
    scheme, _space, text = sent.partition(" ")
    if scheme.lower() != "bearer":
        return by_address(request, "Send your key as `Authorization: Bearer` and the key.")
    key, fault = key_of(text.strip(), now=timezone.now())
    if key is None:
        return by_address(request, fault)
    # The keys of one person share a quota: more of them are not more requests.
    counter = f"api:quota:{key.tier}:{key.owner_id}"
    return Caller(key.tier, settings.API_TIERS[key.tier], counter, key)


def by_address(request: HttpRequest, fault: str = "") -> Caller:
    """Return whoever asks without a key."""
    # The name of the counter does not give the address away.
    counter = "api:quota:" + client_digest(request, "api.limits")
    return Caller(ANONYMOUS, settings.API_REQUESTS_PER_HOUR, counter, fault=fault)


class KeyAuthentication(BaseAuthentication):
    """Lets a view know whose key came along. Cookies count for nothing here."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """Return the owner and the key. Raises ProblemError for a key that opens nothing."""
        caller = caller_of(request._request)
        # Browsers ask what is allowed before they send a key.
        if request.method == "OPTIONS":
            return None
        if caller.fault:
            raise ProblemError(UNAUTHENTICATED, caller.fault)
        return (caller.key.owner, caller.key) if caller.key else None

    def authenticate_header(self, request: Request) -> str:
        """Return how one authenticates."""
        return "Bearer"


class ScopePermission(BasePermission):
    """What a key needs to be let through, and whether one is let through without a key."""

    scope: ClassVar[Scope]
    is_public: ClassVar[bool] = False

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let through whoever has the scope. Raises ProblemError, which says what is missing."""
        key: Any = request.auth
        if key is None:
            if self.is_public or request.method == "OPTIONS":
                return True
            raise ProblemError(
                UNAUTHENTICATED, f"This address needs a key with the scope {self.scope}."
            )
        if self.scope not in key.scopes:
            raise ProblemError(
                MISSING_SCOPE, f"This key lacks the scope {self.scope}.", scope=str(self.scope)
            )
        return True


class MayRead(ScopePermission):
    """Everybody reads the public record; a key needs the scope for it."""

    scope = Scope.READ
    is_public = True


class MaySuggest(ScopePermission):
    """Suggestions by program need a key."""

    scope = Scope.SUGGEST


class MayHaveWebhooks(ScopePermission):
    """Webhooks belong to someone."""

    scope = Scope.WEBHOOKS


READING: Sequence[type[ScopePermission]] = (MayRead,)
