from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject

from promises.common.words import words_of

if TYPE_CHECKING:
    from promises.pledges.models import GeneralTerm  # noqa: F401 -- types only


class GeneralTermQuerySet(QuerySet["GeneralTerm"]):
    """Reads of general terms in other languages."""

    def only_words(self) -> QuerySet[Any, Any]:
        """Return the words of each term as the index has them, for counting words."""
        return self.order_by().values_list(words_of("words"))

    def english_of(self, query: SearchQuery) -> QuerySet[Any, Any]:
        """Return the English of the terms that answer a query in any other language."""
        found = self.alias(spelled=words_of("words")).filter(spelled=query)
        return found.order_by().values("english")

    def into(self, language: str) -> dict[str, str]:
        """Return the words of each English term in a language. One query; there are few."""
        return dict(self.filter(language=language).values_list("english", "words"))

    def rows_into(self, language: str) -> ArraySubquery:
        """Return a column for a query of anything else: all terms with their words."""
        row = JSONObject(english="english", words="words")
        return ArraySubquery(self.filter(language=language).values(row=row))
