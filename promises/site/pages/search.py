"""Search over pledges and evidence: words as they are meant, facets with counts, hits marked."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from promises.common.dates import utc_date
from promises.evidence.choices import EvidenceKind
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from promises.pledges.rules import shown_as
from promises.site.copied_words import holding, with_hits_in_copies
from promises.site.facets import Facets
from promises.site.finding import (
    MOST,
    OFFICIAL,
    TOPIC,
    either,
    evidence_with_hits,
    fits,
    found_evidence,
    found_pledges,
    narrowed_evidence,
    people,
    pledges_with_hits,
    subjects,
    topics,
)
from promises.site.parameters import Parameters, listing
from promises.site.searching import Asked, asked
from promises.site.serving import public
from promises.site.statuses import LABELS, columns_of
from promises.site.translations import render

PLEDGES_SHOWN = 10
PAGE = 20
# Up to so many hits are ordered by how well they fit; more are shown newest first.
MOST_RANKED = 200
KINDS = {"pledges": gettext_lazy("Pledges"), "evidence": gettext_lazy("Evidence")}


@dataclass(frozen=True)
class Hits:
    """What of one kind was found, in order, and whether there is more than was counted."""

    ids: list[int]
    is_cut: bool = False

    @property
    def total(self) -> int:
        """How many were counted."""
        return len(self.ids)


@public
def search(request: HttpRequest) -> HttpResponse:
    """Show what the words of `?q=` find: the first pledges, and the evidence page by page.

    `in`, `prosecutor`, `topic`, `status` and `kind` narrow it. Nine queries: forms of the words,
    pledges found, their order, evidence found, copies that hold the words, what it is about, its
    order, pledges, evidence. Fewer when there is much, one or nothing; one more for each of several
    words, two for words that are common but not in evidence, two for an official or a topic, one
    for what only copies hold, one for its hits, up to eight for a word nobody knows.
    """
    parameters = Parameters(request)
    words = parameters.words("q")
    chosen = {"in": parameters.one_of("in", KINDS), **dict.fromkeys(_FACETS, "")}
    facts: dict[str, Any] = {"words": words, "chosen": chosen, "faults": parameters.faults}
    if parameters.faults or not words:
        status = 400 if parameters.faults else 200
        return render(request, "site/search.html", facts, status=status)
    labels = _labels(request.GET)
    chosen |= {name: parameters.one_of(name, labels[name]) for name in _FACETS}
    if parameters.faults:
        return render(request, "site/search.html", facts, status=400)
    looked_for = asked(words)
    facts["read_as"] = [each for each in looked_for if each.read_as]
    if looked_for:
        facts |= _found(request, looked_for, chosen, labels)
        facts["is_empty"] = not (facts["pledge_count"].total or facts["evidence_count"].total)
        facts["is_narrowed"] = any(chosen.values())
        # A guess that finds nothing may be a word that was withdrawn a moment ago.
        if facts["is_empty"]:
            facts["read_as"] = []
    return render(request, "site/search.html", facts)


_FACETS = ("prosecutor", "topic", "status", "kind")


def _labels(given: Container[str]) -> dict[str, Mapping[str, Any]]:
    """Return the values each facet knows, with their words. Two queries at most.

    Officials and topics are asked for where one is chosen; otherwise hits bring their own.
    """
    return {
        "prosecutor": dict(people()) if "prosecutor" in given else {},
        "topic": dict(topics()) if "topic" in given else {},
        "status": LABELS,
        "kind": dict(EvidenceKind.choices),
        "in": KINDS,
    }


def _found(
    request: HttpRequest,
    looked_for: Sequence[Asked],
    chosen: Mapping[str, str],
    labels: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    words = [each.query for each in looked_for]
    facets = Facets(labels)
    today = utc_date(timezone.now())
    pledges = _pledges(words, chosen, facets, today)
    evidence = _evidence(looked_for, chosen, facets)
    facets.count("in", Counter(pledges=pledges.total, evidence=evidence.total))
    facts: dict[str, Any] = {
        "pledge_count": pledges,
        "evidence_count": evidence,
        "facets": facets.shown(request, chosen),
        "today": today,
    }
    any_word = either(words)
    only = chosen["in"]
    if only == "pledges":
        page = listing(request, pledges.ids, PAGE)
        facts |= {"listing": page, "pledges": _shown_pledges(page.rows, any_word, today)}
        return facts
    page = listing(request, evidence.ids, PAGE)
    first = pledges.ids[:PLEDGES_SHOWN] if not only and page.number == 1 else []
    facts |= {
        "listing": page,
        "pledges": _shown_pledges(first, any_word, today),
        "evidence": with_hits_in_copies(_shown_evidence(page.rows, any_word), any_word),
    }
    return facts


def _pledges(words: Sequence[str], chosen: Mapping[str, str], facets: Facets, today: date) -> Hits:
    """Return the pledges found, and count their facets. Two queries at most for one word."""
    if chosen["in"] == "evidence" or chosen["kind"]:
        return Hits([])
    names = {"prosecutor": "person__slug", "topic": "topic__slug"}
    narrowed: dict[str, Any] = {path: chosen[name] for name, path in names.items() if chosen[name]}
    narrowed |= columns_of(chosen["status"], today) if chosen["status"] else {}
    rows = found_pledges(words, narrowed)
    is_cut, rows = len(rows) > MOST, rows[:MOST]
    facets.count_named("prosecutor", [row[2:4] for row in rows])
    facets.count_named("topic", [row[4:6] for row in rows])
    statuses = (shown_as(kind, status, ends_on, today) for *_, kind, status, ends_on in rows)
    facets.count("status", statuses)
    ids = [row[0] for row in sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)]
    return Hits(_best_first(Pledge, ids, words), is_cut)


def _evidence(looked_for: Sequence[Asked], chosen: Mapping[str, str], facets: Facets) -> Hits:
    """Return the evidence found, and count its facets. Three to eight queries."""
    if chosen["in"] == "pledges" or chosen["status"]:
        return Hits([])
    names = {"prosecutor": OFFICIAL, "topic": TOPIC}
    about = {path: chosen[name] for name, path in names.items() if chosen[name]}
    words = [each.query for each in looked_for]
    are_common = all(each.is_common for each in looked_for)
    rows = found_evidence(words, about, chosen["kind"], are_common=are_common)
    if len(rows) <= MOST and (more := set(holding(words, MOST)) - {row[0] for row in rows}):
        only_there = narrowed_evidence(about, chosen["kind"]).filter(pk__in=more).order_by()
        rows += only_there.values_list("pk", "published_on", "kind")[: MOST + 1]
    is_cut, rows = len(rows) > MOST, rows[:MOST]
    facets.count("kind", (kind for _pk, _on, kind in rows))
    ids = [
        pk
        for pk, _on, _kind in sorted(
            rows, key=lambda row: (row[1] is not None, row[1], row[0]), reverse=True
        )
    ]
    about_what = subjects(ids) if ids else []
    # Several pledges that a piece is about may have an official or a topic in common.
    facets.count_named("prosecutor", [row[1:] for row in {row[:3] for row in about_what}])
    facets.count_named("topic", [row[1:] for row in {(row[0], *row[3:]) for row in about_what}])
    return Hits(_best_first(Evidence, ids, words), is_cut)


def _best_first(kind: type[Model], ids: list[int], words: Sequence[str]) -> list[int]:
    """Return a few ids in order of how well they fit, the title first; many as they came."""
    if not 1 < len(ids) <= MOST_RANKED:
        return ids
    how_well = dict(fits(kind)(ids, either(words)))
    return sorted(ids, key=lambda pk: -how_well[pk])


def _shown_pledges(ids: list[int], words: str, today: date) -> list[Any]:
    return _in_order(ids, pledges_with_hits(ids, words, today)) if ids else []


def _shown_evidence(ids: list[int], words: str) -> list[Any]:
    return _in_order(ids, evidence_with_hits(ids, words)) if ids else []


def _in_order(ids: list[int], rows: Iterable[Any]) -> list[Any]:
    by_id = {row.pk: row for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]
