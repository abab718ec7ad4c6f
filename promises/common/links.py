"""Which web addresses the record may hold. Fetching them is another matter, kept elsewhere."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def public_web_address(value: str) -> None:
    """Raise ValidationError unless the text is an http(s) address with a host and no password."""
    try:
        parts = urlsplit(value)
        has_login = parts.username is not None or parts.password is not None
        host = parts.hostname or ""
        _port = parts.port
    except ValueError as error:
        raise ValidationError(_("This is not a web address."), code="bad_link") from error
    if parts.scheme not in {"http", "https"} or "." not in host or has_login:
        raise ValidationError(
            _("Give a full web address that starts with https:// or http:// and has no password."),
            code="bad_link",
        )
