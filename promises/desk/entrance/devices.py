"""Devices someone has logged in with before: a signed cookie says for which names.

It lets nobody in. It only keeps its owner's attempts apart from those of strangers (OWASP, "Slow
Down Online Guessing Attacks with Device Cookies").
"""

import secrets
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from promises.accounts.security import digest

KEPT_SECONDS = 180 * 24 * 3600
# Several people may share a device; the newest of them are kept.
MOST_NAMES = 5
_signer = TimestampSigner(salt="desk.entrance.device")


def device_of(request: HttpRequest, name: str) -> str:
    """Return the key of this device if the owner of `name` has logged in with it, else ""."""
    return _known(request).get(digest("account", name.lower()), "")


def remember_device(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Make this device a known one of the owner of `name`, who has just been let in."""
    account = digest("account", name.lower())
    known = _known(request)
    key = known.pop(account, "") or secrets.token_hex(16)
    newest = dict([*known.items(), (account, key)][-MOST_NAMES:])
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        _signer.sign_object(newest),
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> dict[str, str]:
    """Return the device's key for each name it knows, or nothing where the cookie is not ours."""
    value = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        known: Any = _signer.unsign_object(value, max_age=KEPT_SECONDS)
    except BadSignature:
        return {}
    return dict(known)
