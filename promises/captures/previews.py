"""Addresses by which a person of the desk sees a copy on the origin of copies, public or not."""

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

SECONDS = 600
_SALT = "captures.preview"


def preview_address(sha256: str) -> str:
    """Return where a file of a copy is shown for ten minutes; "" without an origin of copies."""
    token = TimestampSigner(salt=_SALT).sign(sha256)
    return f"{settings.CAPTURE_ORIGIN}/preview/{token}" if settings.CAPTURE_ORIGIN else ""


def previewed(token: str) -> str:
    """Return the file that a token names, or "" when it is forged or old."""
    try:
        return TimestampSigner(salt=_SALT).unsign(token, max_age=SECONDS)
    except BadSignature:
        return ""
