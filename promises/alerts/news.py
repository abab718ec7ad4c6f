"""What entries of the ledger say to readers, as far as it is public at this moment."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from promises.alerts.words import translations_of
from promises.common.canonical import timestamp
from promises.common.dates import in_words, utc_date
from promises.evidence.models import EvidenceLink
from promises.ledger.models import Entry
from promises.pledges.choices import HOLDING_LABELS
from promises.pledges.models import Pledge, PledgeTranslation
from promises.updates.models import Correction, Response, StatusUpdate

# Longer texts are cut, in characters: the page has all of it.
LONGEST = 600


@dataclass(frozen=True)
class Item:
    """One thing that happened to a pledge. The text is in `language`, mostly the record's own."""

    title: str
    text: str
    language: str = settings.LANGUAGE_CODE


@dataclass
class Group:
    """What happened to one pledge, or person. What was withdrawn has no name any more."""

    title: str
    language: str
    address: str
    items: list[Item] = field(default_factory=list)


# Pledge, or "", and subject of the ledger: what an entry is about.
About = tuple[str, str]


def news_of(editions: Collection[int]) -> list[Group]:
    """Return what is to be told of these entries, pledge by pledge, in the order of the ledger.

    Of a row that changed several times only the newest is told; of one that was published and
    withdrawn again, nothing. What is not public now is left out.
    """
    entries = list(Entry.objects.filter(edition__in=editions).order_by("edition"))
    newest = {(entry.pledge, entry.subject): entry for entry in entries}
    born = {(e.pledge, e.subject) for e in entries if e.event.endswith(":published")}
    kept = {
        about: entry
        for about, entry in newest.items()
        if not (entry.event.endswith(":retracted") and about in born)
    }
    public = _public_pledges({entry.pledge for entry in kept.values()})
    told, words = _told(kept, public), translations_of(public)
    groups: dict[str, Group] = {}
    for about in sorted(told, key=lambda about: kept[about].edition):
        slug, subject = about
        whose = slug or subject
        if whose not in groups:
            pledge = slug and _group(slug, public.get(slug), words.get(slug))
            groups[whose] = pledge or _withdrawn_person(_row(kept[about])["slug"])
        groups[whose].items.append(told[about])
    return list(groups.values())


def _public_pledges(slugs: Collection[str]) -> dict[str, Pledge]:
    pledges = Pledge.objects.published().select_related("person")
    return {pledge.slug: pledge for pledge in pledges.filter(slug__in=slugs)}


def _group(slug: str, pledge: Pledge | None, words: PledgeTranslation | None) -> Group:
    title, language = _("A pledge that was withdrawn"), get_language()
    if pledge:
        title = f"{pledge.person}: {(words or pledge).title}"
        language = words.language if words else settings.LANGUAGE_CODE
    return Group(title, language, f"{settings.SITE_URL}{reverse('site:pledge', args=[slug])}")


def _withdrawn_person(slug: str) -> Group:
    """Return the group of a person who was withdrawn, without the name; their page says why."""
    address = f"{settings.SITE_URL}{reverse('site:prosecutor', args=[slug])}"
    return Group(_("A prosecutor whose entry was withdrawn"), get_language(), address)


def _told(kept: dict[About, Entry], public: dict[str, Pledge]) -> dict[About, Item]:
    """Return the item of each entry that is public, in one query a kind."""
    told: dict[About, Item] = {}
    by_kind: dict[str, list[Entry]] = {}
    for about, entry in kept.items():
        kind, _colon, verb = entry.event.partition(":")
        if verb == "retracted":
            if entry.pledge in public or kind in ("pledge", "person"):
                told[about] = _withdrawn(kind, entry)
        else:
            by_kind.setdefault(kind, []).append(entry)
    for kind, entries in by_kind.items():
        told |= {about: item for about, item in _ITEMS[kind](entries) if about in kept}
    return told


def _withdrawn(kind: str, entry: Entry) -> Item:
    titles = {
        "pledge": _("Withdrawn: the pledge"),
        "person": _("Withdrawn: the page"),
        "status_update": _("Withdrawn: a rating"),
        "response": _("Withdrawn: a reply"),
    }
    return Item(titles[kind], _short(_row(entry)["reason"]))


def _pledges(entries: list[Entry]) -> Iterable[tuple[About, Item]]:
    translated = translations_of(_slugs(entries))
    for pledge in Pledge.objects.published().filter(slug__in=_slugs(entries)):
        about, title = (pledge.slug, f"pledges/{pledge.slug}"), _("New on record")
        if words := translated.get(pledge.slug):
            yield about, Item(title, _short(words.statement), words.language)
        else:
            yield about, Item(title, _short(pledge.statement))


def _updates(entries: list[Entry]) -> Iterable[tuple[About, Item]]:
    found = StatusUpdate.objects.published().filter(pledge__slug__in=_slugs(entries))
    named = found.filter(slug__in=[_row(entry)["slug"] for entry in entries])
    for update in named.with_corrected_at().select_related("pledge__term"):
        assert update.published_at is not None, "updates_statusupdate_published_has_a_date"
        shown = update.pledge.shown_on(utc_date(update.published_at), update.status)
        status = HOLDING_LABELS.get(shown) or update.get_status_display()
        yield (
            (update.pledge.slug, f"status_updates/{update.slug}"),
            Item(_("New rating: %(status)s") % {"status": status}, _reasoning(update)),
        )


def _reasoning(update: Any) -> str:
    """Return why an update read `with_corrected_at()` rates so, and that this was corrected."""
    words = _short(update.reasoning)
    if update.corrected_at:
        day = date_format(utc_date(update.corrected_at))
        words += " " + _("These words were corrected on %(day)s.") % {"day": day}
    return words


def _links(entries: list[Entry]) -> Iterable[tuple[About, Item]]:
    named = EvidenceLink.objects.published().filter(
        pledge__slug__in=_slugs(entries),
        evidence__slug__in=[_row(entry)["evidence"] for entry in entries],
    )
    for link in named.select_related("pledge", "evidence"):
        piece = link.evidence
        day = in_words(piece.published_on, piece.date_precision)
        source = ", ".join(filter(None, [piece.title, piece.publisher, day]))
        yield (
            (link.pledge.slug, f"evidence_links/{link.pledge.slug}/{piece.slug}"),
            Item(
                _("New evidence, %(stance)s") % {"stance": link.get_stance_display()},
                f"{source}. {_short(piece.summary)}",
            ),
        )


def _corrections(entries: list[Entry]) -> Iterable[tuple[About, Item]]:
    named = Correction.objects.published().filter(
        pledge__slug__in=_slugs(entries),
        corrected_at__in=[_row(entry)["corrected_at"] for entry in entries],
    )
    for correction in named.select_related("pledge"):
        assert correction.pledge is not None
        moment = timestamp(correction.corrected_at)
        yield (
            (correction.pledge.slug, f"corrections/{moment}/{correction.field}"),
            Item(
                _("Words corrected: %(kind)s") % {"kind": correction.get_kind_display()},
                _("It said: “%(old)s” It should say: “%(new)s”")
                % {"old": _short(correction.old_text), "new": _short(correction.new_text)},
            ),
        )


def _responses(entries: list[Entry]) -> Iterable[tuple[About, Item]]:
    found = Response.objects.published().filter(pledge__slug__in=_slugs(entries))
    named = found.filter(slug__in=[_row(entry)["slug"] for entry in entries])
    for response in named.select_related("pledge"):
        yield (
            (response.pledge.slug, f"responses/{response.slug}"),
            Item(_("A reply: %(name)s") % {"name": response.said_by}, _short(response.text)),
        )


_ITEMS: dict[str, Callable[[list[Entry]], Iterable[tuple[About, Item]]]] = {
    "pledge": _pledges,
    "status_update": _updates,
    "evidence_link": _links,
    "correction": _corrections,
    "response": _responses,
}


def _row(entry: Entry) -> dict[str, str]:
    """Return the public row that an entry carries."""
    row: dict[str, str] = json.loads(entry.data)
    return row


def _slugs(entries: list[Entry]) -> set[str]:
    return {entry.pledge for entry in entries}


def _short(text: str) -> str:
    return str(Truncator(" ".join(text.split())).chars(LONGEST))
