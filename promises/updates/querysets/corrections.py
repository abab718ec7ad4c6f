from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from promises.editorial.choices import State
from promises.officials.models import Person
from promises.pledges.querysets import PUBLIC_PLEDGE
from promises.updates.querysets.about_pledges import with_words
from promises.updates.rules import NAMING_PEOPLE

if TYPE_CHECKING:
    from promises.updates.models import Correction, StatusUpdate


class CorrectionQuerySet(QuerySet["Correction"]):
    """Reads of corrections."""

    def with_words(self, text: str) -> Self:
        """Keep those that have these words themselves, or whose pledge has them. By index."""
        return with_words(self, text, "note", "old_text", "new_text")

    def newest_of(self, update: StatusUpdate) -> Correction | None:
        """Return the correction that says what the reasoning of an update now should say."""
        return self.filter(status_update=update).order_by("-corrected_at", "-pk").first()

    def retitled_at(self, **of: OuterRef) -> Subquery:
        """Return a column for a query: when the title of what is named was last corrected."""
        titles = self.filter(status_update__isnull=True, field="title", **of)
        return Subquery(titles.order_by("-corrected_at").values("corrected_at")[:1])

    def with_retitled_at(self) -> Self:
        """Add `retitled_at`: when the title of what each is of was last corrected, if it was."""
        known = self.model._default_manager.all()
        pledges = known.retitled_at(pledge=OuterRef("pledge"))
        evidence = known.retitled_at(evidence=OuterRef("evidence"))
        return self.annotate(retitled_at=Coalesce(pledges, evidence))

    def published(self) -> Self:
        """Keep the corrections whose every subject, and everyone they name, the public may see."""
        names_withdrawn = Person.objects.all().withdrawn_in("old_text", "new_text")
        return self.exclude(Q(field__in=NAMING_PEOPLE) & names_withdrawn).filter(
            PUBLIC_PLEDGE | Q(pledge__isnull=True),
            Q(status_update__state=State.PUBLISHED) | Q(status_update__isnull=True),
            Q(evidence__state=State.PUBLISHED) | Q(evidence__isnull=True),
        )
