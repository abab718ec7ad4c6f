"""Every change of a pledge's words, as the ledger has them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateField, Model, Q, TextField
from django.http import HttpRequest, HttpResponse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promises.common.word_diff import Piece, word_diff
from promises.ledger.models import Entry
from promises.officials.models import Term
from promises.pledges.columns import CRITERIA, PLEDGES
from promises.pledges.models import Pledge, Topic
from promises.site.serving import public, published_or_gone
from promises.site.templatetags.languages import termed
from promises.site.templatetags.record import day, iso_day
from promises.site.translations import render

_FIELDS = {
    table.model: {field.name: field for field in table.model._meta.concrete_fields}
    for table in (PLEDGES, CRITERIA)
}
# Columns whose own words name values for programs.
_FOR_READERS = {
    "kind": gettext_lazy("Sort of promise"),
    "controlled_by": gettext_lazy("Who controls the outcome"),
}
# Words that say nothing of the promise: order, and the names that the address already has.
_SILENT = {"slug", "person", "position", "pledge"}


@dataclass(frozen=True)
class Change:
    """One column that reads otherwise than before. What a pledge began with has no pieces.

    Only words of the record are quoted; what it has as a name is in the language of the page.
    """

    about: str
    is_quoted: bool
    pieces: list[Piece]
    text: str = ""


@dataclass(frozen=True)
class Wording:
    """One entry of the ledger that changed words: its edition, day, author, and the changes."""

    entry: Entry
    is_first: bool
    changes: list[Change]


@public
def wording(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a pledge and its criteria said from edition to edition, the newest first.

    Four queries: the pledge, what the ledger holds of its words, the topics and terms named there.
    """
    pledge = published_or_gone(Pledge.objects.select_related("person"), slug)
    mine = Q(subject=f"{PLEDGES.name}/{slug}") | Q(subject__startswith=f"{CRITERIA.name}/{slug}/")
    entries = Entry.objects.filter(mine, pledge=slug).order_by("edition")
    found = wordings(entries)
    return render(request, "site/wording.html", {"pledge": pledge, "wordings": found})


def wordings(oldest_first: Iterable[Entry]) -> list[Wording]:
    """Return the entries that changed words, the newest first."""
    entries = [(entry, json.loads(entry.data)) for entry in oldest_first]
    names = _names([row for _entry, row in entries])
    said: dict[str, Mapping[str, Any]] = {}
    found = []
    for entry, row in entries:
        now, before = {**row, **_readable(row, names)}, said.get(entry.subject)
        said[entry.subject] = now
        if changes := _changes(before or {}, now):
            found.append(Wording(entry, before is None, changes))
    return found[::-1]


def _names(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return what the topics and terms that rows name are called. Two queries."""
    topics = Topic.objects.filter(slug__in={row["topic"] for row in rows if row.get("topic")})
    terms = Term.objects.filter(slug__in={row["term"] for row in rows if row.get("term")})
    return {
        "topic": {topic.slug: termed(topic.name) for topic in topics},
        "term": {term.slug: _called(term) for term in terms.select_related("office")},
    }


def _called(term: Term) -> SafeString:
    """Return what a term is called: an office that nobody has translated is marked in it."""
    office, since = conditional_escape(termed(term.office)), day(term.started_on)
    words = conditional_escape(_("%(person)s, term from %(day)s"))
    return mark_safe(words % {"person": office, "day": since})  # noqa: S308 -- escaped above


def _readable(row: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return in words what the ledger has as names for machines: choices, days, slugs, truths."""
    model = PLEDGES.model if "title" in row else CRITERIA.model
    found = {}
    for name, value in row.items():
        if isinstance(value, bool):
            found[name] = _("met") if value else _("not met")
        if not isinstance(value, str) or not value:
            continue
        field = _FIELDS[model].get(name)
        if name in names:
            found[name] = names[name].get(value, value)
        elif field and field.choices:
            found[name] = str(dict(field.flatchoices).get(value, value))
        elif isinstance(field, DateField):
            found[name] = iso_day(value)
    return found


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """Return the columns that differ; all that say something where there was nothing before."""
    table = PLEDGES if "title" in now else CRITERIA
    changes = []
    for column in table.columns:
        was, became = _text(before, column.name), _text(now, column.name)
        if column.name in _SILENT or was == became:
            continue
        is_quoted = _is_quoted(table.model, column.name)
        pieces = _compared(was, became, is_quoted=is_quoted) if before else []
        about = str(_FOR_READERS.get(column.name) or _(column.about).rstrip("."))
        changes.append(Change(about, is_quoted, pieces, became))
    return changes


def _is_quoted(model: type[Model], name: str) -> bool:
    """Return whether a column holds words of the record: no choice, no day, no name."""
    field = _FIELDS[model].get(name)
    return isinstance(field, (CharField, TextField)) and not field.choices


def _compared(was: str, became: str, *, is_quoted: bool) -> list[Piece]:
    """Return what changed: words one by one, names as a whole."""
    if is_quoted:
        return word_diff(was, became)
    return [piece for piece in (Piece("del", was), Piece("ins", became)) if piece.text]


def _text(row: Mapping[str, Any], name: str) -> str:
    """Return a value as text; nothing of what is not there."""
    value = row.get(name)
    return "" if value is None else str(value)
