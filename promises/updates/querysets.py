from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Count, F, Q, QuerySet

from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet

if TYPE_CHECKING:
    from promises.updates.models import (  # noqa: F401 -- types only
        Citation,
        Correction,
        Response,
        Review,
        StatusUpdate,
    )

_PUBLIC_PLEDGE = Q(pledge__state=State.PUBLISHED, pledge__person__state=State.PUBLISHED)


class StatusUpdateQuerySet(EditorialQuerySet["StatusUpdate"]):
    """Reads of status updates."""

    def published(self) -> Self:
        """Keep the published updates of public pledges."""
        return super().published().filter(_PUBLIC_PLEDGE)

    def newest_first(self) -> Self:
        """Order as a history is read: the newest state of affairs first."""
        return self.order_by("-effective_on", "-pk")

    def with_approval_counts(self) -> Self:
        """Add `approval_count`: people who approved the present wording."""
        return self.annotate(
            approval_count=Count("approvals", Q(approvals__wording=F("wording")), distinct=True)
        )


class CitationQuerySet(QuerySet["Citation"]):
    """Reads of which evidence a rating rests on."""

    def published(self) -> Self:
        """Keep the citations whose two ends the public may see."""
        return self.filter(
            evidence__state=State.PUBLISHED,
            status_update__state=State.PUBLISHED,
            status_update__pledge__state=State.PUBLISHED,
            status_update__pledge__person__state=State.PUBLISHED,
        )


class ReviewQuerySet(QuerySet["Review"]):
    """Reads of reviews."""

    def published(self) -> Self:
        """Keep the reviews of public pledges."""
        return self.filter(_PUBLIC_PLEDGE)


class ResponseQuerySet(EditorialQuerySet["Response"]):
    """Reads of officials' responses."""

    def published(self) -> Self:
        """Keep the published responses to public pledges."""
        return super().published().filter(_PUBLIC_PLEDGE)


class CorrectionQuerySet(QuerySet["Correction"]):
    """Reads of corrections."""

    def published(self) -> Self:
        """Keep the corrections of what the public may see."""
        return self.filter(_PUBLIC_PLEDGE | Q(pledge__isnull=True, evidence__state=State.PUBLISHED))
