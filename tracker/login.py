"""Settings of the entrance: django-allauth, sessions, mail. Part of tracker.settings.

allauth's own limits count in the cache, by account alone, and are off: promises.accounts.rules
says what limits there are instead, and PostgreSQL counts.
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tracker import env

ENTRANCE = "promises.desk.entrance"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "mfa_index"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = f"{ENTRANCE}.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "promises.accounts.sending.LinkTokens"  # noqa: S105
ACCOUNT_FORMS = {
    "login": f"{ENTRANCE}.forms.LoginForm",
    "change_password": f"{ENTRANCE}.forms.ChangePasswordForm",
    "reset_password": f"{ENTRANCE}.forms.ForgottenPasswordForm",
}

MFA_ADAPTER = f"{ENTRANCE}.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = False
MFA_FORMS = {
    "authenticate": f"{ENTRANCE}.forms.CodeForm",
    "reauthenticate": f"{ENTRANCE}.forms.CodeAgainForm",
    "add_webauthn": f"{ENTRANCE}.forms.AddPasskeyForm",
    "authenticate_webauthn": f"{ENTRANCE}.forms.PasskeyForm",
    "reauthenticate_webauthn": f"{ENTRANCE}.forms.PasskeyAgainForm",
    "login_webauthn": f"{ENTRANCE}.forms.PasskeyLoginForm",
}


def mail(address: str) -> dict[str, Any]:
    """Return Django's settings for a mail server: `smtp(s)://user:password@host:port`.

    `console:` writes mails to the log, without addresses and links; `file:/a/folder` keeps them
    there as they are. `smtp://` speaks STARTTLS unless `?tls=no` is given.
    """
    asked = urlsplit(address)
    if asked.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if asked.scheme == "file" and asked.path.startswith("/"):
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(asked.path),
        }
    form = "smtps://user:password@mail.example.org:465"
    parts = env.parts_of("EMAIL_URL", address, {"smtp", "smtps"}, form)
    if not parts.hostname:
        raise env.malformed("EMAIL_URL", form)
    is_wrapped = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "promises.outbox.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_wrapped else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_wrapped,
        "EMAIL_USE_TLS": not is_wrapped and dict(parse_qsl(parts.query)).get("tls") != "no",
        # For each answer; all of a mail has a limit of its own.
        "EMAIL_TIMEOUT": 10,
    }
