"""What django-allauth asks us: who a client is, where to go, what to keep, how to lock secrets."""

import base64
import hashlib
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from promises.accounts.choices import Happening, Means
from promises.accounts.models import User
from promises.accounts.security import (
    end_sessions,
    give_back,
    send_password_link,
    write_notice,
)
from promises.common.clients import client_address
from promises.desk.entrance import log, sessions
from promises.desk.entrance.devices import remember_device
from promises.desk.entrance.factors import is_safe

# Said by the page one comes to.
_UNSAID = {
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "mfa/messages/recovery_codes_generated.txt",
}
# allauth tells of every change by a mail of one of these names: this is where it is kept.
_CHANGES = {
    "mfa/email/totp_activated": (Happening.FACTOR_ADDED, Means.TOTP),
    "mfa/email/totp_deactivated": (Happening.FACTOR_REMOVED, Means.TOTP),
    "mfa/email/webauthn_added": (Happening.FACTOR_ADDED, Means.WEBAUTHN),
    "mfa/email/webauthn_removed": (Happening.FACTOR_REMOVED, Means.WEBAUTHN),
    "mfa/email/recovery_codes_generated": (Happening.CODES_RENEWED, ""),
    "account/email/password_changed": (Happening.PASSWORD_CHANGED, ""),
    "account/email/password_reset": (Happening.PASSWORD_CHANGED, ""),
}


class AccountAdapter(DefaultAccountAdapter):
    """Logging in and out, passwords, and what is kept of it."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("This name and password do not belong together."),
        "too_many_login_attempts": _(
            "Too many attempts from here. Wait an hour, use a passkey, or have a link to set a new "
            "password sent to you: that always works."
        ),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address of a client, as everywhere else in the tracker."""
        return client_address(request) or "::"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: administrators make logins."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Go on to paths of this site only."""
        return is_safe(url or "")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the desk whoever works there."""
        person: Any = request.user
        return reverse("admin:index" if person.is_staff else "mfa_index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the page of one's login."""
        return reverse("mfa_index")

    def set_password(self, user: Any, password: str) -> None:
        """Save the password and nothing else: the login may have been closed since it was read."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def add_message(
        self, request: Any, level: int, message_template: Any = None, *args: Any, **more: Any
    ) -> None:
        """Say what the next page does not say itself."""
        if message_template not in _UNSAID:
            super().add_message(request, level, message_template, *args, **more)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse an attempt before it is tried, when there were too many."""
        self.attempt = log.attempt(request, "password", credentials.get("username", ""))
        if self.attempt is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return the person, or None: the same for a wrong password, nobody, or a closed login.

        A service account is nobody: it acts for the system, whatever password someone gave it.
        """
        person = super().authenticate(request, **credentials)
        if person is not None and (person.is_service or not person.is_active):
            self.authentication_failed(request, **credentials)
            return None
        if person is not None and self.attempt is not None:
            give_back(attempt=self.attempt)
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep that it failed."""
        name = credentials.get("username", "")
        person = User.objects.filter(username__iexact=name).first() if name else None
        log.failed(request, person, Means.PASSWORD)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask again before a change, unless the person has logged in a moment ago."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((entry["at"] for entry in records), default=0)
        return bool(time.time() - latest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Say to a closed login (with a passkey) what is said to nobody."""
        messages.error(request, str(self.error_messages["invalid_login"]))
        return HttpResponseRedirect(reverse("account_login"))

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Keep the login, start the session's clocks, know the device from now on."""
        sessions.begin(request)
        response: HttpResponse = super().post_login(request, user, **more)
        log.happened(request, Happening.LOGGED_IN, user, means=log.means_of(request, user))
        remember_device(request, response, user.username)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Keep that someone left, and end the session."""
        person: Any = request.user
        if person.is_authenticated:
            log.happened(request, Happening.LOGGED_OUT, person)
            row = person.usersession_set.filter(session_key=request.session.session_key)
            row.delete()
        logout(request)

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **_: Any) -> None:
        """Keep a change of a login, tell its owner, and after a new password end all but this."""
        kind, means = _CHANGES[template_prefix]
        write_notice(event=log.happened(self.request, kind, user, means=means))
        if kind == Happening.PASSWORD_CHANGED:
            end_sessions(person=user, but=self.request.session.session_key)

    def send_password_reset_mail(self, user: Any, email: str, context: Any) -> None:
        """Leave the letter to the courier: an answer takes as long for nobody as for somebody."""
        send_password_link(
            person=user,
            address=client_address(self.request),
            browser=self.request.headers.get("User-Agent", ""),
            now=timezone.now(),
        )


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: what apps and passkeys are called, and how their secrets are locked."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": _("This is not it.")}

    def get_totp_label(self, user: Any) -> str:
        """Name the login in the app as it is named here."""
        return str(user.username)

    def build_totp_svg(self, url: str) -> str:
        """Return the drawing of a key as SVG without a style of its own, which no policy stops."""
        import qrcode
        from qrcode.image.svg import SvgPathImage

        return str(
            qrcode.make(url, image_factory=SvgPathImage, border=2).to_string(encoding="unicode")
        )

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Name the login in a passkey as it is named here."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.display_name, "name": user.username}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        """Propose the name of this browser for a passkey."""
        from allauth.core import context

        return log.browser_name(context.request.headers.get("User-Agent", ""))

    def encrypt(self, text: str) -> str:
        """Lock a secret, so that a copy of the database gives no second factor away."""
        return str(_lock().encrypt(text.encode()).decode())

    def decrypt(self, encrypted_text: str) -> str:
        """Unlock a secret. Raises ValidationError when SECRET_KEY is another than it was."""
        from cryptography.fernet import InvalidToken

        try:
            return str(_lock().decrypt(encrypted_text.encode()).decode())
        except InvalidToken as error:
            raise self.validation_error("incorrect_code") from error


def _lock() -> Any:
    """Return the lock made from SECRET_KEY, which also opens what older keys have locked."""
    from cryptography.fernet import Fernet, MultiFernet

    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factors:" + force_bytes(key)).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
