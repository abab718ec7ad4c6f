"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing takes time with the product of both lengths: beyond this, lines; beyond that, texts.
_MOST_PAIRS = 4_000_000
# How much of an unchanged stretch is shown on either side of a change.
_AROUND = 160


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed (""), was removed ("del") or was added ("ins")."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """Return the pieces of both texts in reading order; long unchanged stretches are shortened."""
    for split in (_WORDS.findall, lambda text: text.splitlines(keepends=True)):
        old, new = split(before), split(after)
        if len(old) * len(new) <= _MOST_PAIRS:
            return _shortened(list(_joined(_compared(old, new))))
    return [Piece("del", before), Piece("ins", after)]


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Yield what stays and what goes; a lone space between two changes belongs to both."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found = matcher.get_opcodes()
    for number, (kind, start, end, new_start, new_end) in enumerate(found):
        was, became = "".join(old[start:end]), "".join(new[new_start:new_end])
        is_between = 0 < number < len(found) - 1
        if kind == "equal" and not (is_between and was.isspace()):
            yield Piece("", was)
            continue
        yield Piece("del", was)
        yield Piece("ins", became)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join the removed and the added of neighbouring changes, the removed first."""
    removed = added = ""
    for piece in pieces:
        if piece.kind == "del":
            removed += piece.text
        elif piece.kind == "ins":
            added += piece.text
        else:
            yield from (one for one in (Piece("del", removed), Piece("ins", added)) if one.text)
            removed = added = ""
            yield piece
    yield from (one for one in (Piece("del", removed), Piece("ins", added)) if one.text)


def _shortened(pieces: list[Piece]) -> list[Piece]:
    """Cut what stayed down to what stands near a change."""
    last = len(pieces) - 1
    short = []
    for number, piece in enumerate(pieces):
        text = piece.text
        if piece.kind == "" and len(text) > 2 * _AROUND + 20:
            head = "" if number == 0 else text[:_AROUND]
            tail = "" if number == last else text[-_AROUND:]
            text = f"{head} … {tail}"
        short.append(replace(piece, text=text))
    return short
