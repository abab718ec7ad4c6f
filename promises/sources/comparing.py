"""Whether the wording of a text has changed, whatever became of its layout. Pure decisions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from promises.sources.plain_text import words

_SENTENCE = re.compile("(?<=[.!?\u3002\uff01\uff1f])[\"'\u201d\u2019\u00bb)\\]]*\\s+")
_ENDED = re.compile("[.!?:;\u3002\uff01\uff1f][\"'\u201d\u2019\u00bb)\\]]*$")
# What has fewer words, or is no sentence and has not many, is furniture of the page: the time,
# a count of comments, a link to another story.
_FEWEST, _MANY = 4, 12


@dataclass(frozen=True)
class Text:
    """A text as it is compared: its main part, and all that stands on the page."""

    main: str
    whole: str


@dataclass(frozen=True)
class Difference:
    """What is said no more, and what is said now: sentences, in the order of their texts."""

    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.gone or self.new)

    def is_seen_again_after(self, before: "Difference") -> bool:
        """Tell whether two looks in a row found the same, beside what is other at every look.

        New words that stayed are a change. Words that are gone are one unless something else
        stands in their place each time, as where a page recommends other stories.
        """
        stayed = set(self.new) & set(before.new)
        stay_away = set(self.gone) & set(before.gone)
        return bool(stayed) or len(stay_away) > len(self.new)


def difference(before: Text, after: Text, *, is_page: bool) -> Difference:
    """Return what differs in wording. Sentences that merely moved on the page do not.

    `is_page` says that it is a web page, with furniture around its text.
    """
    return Difference(
        tuple(_missing(before.main, after.whole, is_page=is_page)),
        tuple(_missing(after.main, before.whole, is_page=is_page)),
    )


def _missing(main: str, whole: str, *, is_page: bool) -> Iterator[str]:
    """Yield the sentences of a main text whose words do not stand in the other text."""
    there = f" {' '.join(words(whole))} "
    for number, sentence in enumerate(_sentences(main)):
        said = words(sentence)
        counts = number == 0 or not is_page or _is_said(sentence, said)
        if said and counts and f" {' '.join(said)} " not in there:
            yield sentence


def _is_said(sentence: str, said: list[str]) -> bool:
    return len(said) >= (_FEWEST if _ENDED.search(sentence) else _MANY)


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        for sentence in _SENTENCE.split(line):
            if sentence.strip():
                yield sentence.strip()
