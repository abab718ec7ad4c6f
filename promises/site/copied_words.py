"""Words that stand in the copies kept of evidence, whatever its title and summary say."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchHeadline
from django.db.models import F, QuerySet
from django.db.models.functions import Left

from promises.captures.models import Capture
from promises.captures.querysets import CaptureQuerySet
from promises.common.prepared import IsAny, Prepared
from promises.common.words import HIT_ENDS, HIT_STARTS, any_in_text, raw
from promises.evidence.models import Evidence
from promises.sources.querysets import SEARCHED


def _copies() -> CaptureQuerySet:
    return Capture.objects.published().of_its_address()


def holding(queries: Sequence[str], most: int) -> list[int]:
    """Return up to so many ids of public evidence whose copies hold all of it. One query."""
    return _holding(len(queries), most)(*queries)


@cache
def _holding(_words: int, most: int) -> Prepared:
    def build(*queries: str) -> QuerySet[Any, Any]:
        found = _copies().matching(map(raw, queries)).order_by()
        return found.values_list("evidence_id", flat=True).distinct()[:most]

    return Prepared(build)


def is_in_a_copy(word: str) -> bool:
    """Tell whether a copy of public evidence holds a word. One query."""
    return bool(_one(any_in_text([word])))


def _one_that_answers(query: str) -> QuerySet[Any, Any]:
    return _copies().matching([raw(query)]).order_by().values_list("pk")


_one = Prepared(_one_that_answers, most=1)


def hits(ids: Iterable[int], query: str) -> dict[int, str]:
    """Return for evidence the words around a hit in its newest copy, hits marked. One query."""
    return dict(_hits(list(ids), query))


@Prepared
def _hits(ids: list[int], looked_for: str) -> QuerySet[Any, Any]:
    query = raw(looked_for)
    copies = _copies().matching([query]).filter(IsAny(F("evidence_id"), ids))
    marked = copies.order_by("evidence_id", "-captured_at", "-pk").distinct("evidence_id")
    headline = SearchHeadline(
        Left("text__text", SEARCHED),
        query,
        config="simple",
        start_sel=HIT_STARTS,
        stop_sel=HIT_ENDS,
        max_words=40,
        min_words=20,
    )
    return marked.values_list("evidence_id", headline)


def with_hits_in_copies(shown: Sequence[Evidence], query: str) -> Sequence[Evidence]:
    """Give evidence without a hit of its own `copy_hits`. One query, or none."""
    without = [
        piece.pk
        for piece in shown
        if HIT_STARTS not in piece.title_hits + piece.text_hits  # type: ignore[attr-defined]
    ]
    found = hits(without, query) if without else {}
    for piece in shown:
        piece.copy_hits = found.get(piece.pk, "")  # type: ignore[attr-defined]
    return shown
