"""Pledges as readers saw them on a past day: `?as_of=YYYY-MM-DD`."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.db.models.fields.json import KT

from promises.api.parameters import bad_value
from promises.api.resources.pledges_shape import PledgeSerializer
from promises.api.searching import holding
from promises.common.canonical import plain
from promises.common.history import events_of
from promises.editorial.choices import State
from promises.officials.models import Person, Term
from promises.pledges.models import Pledge, Topic
from promises.pledges.querysets import PledgeQuerySet
from promises.staleness.models import StaleFlag
from promises.updates.as_of import Standing, pledges_on, standings

# Fields of the row that the ledger keeps under the same name.
_WORDS = (
    "title", "statement", "quote", "quote_attribution", "kind", "origin", "topic", "term",
    "made_on", "due_on", "controlled_by",
)  # fmt: skip


def _rows_on(ids: Collection[int], day: date) -> Mapping[int, Any]:
    """Return the public fields of each pledge as they were on that day."""
    reasons: dict[int, list[str]] = {pk: [] for pk in ids}
    episodes = StaleFlag.objects.published().lasting_on(day).filter(pledge__in=ids)
    found = episodes.as_they_stood(day).order_by(F("since_then"), "reason")
    for pk, reason in found.values_list("pledge_id", "reason"):
        reasons[pk].append(reason)
    return {pk: _row(standing, reasons[pk]) for pk, standing in standings(ids, day).items()}


def _row(standing: Standing, reasons: list[str]) -> dict[str, Any]:
    """Return the fields of one pledge that may have been others on that day."""
    rating = standing.rating
    return {
        **{name: standing.words[name] for name in _WORDS},
        "prosecutor": standing.words["person"],
        "status": rating.status,
        "status_since": plain(rating.status_since),
        "status_is_provisional": rating.status_is_provisional,
        "confidence": rating.confidence or None,
        "last_reviewed_at": plain(rating.last_reviewed_at),
        # The policy of that day is not kept.
        "review_due_on": None,
        "is_stale": bool(reasons),
        "stale_reasons": reasons,
        "evidence_counts": standing.evidence_counts,
        "edition": standing.edition,
        "updated_at": plain(standing.updated_at),
    }


def _field(name: str) -> tuple[str, Callable[[Any], Any]]:
    return "row", lambda row: row[name]


class PledgeAsOfSerializer(PledgeSerializer):
    """A pledge as it stood on a past day: the same fields, read from the ledger."""

    attached = {"row": _rows_on}
    follows = {
        name: _field(name)
        for name in (
            *_WORDS, "prosecutor", "status", "status_since", "status_is_provisional",
            "confidence", "last_reviewed_at", "review_due_on", "is_stale", "stale_reasons",
            "evidence_counts", "edition", "updated_at",
        )
    }  # fmt: skip


def _in_terms(lookup: str) -> Callable[[Any, Any, date], Any]:
    """Return the filter by the office or the place of the term that the pledge then had."""

    def narrow(rows: Any, value: Any, day: date) -> Any:
        terms = Term.objects.published().filter(**{lookup: value}).values("slug")
        return rows.filter(term_then__in=terms)

    return narrow


def _written(name: str, lookup: str) -> Callable[[Any, Any, date], Any]:
    """Return the filter by a column of the ledger's row."""

    def narrow(rows: Any, value: Any, day: date) -> Any:
        written = plain(value) if isinstance(value, date) else value
        key = f"{name}_then"
        return rows.annotate(**{key: KT(f"words__{name}")}).filter(**{f"{key}__{lookup}": written})

    return narrow


def _stale(rows: Any, value: bool, day: date) -> Any:
    stale = StaleFlag.objects.lasting_on(day).values("pledge")
    return rows.filter(pk__in=stale) if value else rows.exclude(pk__in=stale)


def _stale_for(rows: Any, value: list[str], day: date) -> Any:
    stale = StaleFlag.objects.lasting_on(day).filter(reason__in=value)
    return rows.filter(pk__in=stale.values("pledge"))


def _under_topic(rows: Any, value: list[str], day: date) -> Any:
    """Keep those that were under one of these topics; the tree is the one of today."""
    topics = list(Topic.objects.and_below(value).values_list("slug", flat=True))
    return _written("topic", "in")(rows, topics, day)


def _words(rows: Any, value: str, day: date) -> Any:
    texts = map(KT, ("words__title", "words__statement", "words__quote"))
    return holding(rows, value, *texts, "person__name")


# How each filter of pledges is read for a past day.
FILTERS: Mapping[str, Callable[[Any, Any, date], Any]] = {
    "prosecutor": _written("person", "in"),
    "office": _in_terms("office__slug__in"),
    "jurisdiction": _in_terms("office__jurisdiction__slug__in"),
    "term": _written("term", "in"),
    "topic": _under_topic,
    "kind": _written("kind", "in"),
    "origin": _written("origin", "in"),
    "status": lambda rows, value, day: rows.filter(status_then__in=value),
    "stale": _stale,
    "stale_reason": _stale_for,
    "made_after": _written("made_on", "gte"),
    "made_before": _written("made_on", "lte"),
    "q": _words,
}


def named_on(day: date) -> PledgeQuerySet:
    """Return the pledges_on a day without those whose official of that day was withdrawn since.

    A pledge that was someone else's by mistake is public, and its row of that day names them.
    """
    withdrawn = Person.objects.filter(state=State.RETRACTED)
    # Comes first: for all others the row of that day need not be looked up once more.
    ever = events_of(Pledge).objects.filter(person__in=withdrawn).order_by().values("pgh_obj")
    rows = pledges_on(day).alias(official_then=KT("words__person"))
    return rows.exclude(Q(pk__in=ever) & Q(official_then__in=withdrawn.values("slug")))


def rows_as_of(asked: Mapping[str, Any], day: date) -> Any:
    """Return the pledges of a past day that the filters keep. Raises ProblemError."""
    if "updated_since" in asked:
        raise bad_value("as_of", day.isoformat(), "It cannot be combined with updated_since.")
    if asked.get("ordering", "slug").lstrip("-") != "slug":
        raise bad_value("as_of", day.isoformat(), "Such a list is ordered by slug only.")
    rows = named_on(day).annotate(term_then=KT("words__term"))
    for name, narrow in FILTERS.items():
        if name in asked:
            rows = narrow(rows, asked[name], day)
    return rows
