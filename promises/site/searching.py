"""What a reader's words find: the words of the record they stand for, and the queries for those.

What is typed is looked for in the texts themselves. The words gathered of them (a worker keeps
these) say which others are forms of it, and what was meant by a misspelled one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from promises.common.words import any_in_text, typed_words
from promises.site.copied_words import is_in_a_copy
from promises.site.finding import begins_in_a_text
from promises.vocabulary.models import Word
from promises.vocabulary.rules import forms, nearest

# A shorter word is looked for as it stands: a tenth of all words may begin with a letter.
SHORTEST_BEGINNING = 3
# The dictionaries of PostgreSQL that know stems, the language of the record first.
STEMMERS = ("english_stem", "spanish_stem")
# From so many texts on, as a binary logarithm, a word is common: a sample (words.SAMPLE) of them is
# still more than a search shows.
COMMON = 17


@dataclass(frozen=True)
class Asked:
    """One word of a search: as it was typed, what is looked for, and what it was read as.

    What is looked for is the text of a `tsquery`. It is common where very many texts may have it.
    """

    typed: str
    query: str
    read_as: str = ""
    is_common: bool = False


def asked(text: str) -> list[Asked]:
    """Return what to look for, word by word.

    One query for stems, one for their forms; up to eight for each word that has none.
    """
    words = [word.lower() for word in typed_words(text)]
    if not words:
        return []
    stems = _stems(words)
    known = list(Word.objects.alike(words, stems))
    return [_asked(known, word, its) for word, its in zip(words, stems, strict=True)]


def _asked(known: Iterable[Word], word: str, stems: list[str]) -> Asked:
    if found := forms(known, word, stems):
        is_common = any(each.weight >= COMMON for each in known if each.word in found)
        return Asked(word, any_in_text([word, *found]), is_common=is_common)
    if len(word) < SHORTEST_BEGINNING:
        return Asked(word, any_in_text([word]))
    if Word.objects.begun_by(word).exists() or begins_in_a_text(word):
        # Nobody knows how many texts have one of all that begin so.
        return Asked(word, any_in_text([word], begins=True), is_common=True)
    if is_in_a_copy(word):
        return Asked(word, any_in_text([word]))
    # What was published since the words were gathered is found; what was withdrawn is not told.
    meant = nearest(Word.objects.perhaps_meant_by(word), word)
    if meant and begins_in_a_text(meant.word):
        its = [meant.english, meant.spanish]
        alike = Word.objects.alike([meant.word], [its])
        return Asked(word, any_in_text(forms(alike, meant.word, its)), read_as=meant.word)
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
