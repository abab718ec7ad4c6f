"""Forms of the entrance: allauth's, held to our limits."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as codes
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.accounts.choices import Means
from promises.accounts.security import accept_code, give_back
from promises.desk.entrance import log


class LoginForm(account.LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, label in (("login", _("Username")), ("password", _("Password"))):
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["required"] = True
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class ChangePasswordForm(account.ChangePasswordForm):
    """A new password for whoever knows the old one. Guessing it is limited too."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _plainly(self)

    def clean_oldpassword(self) -> str:
        """Check the old password as at a login."""
        typed: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed


class ForgottenPasswordForm(account.ResetPasswordForm):
    """The address a link goes to, if it is somebody's."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _plainly(self)

    def clean_email(self) -> str:
        """Leave out who could not log in with a new password."""
        email: str = super().clean_email()
        self.users: list[Any] = [user for user in self.users if not user.is_service]
        return email


class CodeForm(codes.AuthenticateForm):
    """The code of an app, or a recovery code."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _plainly(self)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        """Use the code up, if attempts are left and it is right."""
        taken = log.attempt(context.request, "code", self.user.username)
        if taken is None:
            raise get_adapter().validation_error("too_many_login_attempts")
        code = "".join(self.cleaned_data["code"].replace("-", " ").split())
        found = accept_code(person=self.user, code=code, now=timezone.now())
        if found is None:
            log.failed(context.request, self.user, Means.TOTP)
            raise ValidationError(_("This code is not right, or it has been used."))
        give_back(attempt=taken)
        self.authenticator = found
        # The row knows its person by another object than the request does.
        self.authenticator.user = self.user
        return code


class CodeAgainForm(CodeForm):
    """The same, of someone who is logged in."""

    save = codes.ReauthenticateForm.save


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    """A new passkey. Every one lets its owner in without a password, so all ask for a PIN."""

    passwordless = None

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        name = self.fields["name"]
        name.label, name.max_length = _("Name"), 60
        name.widget.attrs["maxlength"] = 60
        name.help_text = _("By which you recognise it in the list.")


class KeptWhenFailed(forms.Form):
    """A passkey that is refused is kept in the security log."""

    user: Any

    def clean_credential(self) -> Any:
        """Check it."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError:
            log.failed(context.request, self.user, Means.WEBAUTHN)
            raise


class PasskeyForm(KeptWhenFailed, passkeys.AuthenticateWebAuthnForm):
    """A passkey as second factor."""


class PasskeyAgainForm(KeptWhenFailed, passkeys.ReauthenticateWebAuthnForm):
    """A passkey of someone who is logged in."""


class PasskeyLoginForm(KeptWhenFailed, passkeys.LoginWebAuthnForm):
    """A passkey that says by itself whose it is."""


def _plainly(form: forms.Form) -> None:
    """Labels stand beside the fields; the same words need not stand in them."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
