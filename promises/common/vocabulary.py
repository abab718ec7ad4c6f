"""The words of a record, and which of them a reader means who typed another.

PostgreSQL's trigrams and unaccent are not on every server, so this is plain Python over the list
of words: alike but for accents, of the same stem, or misspelled. No database here.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# Shorter words are not guessed at: too many others are one letter away.
SHORTEST_GUESSED = 4
# So many words stand for one that was typed; the most frequent come first.
MOST_FORMS = 40


def folded(word: str) -> str:
    """Return a word without case and accents: "Él" → "el"."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


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


def _letters(word: str) -> int:
    """Return which letters a word has, a bit each."""
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) % 61)
    return mask


@dataclass(frozen=True)
class Entry:
    """A word of the record: in how many texts it stands, and its stem in each language."""

    word: str
    texts: int
    stems: Sequence[str]


@dataclass(frozen=True)
class Vocabulary:
    """The words of a record, found by how they are written and by their stems."""

    texts: Mapping[str, int]
    by_fold: Mapping[str, list[str]]
    by_stem: Mapping[tuple[int, str], list[str]]
    _by_length: Mapping[int, list[tuple[int, str]]] = field(repr=False)

    def forms(self, word: str, stems: Sequence[str]) -> list[str]:
        """Return the words that stand for one: the same but for accents, or of its stem.

        `stems` are its stems by language. The first language that knows the word decides:
        in the second one, words of the first would share stems by chance.
        """
        found = set(self.by_fold.get(folded(word), ()))
        for language, stem in enumerate(stems):
            if alike := self.by_stem.get((language, stem), ()) if stem else ():
                found.update(alike)
                break
        return self._frequent_first(found)

    def begun_by(self, start: str) -> bool:
        """Return whether a word of the record begins like this."""
        return any(word.startswith(start) for word in self.texts)

    def nearest(self, word: str) -> str:
        """Return the word that was most likely meant by a misspelled one; "" without any."""
        plain = folded(word)
        most, letters = allowed_slips(plain), _letters(plain)
        best: tuple[int, int, str] | None = None
        for length in range(len(plain) - most, len(plain) + most + 1):
            for mask, other in self._by_length.get(length, ()):
                # A slip changes at most two letters of the set of letters.
                if (mask ^ letters).bit_count() > 2 * most:
                    continue
                distance = slips(plain, other, most)
                if distance <= most:
                    spelled = self.by_fold[other][0]
                    found = (distance, -self.texts[spelled], spelled)
                    best = min(best, found) if best else found
        return best[2] if best else ""

    def _frequent_first(self, words: Iterable[str]) -> list[str]:
        ordered = sorted(words, key=lambda word: (-self.texts[word], word))
        return ordered[:MOST_FORMS]


def vocabulary(entries: Iterable[Entry]) -> Vocabulary:
    """Return the vocabulary of these words; a word given twice counts for all its texts."""
    texts: dict[str, int] = defaultdict(int)
    by_stem: dict[tuple[int, str], list[str]] = defaultdict(list)
    by_fold: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.word not in texts:
            by_fold[folded(entry.word)].append(entry.word)
            for language, stem in enumerate(entry.stems):
                if stem:
                    by_stem[language, stem].append(entry.word)
        texts[entry.word] += entry.texts
    by_length: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for plain, words in by_fold.items():
        words.sort(key=lambda word: (-texts[word], word))
        if plain.isalpha():
            by_length[len(plain)].append((_letters(plain), plain))
    return Vocabulary(texts, by_fold, by_stem, by_length)
