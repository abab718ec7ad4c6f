from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet

if TYPE_CHECKING:
    from promises.officials.models import Candidacy, Person, Term  # noqa: F401 -- types only


class PersonQuerySet(EditorialQuerySet["Person"]):
    """Reads of people."""

    def prosecutors(self) -> Self:
        """Keep the people who hold or held an office, by name."""
        terms = self.model._meta.get_field("terms").related_model
        held = terms._default_manager.filter(person=OuterRef("pk"))
        return self.filter(Exists(held)).order_by("name", "pk")


class TermQuerySet(QuerySet["Term"]):
    """Reads of terms."""

    def published(self) -> Self:
        """Keep the terms of people whom the public may see."""
        return self.filter(person__state=State.PUBLISHED)

    def running_on(self, day: date) -> Self:
        """Keep the terms that had begun and not ended on that day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), started_on__lte=day)


class CandidacyQuerySet(QuerySet["Candidacy"]):
    """Reads of candidacies."""

    def published(self) -> Self:
        """Keep the candidacies of people whom the public may see."""
        return self.filter(person__state=State.PUBLISHED)
