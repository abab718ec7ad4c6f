"""Whether a session has shown the second factor that the desk asks for."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from promises.accounts.querysets import factors_of


def is_required() -> bool:
    """Tell whether the desk asks for a second factor here."""
    return bool(settings.SECOND_FACTOR == "required")


def shows_second_factor(request: HttpRequest) -> bool:
    """Tell whether this session may enter the desk as far as second factors go.

    The person has one, and has shown one in this very session: a session from before, or one
    made with a password alone, does not do.
    """
    if not is_required():
        return True
    person: Any = request.user
    shown = any(entry["method"] == "mfa" for entry in get_authentication_records(request, person))
    return shown and factors_of(person).exists()


def shown_now(request: HttpRequest, kind: str) -> None:
    """Count a factor that was just set up as shown: setting it up has proved it."""
    person: Any = request.user
    record_authentication(request, person, method="mfa", type=kind)


def way_in(request: HttpRequest) -> HttpResponse:
    """Lead whoever stands before the desk to what is missing, then to where they wanted."""
    there = safe_next(request) or reverse("admin:index")
    person: Any = request.user
    if not person.is_authenticated:
        return _to("account_login", there)
    if not shows_second_factor(request):
        return _to("mfa_reauthenticate" if factors_of(person).exists() else "factor_needed", there)
    return HttpResponseRedirect(there)


def safe_next(request: HttpRequest) -> str:
    """Return where to go afterwards, if it is a page of this site that leads on, else ""."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    return there if is_safe(there) else ""


def is_safe(there: str) -> bool:
    """Tell whether an address is a path of this site, and not one that leads back here."""
    is_path = there.startswith("/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return is_path and not there.startswith((reverse("admin:login"), reverse("admin:logout")))


def _to(name: str, there: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': there})}")
