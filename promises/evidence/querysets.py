from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import F, QuerySet

from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet

if TYPE_CHECKING:
    from promises.evidence.models import Evidence, EvidenceLink  # noqa: F401 -- types only


class EvidenceQuerySet(EditorialQuerySet["Evidence"]):
    """Reads of evidence."""

    def newest_first(self) -> Self:
        """Order by publication, undated last."""
        return self.order_by(F("published_on").desc(nulls_last=True), "pk")


class EvidenceLinkQuerySet(QuerySet["EvidenceLink"]):
    """Reads of what evidence says about pledges."""

    def published(self) -> Self:
        """Keep the links whose two ends the public may see."""
        return self.filter(
            evidence__state=State.PUBLISHED,
            pledge__state=State.PUBLISHED,
            pledge__person__state=State.PUBLISHED,
        )

    def newest_first(self) -> Self:
        """Order by publication of the evidence, undated last."""
        return self.order_by(F("evidence__published_on").desc(nulls_last=True), "pk")
