from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache, reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    BooleanField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce

from promises.common.prepared import Prepared
from promises.common.words import (
    IsAnyOf,
    any_in_text,
    found_by_words,
    raw,
    typed_words,
    words_of,
)
from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet
from promises.pledges.choices import OPEN_STATUSES, Status

# Of a row about a pledge: readers see the pledge.
PUBLIC_PLEDGE = Q(pledge__state=State.PUBLISHED, pledge__person__state=State.PUBLISHED)
# What the index of words holds (promises.pledges.indexes).
WORDS = ("title", "slug", "statement", "quote")
# Of what pledges belong to, so much that answers a word is counted: more is a common word.
MANY = 1000
# Rated as imported, and by nobody here. An import that says "not yet rated" brings no rating.
UNCONFIRMED = Q(status_is_provisional=True) & ~Q(status=Status.NOT_YET_RATED)

if TYPE_CHECKING:
    from promises.pledges.models import Criterion, Pledge  # noqa: F401 -- types only


class PledgeQuerySet(EditorialQuerySet["Pledge"]):
    """Reads of pledges. The public doors use `published()`, the desk all of them."""

    def published(self) -> Self:
        """Keep the public pledges of public people."""
        return super().published().filter(person__state=State.PUBLISHED)

    def none_hidden(self) -> Q:
        """Return the condition of rows whose pledge is public, for who counts very many of them.

        The pledges that are hidden are few, and indexes know them; a join reads all the others.
        """
        its = self.filter(pk=OuterRef("pledge")).order_by()
        unpublished = its.exclude(state=State.PUBLISHED)
        of_the_hidden = its.exclude(person__state=State.PUBLISHED)
        return ~Exists(unpublished) & ~Exists(of_the_hidden)

    def ever_rated(self) -> Self:
        """Keep the pledges of which a rating was published, be it withdrawn since."""
        ratings: Any = self.model._meta.get_field("status_updates").related_model
        known = ratings.objects.filter(state__in=[State.PUBLISHED, State.RETRACTED])
        return self.filter(pk__in=known.order_by().values("pledge"))

    def under_topics(self, numbers: Iterable[int]) -> Self:
        """Keep the pledges of these topics.

        By their numbers: of a name PostgreSQL does not know how many pledges it has, and it walks
        a whole list where they are few.
        """
        return self.filter(topic__in=list(numbers))

    def knowing_their_end(self) -> Self:
        """Let `over_on` be filtered by: the day from which the term of each is over."""
        never = Value(date.max, output_field=DateField())
        return self.alias(over_on=Coalesce("term__ends_on", never))

    def counts_by_status(self, day: date) -> QuerySet[Pledge, Any]:
        """Return rows of person_id, kind, status, whether the term `is_over` on that day.

        And how many pledges have these in common, and how many of them are `unconfirmed`: rated
        as imported, and by nobody here.
        """
        is_over = Coalesce(Q(term__ends_on__lte=day), False, output_field=BooleanField())
        return (
            self.order_by("person", "kind", "status")
            .values("person_id", "kind", "status", is_over=is_over)
            .annotate(
                pledges=Count("pk"),
                unconfirmed=Count("pk", filter=UNCONFIRMED),
            )
        )

    def to_review_by(self, day: date, *, after: date) -> Self:
        """Keep the public pledges that someone should look at again in these days."""
        return self.filter(
            state=State.PUBLISHED, review_due_on__gt=after, review_due_on__lte=day
        ).order_by("review_due_on", "pk")

    def with_deadline_by(self, day: date, *, after: date) -> Self:
        """Keep the public pledges without an outcome whose deadline is in these days."""
        return self.filter(
            state=State.PUBLISHED, status__in=OPEN_STATUSES, due_on__gt=after, due_on__lte=day
        ).order_by("due_on", "pk")

    def for_lists(self) -> Self:
        """Bring what every list shows of a pledge: topic, person, term, office, place."""
        return self.select_related("topic", "person", "term__office__jurisdiction")

    def in_reading_order(self) -> Self:
        """Order as a reader expects: by person, then as the source document has them."""
        return self.order_by("person__name", "person", "position", "pk")

    def with_words(self, text: str) -> Self:
        """Keep the pledges of `having_words` in an ordered list, by index."""
        found: Self = found_by_words(self, text)
        return found

    def only_words(self) -> QuerySet[Any, Any]:
        """Return the words of each text as the index has them, for counting words."""
        return self.order_by().values_list(words_of(*WORDS))

    def matching(
        self,
        queries: Sequence[SearchQuery],
        own: Sequence[SearchQuery] = (),
        *,
        looks_up_first: bool = False,
    ) -> Self:
        """Keep pledges that answer each of `own` themselves, each of `queries` also otherwise.

        That is by who made them, for which office, where, and on what topic, in any language.
        `own` are one question to the index of words; without any, the first of `queries` is
        looked up by indexes. Of the pledges found so the others are checked in sets that are found
        once: taking their texts apart would take seconds. With `looks_up_first` it is asked before
        what pledges belong to, three queries: PostgreSQL then knows how many they are.
        """
        found = self.alias(words=words_of(*WORDS))
        first = queries[:1] if not own else []
        if own:
            found = found.filter(words=reduce(and_, own))
        for query in first:
            by_index = Q(words=query)
            for path, owners in self.owners(query).items():
                if not looks_up_first:
                    by_index |= Q(IsAnyOf(F(f"{path}_id"), ArraySubquery(owners)))
                elif numbers := [row["pk"] for row in owners]:
                    by_index |= Q(**{f"{path}__in": numbers})
            found = found.filter(by_index)
        for query in queries[len(first) :]:
            answers = Q()
            for path, owners in self.owners(query).items():
                answers |= Q(**{f"{path}__in": owners})
            texts = self.model._default_manager.alias(words=words_of(*WORDS))
            found = found.filter(answers | Q(pk__in=texts.filter(words=query).values("pk")))
        return found

    def owners(self, query: SearchQuery) -> dict[str, QuerySet[Any, Any]]:
        """Return what pledges belong to that answers a query, by the pledge's field."""
        model: Any = self.model
        people, terms, topics = (
            model._meta.get_field(name).related_model._default_manager
            for name in ("person", "term", "topic")
        )
        spelled = model._meta.apps.get_model("pledges", "GeneralTerm")._default_manager
        english = spelled.english_of(query)
        found = {
            "person": people.matching([query]),
            "term": terms.matching(query, english),
            "topic": topics.matching(query, english),
        }
        return {path: owners.order_by().values("pk") for path, owners in found.items()}

    def rarest_first(self, queries: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return for `matching` the queries that nothing answers but texts, and the others.

        One query for each of several.
        """
        if len(queries) < 2:
            return [], list(queries)
        owners = {query: len(_owners_of(self.model)(query)) for query in queries}
        own = [query for query in queries if not owners[query]]
        return own, sorted((query for query in queries if owners[query]), key=owners.__getitem__)

    def having_words(self, text: str) -> Self:
        """Keep pledges in which, or in what they belong to, a word begins like each of these."""
        words = [any_in_text([word], begins=True) for word in typed_words(text)]
        return self.answering(words) if words else self.all()

    def answering(self, queries: Sequence[str]) -> Self:
        """Keep pledges that answer each of these, or to which something belongs that does."""
        own, others = self.rarest_first(queries)
        return self.matching(list(map(raw, others)), list(map(raw, own)), looks_up_first=True)


@cache
def _owners_of(pledges: type[Pledge]) -> Prepared:
    """Return the query for what pledges belong to that answers one, no more than is counted."""

    def build(query: str) -> QuerySet[Any, Any]:
        first, *others = pledges.objects.owners(raw(query)).values()
        return first.union(*others, all=True)[:MANY]

    return Prepared(build)


class CriterionQuerySet(QuerySet["Criterion"]):
    """Reads of criteria."""

    def published(self) -> Self:
        """Keep the criteria of public pledges."""
        return self.filter(PUBLIC_PLEDGE)
