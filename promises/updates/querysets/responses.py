from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet
from promises.updates.querysets.about_pledges import PUBLIC_PLEDGE, with_words

if TYPE_CHECKING:
    from promises.updates.models import Response  # noqa: F401 -- types only


class ResponseQuerySet(EditorialQuerySet["Response"]):
    """Reads of officials' responses."""

    def with_words(self, text: str) -> Self:
        """Keep those that have these words themselves, or whose pledge has them. By index."""
        return with_words(self, text, "slug", "said_by", "text")

    def told_with(self, evidence_ids: Collection[int]) -> set[int]:
        """Return the pledges whose replies this evidence documents (settings.TOLD_WITH)."""
        return set(self.filter(evidence__in=evidence_ids).values_list("pledge_id", flat=True))

    def published(self) -> Self:
        """Keep the published responses to public pledges."""
        return super().published().filter(PUBLIC_PLEDGE)

    def shown(self) -> Self:
        """Keep also the withdrawn ones, of which readers see that they were, when and why."""
        return self.filter(PUBLIC_PLEDGE, state__in=[State.PUBLISHED, State.RETRACTED])
