from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from promises.vocabulary.rules import allowed_slips, folded, letters_of

if TYPE_CHECKING:
    from promises.vocabulary.models import Word  # noqa: F401 -- types only


class WordQuerySet(QuerySet["Word", "Word"]):
    """Reads of the words of the record."""

    def alike(self, words: Iterable[str], stems: Iterable[list[str]]) -> Self:
        """Keep the words that are one of these but for accents, or share a stem with one."""
        english, spanish = ({stem for stem in each if stem} for each in zip(*stems, strict=True))
        return self.filter(
            Q(folded__in={folded(word) for word in words})
            | (Q(english__in=english) & ~Q(english=""))
            | (Q(spanish__in=spanish) & ~Q(spanish=""))
        )

    def holding(self, letters: str) -> Self:
        """Keep the words that hold these letters in a row, the most frequent first."""
        return self.filter(word__contains=letters.lower()).order_by("-weight")

    def begun_by(self, start: str) -> Self:
        """Keep the words that begin like this."""
        return self.filter(word__startswith=start)

    def perhaps_meant_by(self, word: str) -> Self:
        """Keep the words that differ little enough in length and letters to be meant by one."""
        plain = folded(word)
        most = allowed_slips(plain)
        # A slip changes at most two letters of the set of letters.
        differing: RawSQL = RawSQL("bit_count((letters # %s)::bit(64))", [letters_of(plain)])
        near = self.filter(length__range=(max(1, len(plain) - most), len(plain) + most))
        return near.alias(differing=differing).filter(differing__lte=2 * most)
