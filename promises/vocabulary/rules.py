"""Which of the words of a record a reader means who typed another. No database here.

PostgreSQL's trigrams and unaccent are not on every server, so this is plain Python over a short
list of candidates: alike but for accents, of the same stem, or misspelled.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

# Shorter words are not guessed at: too many others are one letter away.
SHORTEST_GUESSED = 4
# So many words stand for one that was typed; the most frequent come first.
MOST_FORMS = 40
# Gathering the words takes at most one part in so many of a worker's time.
SHARE = 50


class Known(Protocol):
    """A word of the record, its stems by language, and how frequent it is."""

    word: str
    folded: str
    english: str
    spanish: str
    weight: int


Word = TypeVar("Word", bound=Known)


def is_due(*, read_at: datetime, seconds: float, now: datetime) -> bool:
    """Return whether words that took so many seconds to gather may be gathered again."""
    return now >= read_at + timedelta(seconds=seconds * SHARE)


def folded(word: str) -> str:
    """Return a word without case and accents: "Él" → "el"."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def letters_of(word: str) -> int:
    """Return which letters a word has, a bit each."""
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) % 61)
    return mask


def guessed_length(plain: str) -> int:
    """Return the length of a folded word, or 0 if it holds more than letters."""
    return len(plain) if plain.isalpha() else 0


def allowed_slips(word: str) -> int:
    """Return how many slips of the pen are forgiven in a word of that length."""
    if len(word) < SHORTEST_GUESSED:
        return 0
    return 1 if len(word) < 2 * SHORTEST_GUESSED else 2


def slips(first: str, second: str, most: int) -> int:
    """Return how many letters were left out, added, changed or swapped; `most` + 1 if more.

    The restricted Damerau-Levenshtein distance (Boytsov 2011, 2.2.1).
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        above, row = row, [i]
        for j, b in enumerate(second, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before = above
    return min(row[-1], most + 1)


def forms(known: Iterable[Word], word: str, stems: Sequence[str]) -> list[Word]:
    """Return the known words that stand for one: the same but for accents, or of its stem.

    `stems` are its stems in English and Spanish. The first language that knows the word decides:
    in the second one, words of the first would share stems by chance.
    """
    known, (english, spanish) = list(known), stems
    plain = folded(word)
    found = {one.word: one for one in known if one.folded == plain}
    by_stem = [one for one in known if english and one.english == english]
    by_stem = by_stem or [one for one in known if spanish and one.spanish == spanish]
    found |= {one.word: one for one in by_stem}
    return sorted(found.values(), key=lambda one: (-one.weight, one.word))[:MOST_FORMS]


def nearest(candidates: Iterable[Word], word: str) -> Word | None:
    """Return the word that was most likely meant by a misspelled one, if any."""
    plain = folded(word)
    most = allowed_slips(plain)
    near = [(slips(plain, one.folded, most), -one.weight, one.word, one) for one in candidates]
    within = [each for each in near if each[0] <= most]
    return min(within, key=lambda each: each[:3])[3] if within else None
