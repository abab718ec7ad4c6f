"""Where quoted words stand in a text, whatever was moved, marked up or set between them.

After the Web Annotation Data Model (W3C, 2017), TextQuoteSelector, and URL Fragment Text
Directives (WICG). What is quoted must stand there word by word: only what lies between words
may differ.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from urllib.parse import quote, urldefrag

from promises.sources.plain_text import placed_words, words

# What stands for words left out of a quote.
_LEFT_OUT = re.compile(r"\s*[\[(]?(?:\.\s?\.\s?\.|\u2026)[\])]?\s*")
# An editor's word put into a quote, as in "the [office] said".
_PUT_IN = re.compile(r"\[[^\]]{0,60}\]")
_HYPHENATED = re.compile(r"(?<=\w)-\n(?=\w)")
_FOOTNOTE = re.compile(r"\[\d{1,3}\]|[\u00b9\u00b2\u00b3\u2070-\u2079]+")
# Words that may lie between two parts of a quote, where it says that some are left out.
_MOST_BETWEEN = 400
# Words set between the lines of a quote: a caption, an advertisement.
_MOST_SET_BETWEEN = 12
# How alike other wording must be to be shown as what became of a quote.
_LIKE = 0.55
_LONG_FRAGMENT = 300


@dataclass(frozen=True)
class Anchor:
    """Where a passage stands, in words of the text: from `start` up to but without `end`."""

    start: int
    end: int


def find(exact: str, text: str, *, prefix: str = "", suffix: str = "") -> Anchor | None:
    """Return where the quoted words stand in a text, or None. The words around decide of several.

    A quote may leave words out ("...") and have an editor's word in brackets put in.
    """
    pieces = _pieces(exact)
    if not pieces:
        return None
    for version in (text, _HYPHENATED.sub("", text), _FOOTNOTE.sub(" ", text)):
        found = _best(pieces, words(version), prefix, suffix)
        if found:
            return found
    return _between_lines(pieces, text) if len(pieces) == 1 else None


def spans(quotes: Iterable[tuple[str, str, str]], text: str) -> Iterator[tuple[int, int] | None]:
    """Return where each quote (its words, those before, those after) stands in a text, or None.

    In characters, and word by word: nothing is mended as `find` does. The text is read once for
    all of them, which takes most of the time.
    """
    there = placed_words(text)
    found_words = [each.word for each in there]
    for exact, prefix, suffix in quotes:
        pieces = _pieces(exact)
        found = _best(pieces, found_words, prefix, suffix) if pieces else None
        yield (there[found.start].start, there[found.end - 1].end) if found else None


def _pieces(exact: str) -> list[list[str]]:
    """Return the words of a quote, parted where it leaves some out."""
    pieces = [words(piece) for piece in _LEFT_OUT.split(_PUT_IN.sub(" ... ", exact))]
    return [piece for piece in pieces if piece]


def _best(pieces: list[list[str]], there: list[str], prefix: str, suffix: str) -> Anchor | None:
    """Return where the pieces follow each other, with the words around most as they were."""
    starts = _starts(pieces[0], there, 0, len(there))
    found = [anchor for start in starts if (anchor := _whole(pieces, there, start))]
    around = (words(prefix), words(suffix))
    return max(found, key=lambda anchor: _fit(anchor, there, *around)) if found else None


def _starts(piece: list[str], there: list[str], after: int, before: int) -> list[int]:
    """Return where a run of words begins, within bounds."""
    first, size = piece[0], len(piece)
    last = min(before, len(there)) - size
    found, at = [], after
    while at <= last:
        try:
            at = there.index(first, at, last + 1)
        except ValueError:
            break
        if there[at : at + size] == piece:
            found.append(at)
        at += 1
    return found


def _whole(pieces: list[list[str]], there: list[str], start: int) -> Anchor | None:
    """Follow the pieces of a quote from where its first one begins."""
    end = start + len(pieces[0])
    for piece in pieces[1:]:
        following = _starts(piece, there, end, end + _MOST_BETWEEN + len(piece))
        if not following:
            return None
        end = following[0] + len(piece)
    return Anchor(start, end)


def _fit(anchor: Anchor, there: list[str], prefix: list[str], suffix: list[str]) -> int:
    """Count the words around that are as they were."""
    before = there[max(0, anchor.start - len(prefix)) : anchor.start]
    after = there[anchor.end : anchor.end + len(suffix)]
    same = sum(one == other for one, other in zip(reversed(before), reversed(prefix), strict=False))
    return same + sum(one == other for one, other in zip(after, suffix, strict=False))


def _between_lines(pieces: list[list[str]], text: str) -> Anchor | None:
    """Find a quote between whose lines something short was set, as between two paragraphs."""
    (piece,) = pieces
    lines = [words(line) for line in text.splitlines()]
    there = [word for line in lines for word in line]
    breaks, at = set[int](), 0
    for line in lines:
        at += len(line)
        breaks.add(at)
    for start in _starts(piece[:1], there, 0, len(there)):
        end = _followed(piece, there, start, breaks)
        if end is not None:
            return Anchor(start, end)
    return None


def _followed(piece: list[str], there: list[str], start: int, breaks: set[int]) -> int | None:
    """Follow a quote word by word; at the end of a line, over up to a few words set between."""
    at, skipped = start, 0
    for word in piece:
        if at < len(there) and there[at] == word:
            at += 1
            continue
        if at not in breaks:
            return None
        ahead = there[at : at + _MOST_SET_BETWEEN - skipped + 1]
        if word not in ahead or (at + ahead.index(word)) not in breaks:
            return None
        skipped += ahead.index(word)
        at += ahead.index(word) + 1
    return at


def closest(exact: str, text: str) -> str:
    """Return the lines of a text that are most like a quote that is not there, or ""."""
    wanted = words(exact)
    best, best_like = "", _LIKE
    lines = text.splitlines()
    pairs = [f"{one} {other}" for one, other in pairwise(lines)]
    for candidate in (*lines, *pairs):
        likeness = _likeness(wanted, words(candidate))
        if likeness > best_like:
            best, best_like = candidate, likeness
    return best


def _likeness(wanted: list[str], there: list[str]) -> float:
    """Return how much of what is wanted stands there in order: 1 for all of it."""
    if not wanted or not there or not set(wanted) & set(there):
        return 0.0
    blocks = SequenceMatcher(None, wanted, there, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(wanted)


def fragment_url(url: str, exact: str, *, prefix: str = "", suffix: str = "") -> str:
    """Return the address that makes a browser scroll to the quoted words and mark them."""
    bare = urldefrag(url).url
    pieces = [piece.strip() for piece in _LEFT_OUT.split(_PUT_IN.sub(" ... ", exact))]
    pieces = [piece for piece in pieces if words(piece)]
    if not pieces:
        return bare
    if len(pieces) > 1 or len(exact) > _LONG_FRAGMENT or "\n" in exact:
        first, last = pieces[0].split(), pieces[-1].split()
        text = f"{_escaped(' '.join(first[:5]))},{_escaped(' '.join(last[-5:]))}"
    else:
        text = _escaped(pieces[0])
    before = f"{_escaped(prefix)}-," if prefix else ""
    after = f",-{_escaped(suffix)}" if suffix else ""
    return f"{bare}#:~:text={before}{text}{after}"


def _escaped(text: str) -> str:
    """Escape what has a meaning in a text directive: the dash, the comma, the ampersand."""
    return quote(" ".join(text.split()), safe="").replace("-", "%2D")
