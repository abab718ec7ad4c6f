"""General terms of the record in the language of the page: topics, offices.

They are read once for each request that needs one, and never for an English page. The page of a
pledge, which is read most, has them of the query for the pledge.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property

from django.conf import settings

from promises.pledges.models import GeneralTerm


class _Terms:
    def __init__(self, language: str) -> None:
        self._language = language

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words of each English term."""
        return GeneralTerm.objects.into(self._language)


_TERMS: ContextVar[_Terms | None] = ContextVar("general_terms", default=None)


@contextmanager
def terms_in(language: str) -> Iterator[None]:
    """Have the terms of a language at hand until the block ends."""
    token = _TERMS.set(None if language == settings.LANGUAGE_CODE else _Terms(language))
    try:
        yield
    finally:
        _TERMS.reset(token)


def brought_along(rows: Iterable[Mapping[str, str]]) -> None:
    """Take the terms that another query brought along (`rows_into`): none is asked for them."""
    if terms := _TERMS.get():
        terms.words = {row["english"]: row["words"] for row in rows}


def term_for(english: str) -> str | None:
    """Return a term in the language of the page; None where nobody has translated it."""
    terms = _TERMS.get()
    return terms.words.get(english) if terms else None


def in_words(english: str) -> str:
    """Return a term in the language of the page, else in English."""
    return term_for(english) or english
