"""Words that stand in the copies kept of evidence, whatever its title and summary say."""

from collections.abc import Iterable, Sequence

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models.functions import Left

from promises.captures.models import Capture
from promises.captures.querysets import CaptureQuerySet
from promises.common.words import HIT_ENDS, HIT_STARTS, any_of
from promises.evidence.models import Evidence
from promises.sources.querysets import SEARCHED


def _copies() -> CaptureQuerySet:
    return Capture.objects.published().of_its_address()


def holding(queries: Sequence[SearchQuery], most: int) -> list[int]:
    """Return up to so many ids of public evidence whose copies hold all of it. One query."""
    found = _copies().matching(queries).order_by().values_list("evidence_id", flat=True)
    return list(found.distinct()[:most])


def is_in_a_copy(word: str) -> bool:
    """Tell whether a copy of public evidence holds a word. One query."""
    return _copies().matching([any_of([word])]).exists()


def hits(ids: Iterable[int], query: SearchQuery) -> dict[int, str]:
    """Return for evidence the words around a hit in its newest copy, hits marked. One query."""
    copies = _copies().matching([query]).filter(evidence__in=list(ids))
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
    return dict(marked.values_list("evidence_id", headline))


def with_hits_in_copies(shown: Sequence[Evidence], query: SearchQuery) -> Sequence[Evidence]:
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
