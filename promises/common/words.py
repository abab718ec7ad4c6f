"""Searching by words from an index: every word typed begins a word of the text.

The embedded server has no contrib modules (no trigrams), so this is PostgreSQL's own text search
with the dictionary that changes nothing: names and slugs are found as they are written.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.lookups import Exact

# What is typed beyond this makes no search more exact.
MOST_WORDS = 8
# Up to so many related rows are looked up one by one in an index.
FEW = 5000
# One row in so many is in the small index of words of a large table.
SAMPLE = 64
# What stands before and after a hit until a page marks it: no text can hold control characters.
HIT_STARTS, HIT_ENDS = "\x02", "\x03"


def words_of(*fields: str) -> SearchVector:
    """Return the words of these fields, spelled alike in the index and in every search."""
    return SearchVector(*fields, config="simple")


def words_index(*fields: str, name: str, of_sample: bool = False) -> GinIndex:
    """Return the index that answers `begins` over these fields, of all rows or of a sample."""
    condition = Q(in_sample()) if of_sample else None
    return GinIndex(words_of(*fields), name=name, condition=condition)


def in_sample() -> Exact:
    """Return the condition of the rows that are in the small index, spread over all of them.

    PostgreSQL takes from such an index all rows that have a word before it gives the first. Where
    a word is in very many, and a thousand of them are wanted, the sample has enough.
    """
    return Exact(F("id") % SAMPLE, 0)


def typed_words(text: str) -> list[str]:
    """Return the words of a search, without what is no word."""
    cleaned = re.sub(r"[\x00-\x1f'\"\\]", " ", text)
    return [word for word in cleaned.split() if any(map(str.isalnum, word))][:MOST_WORDS]


def any_in_text(words: Iterable[str], *, begins: bool = False) -> str:
    """Return the query for texts that hold one of these words, or one that begins like them."""
    end = ":*" if begins else ""
    # A word that is named twice is looked up and compared twice.
    return " | ".join(f"'{quoted(word)}'{end}" for word in dict.fromkeys(words))


def raw(text: str) -> SearchQuery:
    """Return a query that is written out already."""
    return SearchQuery(text, search_type="raw", config="simple")


class _Unseen(Func):
    """A value that is there only when the query runs."""

    template = "(SELECT %(expressions)s)"
    output_field = TextField()


def unseen(text: str) -> SearchQuery:
    """Return a query that PostgreSQL cannot guess the rows of when it plans.

    It takes the index of words then. Where it knows that most rows have a word it walks the table
    and takes every text apart, of which it thinks that it costs nothing.
    """
    return SearchQuery(_Unseen(Value(text)), search_type="raw", config="simple")


def quoted(word: str) -> str:
    """Return a word as it stands between the quotes of a tsquery."""
    return word.replace("\\", " ").replace("'", " ")


def have_words(rows: Any, text: str, *fields: str) -> Any:
    """Keep the rows in whose fields there is a word that begins like each word of the text."""
    words = [any_in_text([word], begins=True) for word in typed_words(text)]
    return answer(rows, words, *fields)


def answer(rows: Any, queries: Iterable[str], *fields: str) -> Any:
    """Keep the rows whose fields answer each of these queries."""
    rows = rows.alias(words=words_of(*fields))
    for query in queries:
        rows = rows.filter(words=raw(query))
    return rows


class IsAnyOf(Func):
    """`column = ANY(array)`: the array is found once, and the column's index is used."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def few(found: QuerySet[Any]) -> list[int] | None:
    """Return the primary keys of the rows found, or None when they are more than a few.

    Asked by itself this is answered by the index of the words. In the query of an ordered list
    the planner, which cannot know how rare a word is, would walk the list and read every text.
    """
    numbers = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    return numbers if len(numbers) <= FEW else None


def belongs_to(field: str, found: QuerySet[Any]) -> Q:
    """Return the condition that this foreign key leads to one of the rows found.

    Few rows are looked up by the index of the key. When there are many, walking the list in its
    order meets them soon.
    """
    numbers = few(found)
    if numbers is not None:
        return Q(**{f"{field}__in": numbers})
    return Q(Exists(found.order_by().filter(pk=OuterRef(field))))


def found_by_words(rows: Any, text: str) -> Any:
    """Keep the rows that have the words of a text, whichever way is the shorter."""
    numbers = few(rows.model._default_manager.having_words(text))
    return rows.having_words(text) if numbers is None else rows.filter(pk__in=numbers)
