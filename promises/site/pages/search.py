"""Search over pledges and evidence: words as they are meant, facets with counts, hits marked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promises.common.dates import utc_date
from promises.evidence.choices import EvidenceKind
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from promises.pledges.rules import shown_as
from promises.site.copied_words import holding, with_hits_in_copies
from promises.site.finding import (
    MOST,
    OFFICIAL,
    TOPIC,
    either,
    fits,
    found_evidence,
    found_pledges,
    narrowed_evidence,
    people,
    subjects,
    topics,
    with_hits,
)
from promises.site.parameters import Parameters, listing
from promises.site.searching import Asked, asked
from promises.site.serving import public
from promises.site.statuses import LABELS, columns_of
from promises.site.templatetags.languages import termed
from promises.site.translations import render
from promises.staleness.models import Due

PLEDGES_SHOWN = 10
PAGE = 20
# Up to so many hits are ordered by how well they fit; more are shown newest first.
MOST_RANKED = 200
# So many values of a facet are shown, the most frequent.
MOST_VALUES = 30
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

    `in`, `prosecutor`, `topic`, `status` and `kind` narrow it. Thirteen queries: officials, topics,
    stems, their forms, pledges found, their order, evidence found, copies that hold the words, what
    it is about, its order, pledges, what is stale of them, evidence. Two fewer when there is much,
    one more for each of several words, two for words that are common but not in evidence, one for
    an official or a topic, one for what only copies hold, one for its hits, up to eight for a word
    nobody knows.
    """
    parameters = Parameters(request)
    words = parameters.words("q")
    chosen = {"in": parameters.one_of("in", KINDS), **dict.fromkeys(_FACETS, "")}
    facts: dict[str, Any] = {"words": words, "chosen": chosen, "faults": parameters.faults}
    if parameters.faults or not words:
        status = 400 if parameters.faults else 200
        return render(request, "site/search.html", facts, status=status)
    labels = _labels()
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


def _labels() -> dict[str, dict[str, Any]]:
    """Return the values each facet knows, with their words. Two queries: people and topics."""
    return {
        "prosecutor": dict(people()),
        "topic": {slug: termed(name) for slug, name in topics()},
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
    counts: dict[str, Counter[str]] = {name: Counter() for name in _FACETS}
    today = utc_date(timezone.now())
    pledges = _pledges(words, chosen, counts, today)
    evidence = _evidence(looked_for, chosen, counts)
    counts["in"] = Counter({"pledges": pledges.total, "evidence": evidence.total})
    facts: dict[str, Any] = {
        "pledge_count": pledges,
        "evidence_count": evidence,
        "facets": _facets(request, counts, labels, chosen),
        "today": today,
    }
    any_word = either(words)
    only = chosen["in"]
    if only == "pledges":
        page = listing(request, pledges.ids, PAGE)
        facts |= {"listing": page, "pledges": _shown_pledges(page.rows, any_word, facts["today"])}
        return facts
    page = listing(request, evidence.ids, PAGE)
    first = pledges.ids[:PLEDGES_SHOWN] if not only and page.number == 1 else []
    facts |= {
        "listing": page,
        "pledges": _shown_pledges(first, any_word, facts["today"]),
        "evidence": with_hits_in_copies(_shown(Evidence, page.rows, any_word), any_word),
    }
    return facts


def _pledges(
    words: Sequence[str],
    chosen: Mapping[str, str],
    counts: Mapping[str, Counter[str]],
    today: date,
) -> Hits:
    """Return the pledges found, and count their facets. Two queries at most for one word."""
    if chosen["in"] == "evidence" or chosen["kind"]:
        return Hits([])
    names = {"prosecutor": "person__slug", "topic": "topic__slug"}
    narrowed: dict[str, Any] = {path: chosen[name] for name, path in names.items() if chosen[name]}
    narrowed |= columns_of(chosen["status"], today) if chosen["status"] else {}
    rows = found_pledges(words, narrowed)
    is_cut, rows = len(rows) > MOST, rows[:MOST]
    for _pk, _on, person, topic, kind, status, term_ends_on in rows:
        counts["prosecutor"][person] += 1
        counts["topic"][topic] += 1
        counts["status"][shown_as(kind, status, term_ends_on, today)] += 1
    ids = [pk for pk, _on, *_values in sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)]
    return Hits(_best_first(Pledge, ids, words), is_cut)


def _evidence(
    looked_for: Sequence[Asked], chosen: Mapping[str, str], counts: Mapping[str, Counter[str]]
) -> Hits:
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
    counts["kind"].update(kind for _pk, _on, kind in rows)
    ids = [
        pk
        for pk, _on, _kind in sorted(
            rows, key=lambda row: (row[1] is not None, row[1], row[0]), reverse=True
        )
    ]
    about_what = subjects(ids) if ids else []
    for place, name in enumerate(names, start=1):
        counts[name].update(value for _pk, value in {(row[0], row[place]) for row in about_what})
    return Hits(_best_first(Evidence, ids, words), is_cut)


def _best_first(kind: type[Model], ids: list[int], words: Sequence[str]) -> list[int]:
    """Return a few ids in order of how well they fit, the title first; many as they came."""
    if not 0 < len(ids) <= MOST_RANKED:
        return ids
    how_well = dict(fits(kind)(ids, either(words)))
    return sorted(ids, key=lambda pk: -how_well[pk])


def _shown_pledges(ids: Iterable[int], words: str, today: Any) -> list[Any]:
    found = _shown(Pledge, ids, words)
    return Due.objects.attach(found, today) if found else []


def _shown(kind: type[Model], ids: Iterable[int], words: str) -> list[Any]:
    """Return the rows in this order, with `title_hits` and `text_hits`: their words, marked."""
    ids = list(ids)
    if not ids:
        return []
    by_id = {row.pk: row for row in with_hits(kind)(ids, words)}
    return [by_id[pk] for pk in ids if pk in by_id]


@dataclass(frozen=True)
class Facet:
    """One value of a facet: its words, how many have it, and the search with or without it."""

    label: str
    count: int
    query: str
    is_chosen: bool


def _facets(
    request: HttpRequest,
    counts: Mapping[str, Counter[str]],
    labels: Mapping[str, Mapping[str, Any]],
    chosen: Mapping[str, str],
) -> list[tuple[str, list[Facet]]]:
    """Return the facets with their values, the most frequent first; what is chosen is in it."""
    names = {
        "in": _("Pledges or evidence"),
        "prosecutor": _("Prosecutor"),
        "topic": _("Topic"),
        "status": _("Status"),
        "kind": _("Kind of evidence"),
    }
    found = []
    for name, title in names.items():
        values = [
            Facet(
                conditional_escape(labels[name].get(value, value)),
                count,
                _query_with(request, name, "" if chosen[name] == value else value),
                chosen[name] == value,
            )
            for value, count in _values(counts[name], chosen[name])
        ]
        if values:
            found.append((title, values))
    return found


def _values(counts: Counter[str], chosen: str) -> list[tuple[str, int]]:
    """Return the most frequent values with their counts, and the chosen one whatever its count."""
    found = sorted((+counts).items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]
    if chosen and all(value != chosen for value, _count in found):
        found.append((chosen, counts[chosen]))
    return found


def _query_with(request: HttpRequest, name: str, value: str) -> str:
    """Return the query string of the same search from its first page, narrowed by one value."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop(name, None)
    if value:
        query[name] = value
    return f"?{query.urlencode()}"
