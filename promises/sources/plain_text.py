"""From text as pages write it to text that can be compared and kept."""

import re
import unicodedata
from typing import NamedTuple

from promises.common.text import FORBIDDEN

# Characters nobody sees: soft hyphens, joiners, direction and byte order marks.
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")
# Letters and digits; apostrophes and hyphens inside of a word belong to it.
_WORD = re.compile("\\w+(?:['\u2019-]\\w+)*")
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2026": "...",
    }
)

# Translated so, a text keeps its length.
_SAME_LENGTH = {letter: same for letter, same in _SAME.items() if len(same) == 1}


def normalised(text: str) -> str:
    """Return the text in NFC, one paragraph a line, without what cannot be seen or stored."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    text = FORBIDDEN.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", text)))
    # Half of a surrogate pair cannot be stored.
    text = text.encode("utf-8", "replace").decode()
    return _BREAKS.sub("\n", _BLANKS.sub(" ", text)).strip()


def folded(text: str) -> str:
    """Return the text as two spellings of it agree: one form of letters, quotes and dashes."""
    return unicodedata.normalize("NFKC", text).translate(_SAME).casefold()


def words(text: str) -> list[str]:
    """Return the words of a text, folded. Scripts without spaces count a character a word."""
    return [part for word in _WORD.findall(folded(text)) for part in _parted(word)]


class PlacedWord(NamedTuple):
    """A folded word, and the characters of the text it stands for."""

    word: str
    start: int
    end: int


def placed_words(text: str) -> list[PlacedWord]:
    """Return the words of a text, as `words` does, each with its place."""
    return [
        PlacedWord(word, *found.span())
        for found in _WORD.finditer(text.translate(_SAME_LENGTH))
        for word in words(found.group())
    ]


def _parted(word: str) -> list[str]:
    """Part what is written without spaces between its words."""
    if word.isascii() or not any("\u2e80" <= letter <= "\uabff" for letter in word):
        return [word]
    return list(word)
