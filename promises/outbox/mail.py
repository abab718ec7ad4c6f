"""The courier of mail."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string

from promises.common.silence import is_silence
from promises.outbox.models import Delivery
from promises.outbox.rules import NothingToSend

# Writes a mail from what its delivery says, or finds that there is nothing to say any more.
Writer = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]


class NotTaken(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """The mail server did not take a mail; the message does not say to whom it was."""


def send(delivery: Delivery) -> None:
    """Send one mail: `content` has subject, text and html, and may have headers.

    Where `content` names a writer instead, that function of settings.MAIL_WRITERS writes the mail
    now and says to whom: the outbox then holds no address, and no word that may be withdrawn.

    The Message-ID follows from the key (RFC 5322), so a mail that leaves twice after a crash is
    one mail to whoever compares; Auto-Submitted keeps holiday replies away (RFC 3834).
    Raises what the mail server or the connection to it raises, NotTaken in its place where the
    address is a secret, and NothingToSend.
    """
    content = delivery.content
    if "writer" not in content:
        _mail(delivery.key, delivery.address, content).send()
        return
    writer: Writer = import_string(settings.MAIL_WRITERS[content["writer"]])
    written = writer(content)
    if written is None:
        raise NothingToSend
    try:
        _mail(delivery.key, written["address"], written).send()
    except SMTPException as error:
        if is_silence(error):
            raise
        words = str(error).replace(written["address"], "(address)")
        raise NotTaken(f"{type(error).__name__}: {words}") from None


def _mail(key: str, address: str, content: Mapping[str, Any]) -> EmailMultiAlternatives:
    name = sha256(key.encode()).hexdigest()[:32]
    mail = EmailMultiAlternatives(
        subject=content["subject"],
        body=content["text"],
        to=[address],
        headers={
            "Message-ID": f"<{name}@{urlsplit(settings.SITE_URL).hostname}>",
            "Idempotency-Key": key,
            "Auto-Submitted": "auto-generated",
            **content.get("headers", {}),
        },
    )
    if content.get("html"):
        mail.attach_alternative(content["html"], "text/html")
    return mail
