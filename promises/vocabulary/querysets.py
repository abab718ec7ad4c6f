from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL

from promises.common.words import IsAnyOf
from promises.vocabulary.rules import allowed_slips, folded, letters_of

if TYPE_CHECKING:
    from promises.vocabulary.models import Word  # noqa: F401 -- types only


class _Stems(Func):
    """The stem of each of some words, "" for one too common to have any."""

    template = (
        "ARRAY(SELECT coalesce((ts_lexize('%(dictionary)s', word))[1], '') FROM"
        " unnest(%(expressions)s) WITH ORDINALITY AS asked(word, place) ORDER BY place)"
    )
    output_field = ArrayField(TextField())


def _lines(text: str) -> Func:
    return Func(Value(text), Value("\n"), function="string_to_array")


class WordQuerySet(QuerySet["Word", "Word"]):
    """Reads of the words of the record."""

    def alike(self, words: str, plain: str) -> Self:
        """Keep the words that are one of these but for accents, or share a stem with one.

        `words` are lines, `plain` the same as `folded` has them. Each word that is kept brings
        the stems of all of these along, `in_english` and `in_spanish`.
        """
        return self.annotate(
            in_english=_Stems(_lines(words), dictionary="english_stem"),
            in_spanish=_Stems(_lines(words), dictionary="spanish_stem"),
        ).filter(
            Q(IsAnyOf(F("folded"), _lines(plain)))
            | (Q(IsAnyOf(F("english"), F("in_english"))) & ~Q(english=""))
            | (Q(IsAnyOf(F("spanish"), F("in_spanish"))) & ~Q(spanish=""))
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
