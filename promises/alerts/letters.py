"""The mails to followers, each written at the moment it is sent (settings.MAIL_WRITERS)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from promises.alerts import tokens
from promises.alerts.choices import Frequency
from promises.alerts.models import Subscriber, Subscription
from promises.alerts.news import Group, news_of
from promises.alerts.words import name_of

# What one mail tells; the pages have the rest.
MOST_TOLD = 50


def write_alert(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Write the mail of these entries to a subscriber; None when there is nothing to tell.

    That is so when the subscriber is erased, or when all of it was withdrawn meanwhile.
    """
    subscriber = Subscriber.objects.filter(pk=content["subscriber"]).first()
    if subscriber is None:
        return None
    with translation.override(subscriber.language):
        groups = news_of(content["entries"])
        if not groups:
            return None
        count = sum(len(group.items) for group in groups)
        facts = {
            "groups": _first(groups, MOST_TOLD),
            "more": max(0, count - MOST_TOLD),
            "manage": tokens.manage_address(subscriber),
            "stop": tokens.stop_address(subscriber),
        }
        return _mail("alert", subscriber, _subject(groups, count), facts)


def write_confirmation(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Write the mail that asks a mailbox whether it is to get more.

    None when it is erased, or when what it asked for was withdrawn meanwhile.
    """
    found = Subscription.objects.with_subjects().select_related("subscriber")
    subscription = found.filter(pk=content["subscription"]).first()
    if subscription is None or not subscription.is_public:
        return None
    subscriber = subscription.subscriber
    with translation.override(subscriber.language):
        name = name_of(subscription)
        facts = {
            "name": name,
            "often": Frequency(content["frequency"]).label,
            "confirm": tokens.confirm_address(subscription, content["frequency"]),
            "stop": tokens.stop_address(subscriber, subscription),
            "kept_days": settings.UNCONFIRMED_KEPT_DAYS,
        }
        subject = _("Please confirm: mails about %(name)s") % {"name": name.words}
        return _mail("follow", subscriber, subject, facts)


def _mail(
    template: str, subscriber: Subscriber, subject: str, facts: dict[str, Any]
) -> dict[str, Any]:
    facts |= {"site": settings.SITE_URL, "language": subscriber.language, "subject": subject}
    return {
        "address": subscriber.address,
        "subject": " ".join(subject.split()),
        "text": render_to_string(f"mail/{template}.txt", facts),
        "html": render_to_string(f"mail/{template}.html", facts),
        # RFC 8058: the mail program offers a button, and presses it by a POST without cookies.
        "headers": {
            "List-Unsubscribe": f"<{facts['stop']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    }


def _subject(groups: list[Group], count: int) -> str:
    if len(groups) > 1 or count > 1:
        words = ngettext("%(count)d change to %(name)s", "%(count)d changes to %(name)s", count)
        name = groups[0].title if len(groups) == 1 else _("what you follow")
        return words % {"count": count, "name": name}
    return f"{groups[0].title} · {groups[0].items[0].title}"


def _first(groups: list[Group], most: int) -> list[Group]:
    """Return the groups with the first so many items of all."""
    kept = []
    for group in groups:
        if most <= 0:
            break
        kept.append(replace(group, items=group.items[:most]))
        most -= len(group.items)
    return kept
