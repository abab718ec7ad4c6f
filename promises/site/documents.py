"""Source documents: the text of a copy, with each pledge that was made in it marked in place.

What a campaign published is shown whole; of what others wrote, only the words quoted and a little
around them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from promises.captures.models import Capture
from promises.evidence.choices import EvidenceKind
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from promises.sources.anchoring import spans
from promises.sources.models import Passage

# Longer documents are shown around their marks only, and so is what somebody else wrote.
LONGEST = 60_000
# Marks are looked for in so many characters: in a text of two million that would take seconds.
SEARCHED = 200_000
_AROUND = 240


@dataclass(frozen=True)
class Piece:
    """A run of a text: the pledges it is quoted for, and those of them that begin here."""

    text: str
    pledges: Sequence[Pledge] = ()
    begins: Sequence[Pledge] = ()
    ends: Sequence[Pledge] = ()


@dataclass(frozen=True)
class Document:
    """A text in paragraphs of pieces; `pledges` are those marked in it, in their order there."""

    captured: Capture
    is_whole: bool
    paragraphs: list[list[Piece]]
    pledges: list[Pledge]


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    pledge: Pledge


def document_of(evidence: Evidence, passages: Iterable[Passage]) -> Document | None:
    """Return the newest copy of published evidence with its quotes marked; None without any.

    One query. `passages` come with their `link.pledge`.
    """
    copies = Capture.objects.published().of_its_address().filter(evidence=evidence)
    captured = copies.exclude(text=None).newest_first().select_related("text").first()
    if captured is None or captured.text is None:
        return None
    text = captured.text.text[:SEARCHED]
    marks = _marks(text, passages)
    if not marks:
        return None
    is_whole = evidence.kind == EvidenceKind.CAMPAIGN_MATERIAL and len(text) <= LONGEST
    paragraphs = [
        pieces if is_whole else _shortened(pieces)
        for pieces in _paragraphs(text, marks)
        if is_whole or any(piece.pledges for piece in pieces)
    ]
    pledges = list(dict.fromkeys(mark.pledge for mark in marks))
    return Document(captured, is_whole, paragraphs, pledges)


def _marks(text: str, passages: Iterable[Passage]) -> list[_Mark]:
    """Find what is quoted; of two quotes for one pledge that overlap, the first."""
    passages = list(passages)
    places = spans([(each.exact, each.prefix, each.suffix) for each in passages], text)
    found = [
        _Mark(*place, passage.link.pledge)
        for passage, place in zip(passages, places, strict=True)
        if place
    ]
    kept = list[_Mark]()
    for mark in sorted(found, key=lambda mark: (mark.start, -mark.end, mark.pledge.pk)):
        before = [each for each in kept if each.pledge == mark.pledge]
        if all(mark.start >= each.end for each in before):
            kept.append(mark)
    return kept


def _paragraphs(text: str, marks: list[_Mark]) -> Iterable[list[Piece]]:
    """Cut a text at its line breaks, and at the ends of marks."""
    at, begun = 0, set[Pledge]()
    for line in text.split("\n"):
        end = at + len(line)
        inside = {at, end}
        inside.update(
            place for mark in marks for place in (mark.start, mark.end) if at < place < end
        )
        cuts = sorted(inside)
        yield [_piece(text, cut, to, marks, begun) for cut, to in pairwise(cuts)]
        at = end + 1


def _piece(text: str, start: int, end: int, marks: list[_Mark], begun: set[Pledge]) -> Piece:
    over = [mark for mark in marks if mark.start <= start and end <= mark.end]
    pledges = list(dict.fromkeys(mark.pledge for mark in over))
    begins = [pledge for pledge in pledges if pledge not in begun]
    begun.update(begins)
    ends = [mark.pledge for mark in over if mark.end == end]
    return Piece(text[start:end], pledges, begins, ends)


def _shortened(pieces: list[Piece]) -> list[Piece]:
    """Leave of what is not marked only what stands next to a mark."""
    last = len(pieces) - 1
    return [
        piece if piece.pledges else Piece(_cut(piece.text, is_first=at == 0, is_last=at == last))
        for at, piece in enumerate(pieces)
    ]


def _cut(text: str, *, is_first: bool, is_last: bool) -> str:
    before, after = text[:_AROUND].rsplit(" ", 1)[0], text[-_AROUND:].split(" ", 1)[-1]
    if len(text) <= _AROUND or (not is_first and not is_last and len(text) <= 2 * _AROUND):
        return text
    if is_first:
        return f"\u2026 {after}"
    return f"{before} \u2026" if is_last else f"{before} \u2026 {after}"
