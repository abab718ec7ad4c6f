from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, QuerySet

from promises.common.words import answer, found_by_words, have_words, in_sample, words_of
from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet
from promises.pledges.querysets import PUBLIC_PLEDGE

# What the indexes of words hold (Evidence.Meta).
WORDS = ("title", "slug", "publisher", "summary", "url")

if TYPE_CHECKING:
    from promises.evidence.models import (  # noqa: F401 -- types only
        Evidence,
        EvidenceLink,
        ResultReportSource,
    )


class EvidenceQuerySet(EditorialQuerySet["Evidence"]):
    """Reads of evidence."""

    def having_words(self, text: str) -> Self:
        """Keep the evidence in which a word begins like each of these."""
        found: Self = have_words(self, text, *WORDS)
        return found

    def only_words(self) -> QuerySet[Any, Any]:
        """Return the words of each text as the index has them, for counting words."""
        return self.order_by().values_list(words_of(*WORDS))

    def matching(self, queries: Iterable[SearchQuery]) -> Self:
        """Keep the evidence that answers each of these queries."""
        found = self.alias(words=words_of(*WORDS))
        for query in queries:
            found = found.filter(words=query)
        return found

    def answering(self, queries: Sequence[str]) -> Self:
        """Keep the evidence that answers each of these queries, written out."""
        found: Self = answer(self, queries, *WORDS)
        return found

    def in_sample(self) -> Self:
        """Keep one piece in sixty-four: what the small index of words holds."""
        return self.filter(in_sample())

    def with_words(self, text: str) -> Self:
        """Keep the same evidence in an ordered list, by index."""
        found: Self = found_by_words(self, text)
        return found

    def newest_first(self) -> Self:
        """Order by publication, undated last."""
        return self.order_by(F("published_on").desc(nulls_last=True), "pk")


class ResultReportSourceQuerySet(QuerySet["ResultReportSource"]):
    """Reads of where election results were read."""

    def published(self) -> Self:
        """Keep the sources that the public may see."""
        return self.filter(evidence__state=State.PUBLISHED)


class EvidenceLinkQuerySet(QuerySet["EvidenceLink"]):
    """Reads of what evidence says about pledges."""

    def published(self) -> Self:
        """Keep the links whose two ends the public may see."""
        return self.of_public_pledges().filter(evidence__state=State.PUBLISHED)

    def of_public_pledges(self) -> Self:
        """Keep the links whose pledge the public may see, for who looks at the evidence anyway."""
        return self.filter(PUBLIC_PLEDGE)

    def sources_in(self, slug: str) -> Self:
        """Keep the links of the pledges made in one document, in the order of the pledges."""
        return self.filter(evidence__slug=slug, is_source=True).order_by(
            "pledge__person__name", "pledge__person", "pledge__position", "pledge"
        )

    def newest_first(self) -> Self:
        """Order by publication of the evidence, undated last."""
        return self.order_by(F("evidence__published_on").desc(nulls_last=True), "pk")
