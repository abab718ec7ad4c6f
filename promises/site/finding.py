"""What a search asks of pledges and evidence: which there are, how well they fit, what to show.

Each query is made once for each number of words and each way to narrow the search.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchRank, SearchVector
from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Concat

from promises.common.prepared import IsAny, Prepared
from promises.common.words import (
    FEW,
    HIT_ENDS,
    HIT_STARTS,
    SAMPLE,
    any_in_text,
    few,
    raw,
    unseen,
)
from promises.evidence.models import Evidence, EvidenceLink
from promises.officials.models import Person
from promises.pledges.models import Pledge, Topic
from promises.pledges.querysets import PledgeQuerySet
from promises.staleness.models import Due

# Of each kind so many hits are counted; ordering and facets beyond would cost more than they say.
MOST = 1000
# Among so many texts that have a word the sample surely has more than are counted.
MANY = 2 * SAMPLE * MOST
# The paths by which evidence is narrowed to what is about an official, or a topic.
OFFICIAL, TOPIC = "pledge__person__slug", "pledge__topic__slug"
# The fields of each kind in which hits are marked and by which they are ordered: title, text.
FIELDS: dict[type[Model], tuple[str, str]] = {
    Pledge: ("title", "statement"),
    Evidence: ("title", "summary"),
}


def found_pledges(words: Sequence[str], narrowed: dict[str, Any]) -> list[Any]:
    """Return pledges with all words, one too many.

    Of each: id, day, public name and name of official and topic, kind, status, end of term.
    `narrowed` are values of columns by their paths. One query, one more for each of several words.
    """
    own, others = Pledge.objects.rarest_first(list(dict.fromkeys(words)))
    return _pledges(len(own), len(others), tuple(narrowed))(*own, *others, *narrowed.values())


def pledges_with(found: PledgeQuerySet, words: Sequence[str]) -> PledgeQuerySet:
    """Keep of pledges in a list those with all the words.

    One query, one more for each of several words, and three for what pledges belong to.
    """
    if not words:
        return found.none()
    own, others = found.rarest_first(list(dict.fromkeys(words)))
    queries = (list(map(unseen, others)), list(map(unseen, own)))
    answering = found.matching(*queries, looks_up_first=True)
    numbers = few(answering)
    return answering if numbers is None else found.filter(pk__in=numbers)


@cache
def _pledges(own: int, others: int, narrowed: tuple[str, ...]) -> Prepared:
    def build(*values: Any) -> QuerySet[Any, Any]:
        words, rest = [raw(value) for value in values[: own + others]], values[own + others :]
        found = Pledge.objects.published().knowing_their_end()
        found = found.matching(words[own:], words[:own])
        # Not by the index of statuses: the texts of all pledges with one would be taken apart.
        found = found.alias(rated=Concat("status", Value("")))
        columns = ["rated" if name == "status" else name for name in narrowed]
        found = found.filter(**dict(zip(columns, rest, strict=True))).order_by()
        named = ("person__slug", "person__name", "topic__slug", "topic__name")
        return found.values_list("pk", "made_on", *named, "kind", "status", "term__ends_on")

    return Prepared(build, most=MOST + 1)


def found_evidence(
    words: Sequence[str], about: dict[str, str], kind: str, *, are_common: bool
) -> list[Any]:
    """Return id, day and kind of evidence with all the words, one too many.

    `about` are values of columns of its pledges by their paths. One query; common words are looked
    for in a sample first, and where that has too few in all evidence. For an official or a topic
    one more before: where few pieces are about their pledges, or not too many and the words are
    common, the texts of these are looked at, and no other.
    """
    kinds = [kind] if kind else []
    numbers = _linked(about, MANY if are_common else FEW)
    if numbers is not None:
        among = _evidence_among(len(words), bool(kind))
        sample = [number for number in numbers if number % SAMPLE == 0] if are_common else []
        found = among(*words, sample, *kinds) if len(sample) > MOST else []
        return found if len(found) > MOST else among(*words, numbers, *kinds)
    asked = (len(words), tuple(about), bool(kind))
    values = [*words, *about.values(), *kinds]
    found = _evidence(*asked, of_sample=True)(*values) if are_common else []
    return found if len(found) > MOST else _evidence(*asked, of_sample=False)(*values)


def _linked(about: dict[str, str], most: int) -> list[int] | None:
    """Return the ids of what is linked to such pledges, or None where there are more of them."""
    if not about:
        return None
    numbers = _links(tuple(about), most)(*about.values())
    return numbers if len(numbers) <= most else None


@cache
def _links(about: tuple[str, ...], most: int) -> Prepared:
    def build(*values: str) -> QuerySet[Any, Any]:
        links = EvidenceLink.objects.of_public_pledges().order_by()
        found = links.filter(**dict(zip(about, values, strict=True)))
        return found.values_list("evidence", flat=True)

    return Prepared(build, most=most + 1)


@cache
def _evidence(words: int, about: tuple[str, ...], _has_kind: bool, *, of_sample: bool) -> Prepared:
    def build(*values: str) -> Any:
        rest = iter(values[words:])
        found = narrowed_evidence({path: next(rest) for path in about}, next(rest, ""))
        found = found.in_sample() if of_sample else found
        found = found.matching(map(raw, values[:words])).order_by()
        return found.values_list("pk", "published_on", "kind")

    return Prepared(build, most=MOST + 1)


@cache
def _evidence_among(words: int, _has_kind: bool) -> Prepared:
    def build(*values: Any) -> Any:
        numbers, *kind = values[words:]
        found = narrowed_evidence({}, *(kind or [""])).filter(IsAny(F("pk"), numbers))
        found = found.matching(map(raw, values[:words])).order_by()
        return found.values_list("pk", "published_on", "kind")

    return Prepared(build, most=MOST + 1)


def begins_in_a_text(word: str) -> bool:
    """Tell whether a word of a public text begins so. Two queries at most."""
    query = any_in_text([word], begins=True)
    return any(_one_of(kind)(query) for kind in FIELDS)


@cache
def _one_of(kind: type[Model]) -> Prepared:
    """Return the query for one row that answers, by the index of words.

    Asked whether there is one, PostgreSQL would walk the table until it meets it.
    """
    rows: Any = kind._default_manager

    def build(query: str) -> Any:
        return rows.published().matching([raw(query)]).order_by().values_list("pk")

    return Prepared(build, most=1)


def narrowed_evidence(about: dict[str, str], kind: str) -> Any:
    """Return the public evidence of a kind, if one is given, about such pledges."""
    public = Evidence.objects.published()
    if about:
        links = EvidenceLink.objects.of_public_pledges().filter(**about)
        public = public.filter(pk__in=links.values("evidence"))
    return public.filter(kind=kind) if kind else public


@Prepared
def people() -> QuerySet[Any, Any]:
    """Return the public names of all people, and their names: not all held an office."""
    return Person.objects.published().order_by().values_list("slug", "name")


@Prepared
def topics() -> QuerySet[Any, Any]:
    """Return the public names of topics, and their names."""
    return Topic.objects.order_by().values_list("slug", "name")


@Prepared
def subjects(ids: list[int]) -> QuerySet[Any, Any]:
    """Return what evidence is about: its id, official and topic, by public name and name."""
    links = EvidenceLink.objects.published().filter(IsAny(F("evidence_id"), ids)).order_by()
    official = ("pledge__person__slug", "pledge__person__name")
    return links.values_list("evidence", *official, "pledge__topic__slug", "pledge__topic__name")


def either(words: Iterable[str]) -> str:
    """Return the query for any one of these."""
    return " | ".join(f"({word})" for word in words)


@cache
def fits(kind: type[Model]) -> Prepared:
    """Return the query that says of ids, for a query, how well each fits, the title first."""
    title, text = FIELDS[kind]

    def build(ids: list[int], looked_for: str) -> Any:
        words = SearchVector(title, config="simple", weight="A") + SearchVector(
            text, config="simple", weight="C"
        )
        found = kind._default_manager.filter(IsAny(F("pk"), ids)).order_by()
        return found.annotate(fit=SearchRank(words, raw(looked_for))).values_list("pk", "fit")

    return Prepared(build)


@Prepared
def pledges_with_hits(ids: list[int], looked_for: str, today: date) -> Any:
    """Return public pledges for a list, their words marked, and whether they are `stale`."""
    public = Due.objects.marking(Pledge.objects.published().for_lists(), today)
    return _with_hits(public, ids, looked_for)


@Prepared
def evidence_with_hits(ids: list[int], looked_for: str) -> Any:
    """Return public evidence, its words marked."""
    return _with_hits(Evidence.objects.published(), ids, looked_for)


def _with_hits(public: QuerySet[Any, Any], ids: list[int], looked_for: str) -> Any:
    """Keep some rows, with `title_hits` and `text_hits`."""
    title, text = FIELDS[public.model]
    marks: dict[str, Any] = {"config": "simple", "start_sel": HIT_STARTS, "stop_sel": HIT_ENDS}
    query = raw(looked_for)
    return public.filter(IsAny(F("pk"), ids)).annotate(
        title_hits=SearchHeadline(F(title), query, highlight_all=True, **marks),
        text_hits=SearchHeadline(F(text), query, max_words=40, min_words=20, **marks),
    )
