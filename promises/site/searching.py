"""What a reader's words find: the words of the record they stand for, and the queries for those.

The vocabulary is that of published texts alone. Each process keeps one and reads it again when the
record has a new edition, but not more often than its reading is worth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from promises.common.vocabulary import Entry, Vocabulary, vocabulary
from promises.common.words import any_in_text, typed_words
from promises.evidence.models import Evidence
from promises.ledger.chain import current_edition
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.site.copied_words import is_in_a_copy

# The dictionaries of PostgreSQL that know stems, the language of the record first.
STEMMERS = ("english_stem", "spanish_stem")
# Reading the vocabulary takes at most this share of a process's time.
_SHARE = 50
_lock = Lock()


@dataclass(frozen=True)
class Asked:
    """One word of a search: as it was typed, what is looked for, and what it was read as.

    What is looked for is the text of a `tsquery`.
    """

    typed: str
    query: str
    read_as: str = ""


def asked(text: str) -> list[Asked]:
    """Return what to look for, word by word.

    One query for stems, one for the edition, one for each word that is not of the vocabulary;
    three more when that is read anew.
    """
    words = [word.lower() for word in typed_words(text)]
    if not words:
        return []
    known = _kept.vocabulary()
    return [_asked(known, word, stems) for word, stems in zip(words, _stems(words), strict=True)]


def _asked(known: Vocabulary, word: str, stems: list[str]) -> Asked:
    if forms := known.forms(word, stems):
        return Asked(word, any_in_text([word, *forms]))
    if known.begun_by(word):
        return Asked(word, any_in_text([word], begins=True))
    if is_in_a_copy(word):
        return Asked(word, any_in_text([word]))
    if meant := known.nearest(word):
        (its_stems,) = _stems([meant])
        return Asked(word, any_in_text(known.forms(meant, its_stems)), read_as=meant)
    return Asked(word, any_in_text([word], begins=True))


def _stems(words: list[str]) -> list[list[str]]:
    """Return the stem of each word in each language, "" for words too common to have one."""
    columns = ", ".join(f"coalesce((ts_lexize('{name}', word))[1], '')" for name in STEMMERS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, place)"  # noqa: S608 -- names of ours
            " ORDER BY place",
            [words],
        )
        return [list(row) for row in cursor.fetchall()]


class _Kept:
    """The vocabulary of this process, with the edition it was read at."""

    def __init__(self) -> None:
        self.known: Vocabulary | None = None
        self.edition = -1
        self.read_at = 0.0
        self.took = 0.0

    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary, read anew if the record has changed and it is time.

        One reader waits for that. Who searches meanwhile goes on with the one there is.
        """
        edition, known = current_edition(), self.known
        if known is not None and (not self._is_due(edition) or not _lock.acquire(blocking=False)):
            return known
        if known is None:
            _lock.acquire()
        try:
            if self.known is None or self._is_due(edition):
                self._read_anew(edition)
            assert self.known is not None
            return self.known
        finally:
            _lock.release()

    def _is_due(self, edition: int) -> bool:
        return edition != self.edition and monotonic() - self.read_at >= self.took * _SHARE

    def _read_anew(self, edition: int) -> None:
        started = monotonic()
        self.known = vocabulary(_read())
        self.edition, self.read_at = edition, monotonic()
        self.took = self.read_at - started


_kept = _Kept()


def _read() -> Iterator[Entry]:
    """Return the words of all published pledges, names and evidence. Three queries."""
    for rows in (
        Pledge.objects.published().only_words(),
        Person.objects.published().only_words(),
        Evidence.objects.published().only_words(),
    ):
        yield from _words_in(rows)


def _words_in(rows: QuerySet[Any]) -> Iterator[Entry]:
    operations: Any = connection.ops
    text = operations.compose_sql(*rows.query.sql_with_params())
    stems = ", ".join(f"coalesce((ts_lexize('{name}', word))[1], '')" for name in STEMMERS)
    # Not ts_stat: its tree is never balanced, so names that count up (ev-1, ev-2, …) cost it the
    # square of their number, minutes for 100,000 of them.
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT word, count(*), {stems} FROM"  # noqa: S608 -- names and a query of ours
            f" (SELECT (unnest(words)).lexeme AS word FROM ({text}) AS texts(words)) AS found"
            " WHERE word !~ '[0-9./@_-]' GROUP BY word"
        )
        for word, texts, *found in cursor.fetchall():
            yield Entry(word, texts, found)
