"""Pledges and topics in the language of a mail, where the record has words for them."""

from collections.abc import Collection
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from promises.alerts.models import Subscription
from promises.pledges.models import GeneralTerm, PledgeTranslation


def translations_of(slugs: Collection[str]) -> dict[str, PledgeTranslation]:
    """Return the public translations of these pledges. One query; none in English."""
    language = get_language()
    if language == settings.LANGUAGE_CODE:
        return {}
    found = PledgeTranslation.objects.into(language).select_related("pledge")
    return {row.pledge.slug: row for row in found.filter(pledge__slug__in=slugs)}


def withdrawn_words(subscription: Subscription) -> str:
    """Return what stands in the place of a name that is public no more."""
    if subscription.pledge:
        return _("A pledge that was withdrawn")
    return _("A prosecutor whose entry was withdrawn")


class Name(NamedTuple):
    """How something is called, and in which language that is."""

    words: str
    language: str


def name_of(subscription: Subscription) -> Name:
    """Return how what is followed is named in a line: titles of pledges repeat."""
    pledge, topic = subscription.pledge, subscription.topic
    here, english = get_language(), settings.LANGUAGE_CODE
    if pledge:
        translated = translations_of([pledge.slug]).get(pledge.slug)
        title = (translated or pledge).title
        return Name(f"{pledge.person}: {title}", here if translated else english)
    if topic and here != english and (words := GeneralTerm.objects.into(here).get(topic.name)):
        return Name(words, here)
    return Name(str(subscription.subject), english)
