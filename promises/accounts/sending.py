"""The mails about logins, each written at the moment it is sent (settings.MAIL_WRITERS)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.template.loader import render_to_string
from django.urls import reverse

from promises.accounts.choices import Happening, LetterKind
from promises.accounts.models import Letter, User
from promises.common.clock import database_clock


class LinkTokens(PasswordResetTokenGenerator):
    """Django's, good until the password, the address or the last login is another.

    Or until the login is closed: opened again, it takes no link from before.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        closings = user.security_events.filter(kind=Happening.LOGIN_CLOSED).count()
        return f"{super()._make_hash_value(user, timestamp)}{closings or ''}"


def write_letter(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Write the mail of a letter; None when its person has no address any more, or may not log in.

    A link is made only now: no table holds one. Where it was asked for longer ago than a link is
    good, whoever asked may not want it any more; the mail then says where to ask for a new one.
    """
    letter = Letter.objects.select_related("person", "event__by").get(pk=content["letter"])
    address = letter.to or letter.person.email
    if not address or not (letter.person.is_active or letter.kind == LetterKind.NOTICE):
        return None
    facts = {"letter": letter, "event": letter.event, "person": letter.person,
             "site": settings.SITE_URL, "link": ""}  # fmt: skip
    template: str = letter.kind
    if letter.kind != LetterKind.NOTICE:
        if database_clock() - letter.queued_at < timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT):
            facts["link"] = password_link(letter.person)
        else:
            template = "link_too_late"
    subject = render_to_string(f"account/letters/{template}_subject.txt", facts)
    return {
        "address": address,
        "subject": " ".join(subject.split()),
        "text": render_to_string(f"account/letters/{template}.txt", facts),
    }


def password_link(person: User) -> str:
    """Return the address at which a person sets a password. It works once, and three days."""
    key = LinkTokens().make_token(person)
    arguments = {"uidb36": user_pk_to_url_str(person), "key": key}
    # Of the settings, never of a request: whoever asks for a link does not choose where it leads.
    return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', kwargs=arguments)}"
