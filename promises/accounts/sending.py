"""Sends the letters about logins. The only code of this app that touches mail."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse

from promises.accounts.models import Letter
from promises.common.silence import is_silence

log = logging.getLogger(__name__)


def send_waiting_letters(*, clock: Callable[[], datetime]) -> int:
    """Send what waits, the longest waiting first: each once unless the server's answer was lost.

    Claims a letter, sends it outside of any transaction, marks it. Returns how many were sent.
    A mail server that says nothing is left alone until the next time.
    """
    sent = 0
    waiting = Letter.objects.waiting(clock()).order_by("queued_at", "pk")
    for letter in waiting.select_related("person", "event__by")[:100]:
        # A slow server takes longer for those before than a claim lasts.
        now = clock()
        claim = Letter.objects.waiting(now).filter(pk=letter.pk)
        if not claim.update(tried_at=now, tries=F("tries") + 1):
            continue
        try:
            _send(letter)
        except (smtplib.SMTPException, OSError) as error:
            log.warning("Letter %d was not sent (try %d): %s", letter.pk, letter.tries + 1, error)
            if is_silence(error):
                break
            continue
        Letter.objects.filter(pk=letter.pk).update(sent_at=clock())
        sent += 1
    return sent


def _send(letter: Letter) -> None:
    """Write and send one."""
    facts = {"letter": letter, "event": letter.event, "person": letter.person,
             "site": settings.SITE_URL, "link": ""}  # fmt: skip
    if letter.kind != "notice":
        facts["link"] = password_link(letter)
    subject = render_to_string(f"account/letters/{letter.kind}_subject.txt", facts)
    body = render_to_string(f"account/letters/{letter.kind}.txt", facts)
    to = letter.to or letter.person.email
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [to])


def password_link(letter: Letter) -> str:
    """Return the address at which a person sets a password. It works once, and three days."""
    key = default_token_generator.make_token(letter.person)
    arguments = {"uidb36": user_pk_to_url_str(letter.person), "key": key}
    # Of the settings, never of a request: whoever asks for a link does not choose where it leads.
    return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', kwargs=arguments)}"
