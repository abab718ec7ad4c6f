from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Self

from promises.common.words import answer
from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet
from promises.pledges.querysets import PUBLIC_PLEDGE
from promises.updates.querysets.about_pledges import with_words

if TYPE_CHECKING:
    from promises.updates.models import Response  # noqa: F401 -- types only

# What the index of words holds (promises.updates.indexes).
WORDS = ("slug", "said_by", "text")


class ResponseQuerySet(EditorialQuerySet["Response"]):
    """Reads of officials' responses."""

    def with_words(self, text: str) -> Self:
        """Keep those that have these words themselves, or whose pledge has them. By index."""
        return with_words(self, text, *WORDS)

    def answering(self, queries: Sequence[str]) -> Self:
        """Keep those that themselves answer each of these queries."""
        found: Self = answer(self, queries, *WORDS)
        return found

    def told_with(self, evidence_ids: Collection[int]) -> set[int]:
        """Return the pledges whose replies this evidence documents (settings.TOLD_WITH)."""
        return set(self.filter(evidence__in=evidence_ids).values_list("pledge_id", flat=True))

    def published(self) -> Self:
        """Keep the published responses to public pledges."""
        return super().published().filter(PUBLIC_PLEDGE)

    def shown(self) -> Self:
        """Keep also the withdrawn ones, of which readers see that they were, when and why."""
        return self.filter(PUBLIC_PLEDGE, state__in=[State.PUBLISHED, State.RETRACTED])
