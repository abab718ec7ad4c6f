"""The courier of mail."""

from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from promises.outbox.models import Delivery


def send(delivery: Delivery) -> None:
    """Send one mail: `content` has subject, text and html.

    The Message-ID follows from the key (RFC 5322), so a mail that leaves twice after a crash is
    one mail to whoever compares; Auto-Submitted keeps holiday replies away (RFC 3834).
    Raises what the mail server or the connection to it raises.
    """
    content = delivery.content
    name = sha256(delivery.key.encode()).hexdigest()[:32]
    mail = EmailMultiAlternatives(
        subject=content["subject"],
        body=content["text"],
        to=[delivery.address],
        headers={
            "Message-ID": f"<{name}@{urlsplit(settings.SITE_URL).hostname}>",
            "Idempotency-Key": delivery.key,
            "Auto-Submitted": "auto-generated",
            **content.get("headers", {}),
        },
    )
    if content.get("html"):
        mail.attach_alternative(content["html"], "text/html")
    mail.send()
