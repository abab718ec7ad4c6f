from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from promises.accounts.models import User
from promises.common.history import events_of
from promises.common.words import IsAnyOf, found_by_words, have_words, words_of
from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet
from promises.officials.rules import AFTER_NAME

if TYPE_CHECKING:
    from promises.officials.models import (  # noqa: F401 -- types only
        Candidacy,
        Jurisdiction,
        Office,
        Person,
        Term,
    )
    from promises.officials.models.standing import (  # noqa: F401 -- types only
        ConflictOfInterest,
        Partnership,
    )


class JurisdictionQuerySet(QuerySet["Jurisdiction"]):
    """Reads of places."""

    def only_words(self) -> QuerySet[Any, Any]:
        """Return the words of each name as the index has them, for counting words."""
        return self.order_by().values_list(words_of("name"))

    def matching(self, query: SearchQuery) -> Self:
        """Keep the places whose name answers a query."""
        return self.alias(words=words_of("name")).filter(words=query)


class OfficeQuerySet(QuerySet["Office"]):
    """Reads of offices."""

    def only_words(self) -> QuerySet[Any, Any]:
        """Return the words of each title as the index has them, for counting words."""
        return self.order_by().values_list(words_of("title"))

    def matching(self, query: SearchQuery, titles: QuerySet[Any, Any]) -> Self:
        """Keep the offices whose title or place answers a query, or whose title is one of these."""
        places: Any = self.model._meta.get_field("jurisdiction").related_model._default_manager
        there = ArraySubquery(places.matching(query).order_by().values("pk"))
        titled = ArraySubquery(self.filter(title__in=titles).order_by().values("pk"))
        return self.alias(words=words_of("title")).filter(
            Q(words=query) | Q(IsAnyOf(F("jurisdiction_id"), there)) | Q(IsAnyOf(F("pk"), titled))
        )


class PersonQuerySet(EditorialQuerySet["Person"]):
    """Reads of people."""

    def only_words(self) -> QuerySet[Any, Any]:
        """Return the words of each name as the index has them, for counting words."""
        return self.order_by().values_list(words_of("name", "slug"))

    def matching(self, queries: Iterable[SearchQuery]) -> Self:
        """Keep the people whose name answers each of these queries."""
        found = self.alias(words=words_of("name", "slug"))
        for query in queries:
            found = found.filter(words=query)
        return found

    def having_words(self, text: str) -> Self:
        """Keep the people in whose name or slug a word begins like each of these."""
        found: Self = have_words(self, text, "name", "slug")
        return found

    def with_words(self, text: str) -> Self:
        """Keep the same people in an ordered list, by index."""
        found: Self = found_by_words(self, text)
        return found

    def withdrawn_names(self) -> QuerySet[Any, Any]:
        """Return rows of every `name` that the withdrawn ones had here."""
        withdrawn = self.filter(state=State.RETRACTED)
        events: QuerySet[Any, Any] = events_of(self.model).objects.all()
        return events.filter(pgh_obj__in=withdrawn).order_by()

    def withdrawn_in(self, *columns: str) -> Exists:
        """Return whether one of these columns of the outer query begins with the name of one."""
        end = Value(AFTER_NAME)
        texts = {name: Concat(OuterRef(name), end, output_field=TextField()) for name in columns}
        begins = [Q(**{f"{name}__startswith": Concat(F("name"), end)}) for name in columns]
        named = self.withdrawn_names().annotate(**texts)
        return Exists(named.filter(reduce(or_, begins)))

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

    def matching(self, query: SearchQuery, titles: QuerySet[Any, Any]) -> Self:
        """Keep the terms of offices that answer a query or have one of these titles."""
        offices: Any = self.model._meta.get_field("office").related_model._default_manager
        held = ArraySubquery(offices.matching(query, titles).order_by().values("pk"))
        return self.filter(IsAnyOf(F("office_id"), held))

    def running_on(self, day: date) -> Self:
        """Keep the terms that had begun and not ended on that day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), started_on__lte=day)


class CandidacyQuerySet(QuerySet["Candidacy"]):
    """Reads of candidacies."""

    def published(self) -> Self:
        """Keep the candidacies of people whom the public may see."""
        return self.filter(person__state=State.PUBLISHED)


class ConflictQuerySet(QuerySet["ConflictOfInterest"]):
    """Reads of conflicts of interest."""

    def open(self) -> Self:
        """Keep those that nobody has ended."""
        return self.filter(ended_at__isnull=True)

    def towards(self, official: int) -> Self:
        """Keep those in a jurisdiction where this official (id) held, holds or sought an office."""
        held = Q(jurisdiction__offices__terms__person=official)
        sought = Q(jurisdiction__offices__elections__candidacies__person=official)
        return self.filter(held | sought).distinct()

    def pledges(self) -> Iterator[ArraySubquery]:
        """Yield the pledges (ids) of whoever held or holds an office there, and of who sought one.

        Each is an array that is found once, from the conflicts on: mostly there is none.
        """
        for way in ("terms", "elections__candidacies"):
            pledges = f"jurisdiction__offices__{way}__person__pledges"
            yield ArraySubquery(self.filter(**{f"{pledges}__isnull": False}).values(pledges))


class PartnershipQuerySet(QuerySet["Partnership"]):
    """Reads of which jurisdictions partners work on."""

    def places_of(self, person: User) -> QuerySet[Partnership, int]:
        """Return the ids of the jurisdictions of a partner, to be used inside another read."""
        return self.filter(person=person).values_list("jurisdiction_id", flat=True)
