"""What `q` keeps: rows that hold every word, a part of one too, in one of some columns.

The letters decide. Where few rows can have them the index of words says which, so that not every
text is read: those in which a word begins with these letters, or is one of the gathered words that
hold them. Where many can, the first of them are met soon.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import StrIndex, Upper
from django.db.models.lookups import GreaterThan

from promises.api.parameters import Filter
from promises.api.values import Words
from promises.common.words import FEW, MOST_WORDS, any_in_text, few
from promises.vocabulary.models import Word

# Takes queries of the index of words, and returns the rows that answer all of them.
Answering = Callable[[Sequence[str]], Any]
# Letters that the index of words may have by themselves.
_PIECE = re.compile(r"[^\W_]+(?:[./@][^\W_]+)*")
# Very many numbers begin with one digit.
_SHORTEST_NUMBER = 2
# Of so many words that hold the letters each is looked up.
_MOST_HELD = 200


def words_in(*columns: str, about: str = "", answering: Answering | None = None) -> Filter:
    """Return the filter `q` over these columns.

    `answering` asks the index of words of a large table, which has these columns and may have more.
    """
    names = about or ", ".join(f"`{column.split('__')[0]}`" for column in columns)

    def narrow(rows: Any, value: str, today: date) -> Any:
        numbers = _few_with(value, answering) if answering else None
        if numbers is None and answering:
            numbers = _few_by_reading(rows, value, *columns)
        if numbers is not None:
            rows = rows.filter(pk__in=numbers)
        return holding(rows, value, *columns)

    return Filter("q", Words(), f"Rows that hold every one of these words in {names}.",
                  narrow=narrow)  # fmt: skip


def holding(rows: Any, text: str, *columns: Any) -> Any:
    """Keep the rows that hold every word of a text in one of these columns, letter by letter.

    Not by LIKE: of two words that many rows hold PostgreSQL then expects few, and reads them all.
    """
    for word in text.split():
        places = (StrIndex(Upper(column), Upper(Value(word))) for column in columns)
        rows = rows.filter(reduce(or_, (Q(GreaterThan(place, 0)) for place in places)))
    return rows


def _few_by_reading(rows: Any, text: str, *columns: Any) -> list[int] | None:
    """Return the rows that hold a text with words in no index, None where they are many.

    Those are signs and single digits. Whether few texts have them is found in the order of the
    table, which is a good deal faster than the walk through a list; they are compared by LIKE
    then, which costs less, case being nothing to them.
    """
    words = dict.fromkeys(text.split())
    unknown = [word for word in words if all(map(_is_digit, _PIECE.findall(word)))]
    if not unknown:
        return None
    for word in unknown:
        rows = rows.filter(reduce(or_, (Q(**{f"{column}__contains": word}) for column in columns)))
    return few(holding(rows, " ".join(word for word in words if word not in unknown), *columns))


def _is_digit(piece: str) -> bool:
    return piece[0].isdigit() and len(piece) < _SHORTEST_NUMBER


def _few_with(text: str, answering: Answering) -> list[int] | None:
    """Return the rows that can hold a text, None where they are many. A query for each word."""
    queries = list(_rare(text))
    return few(answering(queries)) if queries else None


def _rare(text: str) -> Iterator[str]:
    """Yield what to ask the index for each piece of a text, but for those that many rows hold."""
    for piece in list(dict.fromkeys(_PIECE.findall(text)))[:MOST_WORDS]:
        if _is_digit(piece):
            continue
        known = list(Word.objects.holding(piece).values_list("word", "weight")[: _MOST_HELD + 1])
        if len(known) > _MOST_HELD or sum(2**weight for _, weight in known) > FEW:
            continue
        # A number after a hyphen is one with a minus there.
        begins = [piece, f"-{piece}"] if piece[0].isdigit() else [piece]
        held = [any_in_text(word for word, _ in known)] if known else []
        yield " | ".join([any_in_text(begins, begins=True), *held])
