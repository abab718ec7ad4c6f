"""What a reader's words find: the words of the record they stand for, and the queries for those.

What is typed is looked for in the texts themselves. The words gathered of them (a worker keeps
these) say which others are forms of it, and what was meant by a misspelled one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from promises.common.prepared import Prepared
from promises.common.words import any_in_text, typed_words
from promises.site.copied_words import is_in_a_copy
from promises.site.finding import begins_in_a_text
from promises.vocabulary.models import Word
from promises.vocabulary.rules import folded, forms, nearest

# A shorter word is looked for as it stands: a tenth of all words may begin with a letter.
SHORTEST_BEGINNING = 3
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

    One query for the forms of all words; up to eight more for each that has none.
    """
    words = [word.lower() for word in typed_words(text)]
    return [_asked(word, its) for word, its in zip(words, _forms(words), strict=True)]


def _asked(word: str, its: list[Word]) -> Asked:
    if its:
        is_common = any(each.weight >= COMMON for each in its)
        return Asked(word, any_in_text([word, *_written(its)]), is_common=is_common)
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
        (its,) = _forms([meant.word])
        return Asked(word, any_in_text(_written(its)), read_as=meant.word)
    return Asked(word, any_in_text([word], begins=True))


def _written(words: Iterable[Word]) -> list[str]:
    return [each.word for each in words]


def _forms(words: Sequence[str]) -> list[list[Word]]:
    """Return for each word those of the record that stand for it. One query."""
    known = _alike("\n".join(words), "\n".join(map(folded, words))) if words else []
    if not known:
        return [[] for _word in words]
    stems = zip(known[0].in_english, known[0].in_spanish, strict=True)
    return [forms(known, word, its) for word, its in zip(words, stems, strict=True)]


@Prepared
def _alike(words: str, plain: str) -> QuerySet[Any, Any]:
    return Word.objects.alike(words, plain)
