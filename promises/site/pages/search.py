"""Search over pledges and evidence: words as they are meant, facets with counts, hits marked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promises.common.dates import utc_date
from promises.common.words import HIT_ENDS, HIT_STARTS
from promises.evidence.choices import EvidenceKind
from promises.evidence.models import Evidence, EvidenceLink
from promises.evidence.querysets import EvidenceQuerySet
from promises.officials.models import Person
from promises.pledges.choices import Status
from promises.pledges.models import Pledge, Topic
from promises.site.copied_words import holding, with_hits_in_copies
from promises.site.parameters import Parameters, listing
from promises.site.searching import Asked, asked
from promises.site.serving import public
from promises.site.templatetags.languages import termed
from promises.site.translations import render
from promises.staleness.models import Due

PLEDGES_SHOWN = 10
PAGE = 20
# Of each kind so many hits are counted; ordering and facets beyond would cost more than they say.
MOST = 1000
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

    `in`, `prosecutor`, `topic`, `status` and `kind` narrow it. Thirteen queries: officials, topics,
    edition, stems, pledges found, their order, evidence found, copies that hold the words, what
    it is about, its order, pledges, what is stale of them, evidence. Two fewer when there is much,
    one more for what only copies hold, one for its hits, three when the vocabulary is read anew.
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
        # A guess that finds nothing may be a word that was withdrawn a moment ago.
        if not (facts["pledge_count"].total or facts["evidence_count"].total):
            facts["read_as"] = []
    return render(request, "site/search.html", facts)


_FACETS = ("prosecutor", "topic", "status", "kind")


def _labels() -> dict[str, dict[str, Any]]:
    """Return the values each facet knows, with their words. Two queries: people and topics."""
    people = Person.objects.published().prosecutors()
    return {
        "prosecutor": {person.slug: person.name for person in people},
        "topic": {topic.slug: termed(topic.name) for topic in Topic.objects.in_tree_order()},
        "status": dict(Status.choices),
        "kind": dict(EvidenceKind.choices),
    }


def _found(
    request: HttpRequest,
    looked_for: Sequence[Asked],
    chosen: Mapping[str, str],
    labels: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    queries = [each.query for each in looked_for]
    counts: dict[str, Counter[str]] = {name: Counter() for name in _FACETS}
    pledges = _pledges(queries, chosen, counts)
    evidence = _evidence(queries, chosen, counts)
    facts: dict[str, Any] = {
        "pledge_count": pledges,
        "evidence_count": evidence,
        "facets": _facets(request, counts, labels, chosen),
        "today": utc_date(timezone.now()),
    }
    either = queries[0]
    for query in queries[1:]:
        either = either | query
    only = chosen["in"]
    if only == "pledges":
        page = listing(request, pledges.ids, PAGE)
        facts |= {"listing": page, "pledges": _shown_pledges(page.rows, either, facts["today"])}
        return facts
    page = listing(request, evidence.ids, PAGE)
    first = pledges.ids[:PLEDGES_SHOWN] if not only and page.number == 1 else []
    facts |= {
        "listing": page,
        "pledges": _shown_pledges(first, either, facts["today"]),
        "evidence": with_hits_in_copies(
            _shown(Evidence.objects.published(), page.rows, either, "summary"), either
        ),
    }
    return facts


def _pledges(
    queries: Sequence[SearchQuery], chosen: Mapping[str, str], counts: Mapping[str, Counter[str]]
) -> Hits:
    """Return the pledges found, and count their facets. One query, or two when they are few."""
    if chosen["in"] == "evidence" or chosen["kind"]:
        return Hits([])
    found = Pledge.objects.published().matching(queries)
    names = {"prosecutor": "person__slug", "topic": "topic__slug", "status": "status"}
    found = found.filter(**{path: chosen[name] for name, path in names.items() if chosen[name]})
    rows = list(found.order_by().values_list("pk", "made_on", *names.values())[: MOST + 1])
    is_cut, rows = len(rows) > MOST, rows[:MOST]
    for _pk, _on, *values in rows:
        for name, value in zip(names, values, strict=True):
            counts[name][value] += 1
    ids = [pk for pk, _on, *_values in sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)]
    return Hits(_best_first(Pledge, ids, queries, ("title", "statement")), is_cut)


def _evidence(
    queries: Sequence[SearchQuery], chosen: Mapping[str, str], counts: Mapping[str, Counter[str]]
) -> Hits:
    """Return the evidence found, and count its facets. Three to five queries."""
    if chosen["in"] == "pledges" or chosen["status"]:
        return Hits([])
    names = {"prosecutor": "pledge__person__slug", "topic": "pledge__topic__slug"}
    about = {path: chosen[name] for name, path in names.items() if chosen[name]}
    public = Evidence.objects.published()
    if about:
        links = EvidenceLink.objects.published().filter(**about)
        public = public.filter(pk__in=links.values("evidence"))
    if chosen["kind"]:
        public = public.filter(kind=chosen["kind"])
    rows = _rows(public.matching(queries))
    if len(rows) <= MOST and (more := set(holding(queries, MOST)) - {row[0] for row in rows}):
        rows += _rows(public.filter(pk__in=more))
    is_cut, rows = len(rows) > MOST, rows[:MOST]
    counts["kind"].update(kind for _pk, _on, kind in rows)
    ids = [
        pk
        for pk, _on, _kind in sorted(
            rows, key=lambda row: (row[1] is not None, row[1], row[0]), reverse=True
        )
    ]
    links = EvidenceLink.objects.published().filter(evidence__in=ids)
    about_what = list(links.values_list("evidence", *names.values())) if ids else []
    for place, name in enumerate(names, start=1):
        counts[name].update(value for _pk, value in {(row[0], row[place]) for row in about_what})
    return Hits(_best_first(Evidence, ids, queries, ("title", "summary")), is_cut)


def _rows(found: EvidenceQuerySet) -> list[tuple[int, date | None, str]]:
    return list(found.order_by().values_list("pk", "published_on", "kind")[: MOST + 1])


def _best_first(
    model: Any, ids: list[int], queries: Sequence[SearchQuery], fields: tuple[str, str]
) -> list[int]:
    """Return a few ids in order of how well they fit, the title first; many as they came."""
    if not 0 < len(ids) <= MOST_RANKED:
        return ids
    either = queries[0]
    for query in queries[1:]:
        either = either | query
    title, text = fields
    words = SearchVector(title, config="simple", weight="A") + SearchVector(
        text, config="simple", weight="C"
    )
    ranked = model._default_manager.filter(pk__in=ids).annotate(fit=SearchRank(words, either))
    fits = dict(ranked.values_list("pk", "fit"))
    return sorted(ids, key=lambda pk: -fits[pk])


def _shown_pledges(ids: Iterable[int], query: SearchQuery, today: Any) -> list[Any]:
    found = _shown(Pledge.objects.published().for_lists(), ids, query, "statement")
    return Due.objects.attach(found, today) if found else []


def _shown(rows: Any, ids: Iterable[int], query: SearchQuery, text: str) -> list[Any]:
    """Return the rows in this order, with `title_hits` and `text_hits`: their words, marked."""
    ids = list(ids)
    if not ids:
        return []
    marks: dict[str, Any] = {"config": "simple", "start_sel": HIT_STARTS, "stop_sel": HIT_ENDS}
    found = rows.filter(pk__in=ids).annotate(
        title_hits=SearchHeadline(F("title"), query, highlight_all=True, **marks),
        text_hits=SearchHeadline(F(text), query, max_words=40, min_words=20, **marks),
    )
    by_id = {row.pk: row for row in found}
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
    """Return the facets with their values, the most frequent first."""
    names = {
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
            for value, count in sorted(counts[name].items(), key=lambda pair: (-pair[1], pair[0]))
        ]
        if values:
            found.append((title, values))
    return found


def _query_with(request: HttpRequest, name: str, value: str) -> str:
    """Return the query string of the same search from its first page, narrowed by one value."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop(name, None)
    if value:
        query[name] = value
    return f"?{query.urlencode()}"
