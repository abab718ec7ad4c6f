from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from promises.common.words import words_of
from promises.editorial.choices import State

if TYPE_CHECKING:
    from promises.pledges.models import Topic  # noqa: F401 -- types only


class TopicQuerySet(QuerySet["Topic"]):
    """Reads of topics."""

    def and_below(self, slugs: Iterable[str]) -> Self:
        """Keep the topics of these names and all below them."""
        names = [*slugs]
        return self.filter(Q(slug__in=names) | Q(parent__slug__in=names))

    def only_words(self) -> QuerySet[Any, Any]:
        """Return the words of each name, for counting words."""
        return self.order_by().values_list(words_of("name"))

    def matching(self, query: SearchQuery, names: QuerySet[Any, Any]) -> Self:
        """Keep the topics whose name answers a query or is one of these."""
        return self.alias(words=words_of("name")).filter(Q(words=query) | Q(name__in=names))

    def in_tree_order(self) -> Self:
        """Order as the tree is read: each top topic, then the topics below it."""
        top = Coalesce("parent__position", "position")
        top_first = F("parent").asc(nulls_first=True)
        return self.order_by(top, Coalesce("parent", "pk"), top_first, "position", "name", "pk")

    def with_pledge_counts(self) -> Self:
        """Add `pledge_count`: published pledges directly under the topic."""
        return self.annotate(
            pledge_count=Count(
                "pledges",
                Q(pledges__state=State.PUBLISHED, pledges__person__state=State.PUBLISHED),
            )
        )
