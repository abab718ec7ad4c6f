"""Every change of a pledge's words, as the ledger has them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from promises.common.word_diff import Piece, word_diff
from promises.ledger.models import Entry
from promises.pledges.columns import CRITERIA, PLEDGES
from promises.pledges.models import Pledge
from promises.site.serving import public, published_or_gone
from promises.site.translations import render

# Words that say nothing of the promise: order, and the names that the address already has.
_SILENT = {"slug", "person", "position", "pledge"}


@dataclass(frozen=True)
class Change:
    """One column that reads otherwise than before. What a pledge began with has no pieces."""

    about: str
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

    Two queries: the pledge, and what the ledger holds of its words.
    """
    pledge = published_or_gone(Pledge.objects.select_related("person"), slug)
    mine = Q(subject=f"{PLEDGES.name}/{slug}") | Q(subject__startswith=f"{CRITERIA.name}/{slug}/")
    entries = Entry.objects.filter(mine, pledge=slug).order_by("edition")
    found = wordings(entries)
    return render(request, "site/wording.html", {"pledge": pledge, "wordings": found})


def wordings(oldest_first: Iterable[Entry]) -> list[Wording]:
    """Return the entries that changed words, the newest first."""
    said: dict[str, Mapping[str, Any]] = {}
    found = []
    for entry in oldest_first:
        now, before = json.loads(entry.data), said.get(entry.subject)
        said[entry.subject] = now
        if changes := _changes(before or {}, now):
            found.append(Wording(entry, before is None, changes))
    return found[::-1]


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """Return the columns that differ; all that say something where there was nothing before."""
    table = PLEDGES if "title" in now else CRITERIA
    changes = []
    for column in table.columns:
        was, became = _text(before, column.name), _text(now, column.name)
        if column.name in _SILENT or was == became:
            continue
        pieces = word_diff(was, became) if before else []
        changes.append(Change(_(column.about).rstrip("."), pieces, became))
    return changes


def _text(row: Mapping[str, Any], name: str) -> str:
    """Return a value as readers are shown it: a name made for machines as words."""
    value = row.get(name)
    return "" if value is None else str(value)
