from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from promises.pledges.querysets import PUBLIC_PLEDGE
from promises.updates.querysets.about_pledges import with_words

if TYPE_CHECKING:
    from promises.updates.models import Review  # noqa: F401 -- types only


class ReviewQuerySet(QuerySet["Review"]):
    """Reads of reviews."""

    def with_words(self, text: str) -> Self:
        """Keep those that have these words themselves, or whose pledge has them. By index."""
        return with_words(self, text, "note")

    def published(self) -> Self:
        """Keep the reviews of public pledges."""
        return self.filter(PUBLIC_PLEDGE)

    def rows_of_pledge(self) -> ArraySubquery:
        """Return a column for a query of pledges: what readers see of each review, newest first."""
        row = JSONObject(note="note", at="reviewed_at", name="reviewed_by__display_name")
        reviews = self.published().filter(pledge=OuterRef("pk"))
        return ArraySubquery(reviews.order_by("-reviewed_at", "-pk").values(row=row))
