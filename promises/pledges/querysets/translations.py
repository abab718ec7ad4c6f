from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from promises.editorial.querysets import EditorialQuerySet
from promises.pledges.querysets.pledges import PUBLIC_PLEDGE

if TYPE_CHECKING:
    from promises.pledges.models import PledgeTranslation  # noqa: F401 -- types only


class PledgeTranslationQuerySet(EditorialQuerySet["PledgeTranslation"]):
    """Reads of translations."""

    def published(self) -> Self:
        """Keep the public translations of public pledges of public people."""
        return super().published().filter(PUBLIC_PLEDGE)

    def into(self, language: str) -> Self:
        """Keep the public translations into a language, with who published them."""
        return self.published().filter(language=language).select_related("published_by")

    def rows_of_pledge(self, language: str) -> ArraySubquery:
        """Return a column for a query of pledges: the translation into a language, if public."""
        row = JSONObject(
            title="title",
            statement="statement",
            behind_on="behind_on",
            published_at="published_at",
            published_by="published_by__display_name",
        )
        return ArraySubquery(self.into(language).filter(pledge=OuterRef("pk")).values(row=row))

    def behind(self) -> Self:
        """Keep those whose English words have changed since they were made."""
        return self.filter(behind_on__isnull=False)
