"""Pages of the entrance. Those of allauth, with what each shows and asks here."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from promises.accounts.choices import Happening
from promises.accounts.models import SecurityEvent
from promises.accounts.querysets import live_sessions
from promises.accounts.security import end_sessions
from promises.desk.entrance import log
from promises.desk.entrance.devices import remember_device
from promises.desk.entrance.factors import is_required, safe_next, shown_now

EVENTS_SHOWN = 100
closed = (never_cache, login_required)


@method_decorator(never_cache, name="dispatch")
class Login(account.LoginView):
    """Name and password, or a passkey."""


class SecondStep(base.AuthenticateView):
    """The second factor, after the password."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Offer what the person has."""
        found = super().get_context_data(**given)
        kinds = set(
            Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        )
        has_passkeys = Authenticator.Type.WEBAUTHN in kinds
        has_codes = bool(kinds - {Authenticator.Type.WEBAUTHN})
        return {**found, "has_passkeys": has_passkeys, "has_codes": has_codes}


@method_decorator(closed, name="dispatch")
class OwnLogin(base.IndexView):
    """What one logs in with, and where to change it."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Bring the factors in the order in which they were made."""
        found = {**super().get_context_data(**given), "is_required": is_required()}
        own = Authenticator.objects.filter(user=self.request.user).order_by("created_at", "pk")
        by_kind: dict[str, list[Any]] = {}
        for factor in own:
            by_kind.setdefault(factor.type, []).append(factor)
        codes = by_kind.get("recovery_codes", [])
        return {
            **found,
            "apps": by_kind.get("totp", []),
            "passkeys": by_kind.get("webauthn", []),
            "codes": codes,
            "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else 0,
        }


@never_cache
@login_required
@require_safe
def factor_needed(request: HttpRequest) -> HttpResponse:
    """Say why the desk does not open yet, and offer the ways to set up a second factor."""
    request.session["desk.next"] = safe_next(request)
    return TemplateResponse(request, "account/factor_needed.html")


@method_decorator(never_cache, name="dispatch")
class AddApp(totp.ActivateTOTPView):
    """Set up an app that shows codes."""

    def dispatch(self, request: HttpRequest, *args: Any, **given: Any) -> Any:
        """Ask to log in first."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return super().dispatch(request, *args, **given)

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Bring the drawing and the key in groups of four."""
        found = super().get_context_data(**given)
        secret = found["form"].secret
        found["form"].fields["code"].widget.attrs |= {"inputmode": "numeric", "placeholder": ""}
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        # Drawn from a key and an address of our own.
        return {**found, "drawing": mark_safe(found["totp_svg"]), "groups": groups}  # noqa: S308

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it; this session has shown it."""
        response: HttpResponse = super().form_valid(form)
        shown_now(self.request, Authenticator.Type.TOTP)
        return response


@method_decorator(never_cache, name="dispatch")
class AddPasskey(webauthn.AddWebAuthnView):
    """Set up a passkey, which lets one in without a password."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Ask the browser for a key that it keeps and that asks for a PIN."""
        found = super().get_context_data(**given)
        options = auth.begin_registration(self.request.user, passwordless=True)
        return {**found, "js_data": {"creation_options": options}}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it; this session has shown it."""
        response: HttpResponse = super().form_valid(form)
        shown_now(self.request, Authenticator.Type.WEBAUTHN)
        return response


class RemovePasskey(webauthn.RemoveWebAuthnView):
    """Remove a passkey."""

    success_url = reverse_lazy("mfa_index")


class RenamePasskey(webauthn.EditWebAuthnView):
    """Give a passkey another name."""

    success_url = reverse_lazy("mfa_index")


@method_decorator(closed, name="dispatch")
class RecoveryCodes(recovery.ViewRecoveryCodesView):
    """Show new recovery codes, once; then on to where one wanted to go."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Bring where to go next."""
        found = super().get_context_data(**given)
        return {**found, "onward": self.request.session.pop("desk.next", "")}


class NewPassword(account.PasswordResetFromKeyView):
    """Set a password by a link. Who reads the mailbox is no stranger: the device is known now."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it."""
        response: HttpResponse = super().form_valid(form)
        remember_device(self.request, response, self.reset_user.username)
        return response


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List where one is logged in."""
    person: Any = request.user
    rows = [
        (row, log.browser_name(row.user_agent), row.session_key == request.session.session_key)
        for row in live_sessions(person, timezone.now())
    ]
    return TemplateResponse(request, "account/sessions.html", {"rows": rows})


@require_POST
@login_required
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's sessions; it is out at its next request."""
    person: Any = request.user
    if not end_sessions(person=person, only=number):
        raise Http404
    log.happened(request, Happening.SESSION_ENDED, person)
    return HttpResponseRedirect(reverse_lazy("sessions"))


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    person: Any = request.user
    if end_sessions(person=person, but=request.session.session_key):
        log.happened(request, Happening.SESSION_ENDED, person)
    return HttpResponseRedirect(reverse_lazy("sessions"))


@never_cache
@login_required
@require_safe
def own_log(request: HttpRequest) -> HttpResponse:
    """Show what has happened to one's login."""
    person: Any = request.user
    events = SecurityEvent.objects.about(person).select_related("by")[:EVENTS_SHOWN]
    rows = [(event, log.means_words(event.means), _browser(event)) for event in events]
    return TemplateResponse(request, "account/log.html", {"rows": rows})


def _browser(event: SecurityEvent) -> str:
    return log.browser_name(event.browser) if event.browser else ""


# What needs nothing of ours but its template.
log_out = account.logout
change_password = never_cache(account.password_change)
forgotten_password = never_cache(account.password_reset)
link_sent = account.password_reset_done
password_done = account.password_reset_from_key_done
confirm_by_password = never_cache(account.reauthenticate)
confirm_by_code = never_cache(base.reauthenticate)
confirm_by_passkey = never_cache(webauthn.reauthenticate_webauthn)
login_by_passkey = webauthn.login_webauthn
remove_app = never_cache(totp.deactivate_totp)
new_codes = never_cache(recovery.generate_recovery_codes)
