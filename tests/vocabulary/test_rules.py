"""Words as a reader means them: without a database."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.vocabulary.rules import (
    MOST_FORMS,
    allowed_slips,
    folded,
    forms,
    is_due,
    letters_of,
    nearest,
    slips,
)
from tests.record import NOW

WORDS = st.text(alphabet="abcé", max_size=8)


@dataclass(frozen=True)
class Entry:
    """A word of a record."""

    word: str
    weight: int = 0
    english: str = ""
    spanish: str = ""

    @property
    def folded(self) -> str:
        """The word without accents."""
        return folded(self.word)


KNOWN = [
    Entry("prosecutor", 3, "prosecutor", "prosecutor"),
    Entry("prosecutors", 2, "prosecutor", "prosecutors"),
    Entry("prosecution", 1, "prosecut", "prosecution"),
    Entry("señor", 0, "señor", "señor"),
    Entry("date", 2, "date", "dat"),
    Entry("data", 2, "data", "dat"),
    Entry("fiscales", 0, "fiscales", "fiscal"),
    Entry("fiscal", 0, "fiscal", "fiscal"),
    Entry("bail", 2, "bail", "bail"),
]


def meant_by(word: str) -> str:
    """Return which known word is meant by a misspelled one."""
    found = nearest(KNOWN, word)
    return found.word if found else ""


def known_forms(known: list[Entry], word: str, stems: list[str]) -> list[str]:
    """Return which known words stand for one."""
    return [one.word for one in forms(known, word, stems)]


def plain_slips(first: str, second: str) -> int:
    """Return the distance as its definition has it, letter by letter from the end."""
    if not first or not second:
        return len(first) + len(second)
    ways = [
        plain_slips(first[:-1], second) + 1,
        plain_slips(first, second[:-1]) + 1,
        plain_slips(first[:-1], second[:-1]) + (first[-1] != second[-1]),
    ]
    if len(first) > 1 and len(second) > 1 and first[-2:] == second[-1] + second[-2]:
        ways.append(plain_slips(first[:-2], second[:-2]) + 1)
    return min(ways)


@given(first=st.text("abc", max_size=5), second=st.text("abc", max_size=5), most=st.integers(0, 3))
def test_slips_are_counted_as_defined(first: str, second: str, most: int) -> None:
    assert slips(first, second, most) == min(plain_slips(first, second), most + 1)


@given(word=WORDS, other=WORDS)
def test_distance_has_no_direction(word: str, other: str) -> None:
    assert slips(word, other, 2) == slips(other, word, 2)


@given(words=st.lists(WORDS.filter(bool), min_size=1), asked=WORDS)
def test_the_nearest_word_is_as_near_as_any(words: list[str], asked: str) -> None:
    found, most = nearest([Entry(word) for word in words], asked), allowed_slips(folded(asked))
    distances = [slips(folded(asked), folded(word), most) for word in words]
    if found:
        assert slips(folded(asked), found.folded, most) == min(distances)
    else:
        assert min(distances) > most


@given(word=WORDS, other=WORDS, most=st.integers(0, 2))
def test_a_slip_changes_at_most_two_letters_of_the_set(word: str, other: str, most: int) -> None:
    if slips(word, other, most) <= most:
        assert (letters_of(word) ^ letters_of(other)).bit_count() <= 2 * most


def test_a_word_stands_for_its_forms_and_accents() -> None:
    assert known_forms(KNOWN, "prosecutors", ["prosecutor", "prosecutors"]) == [
        "prosecutor", "prosecutors",
    ]  # fmt: skip
    assert known_forms(KNOWN, "senor", ["senor", "senor"]) == ["señor"]
    assert known_forms(KNOWN, "SEÑOR", ["señor", "señor"]) == ["señor"]
    assert known_forms(KNOWN, "of", ["", ""]) == []


def test_so_many_forms_stand_for_a_word_and_the_most_frequent_come_first() -> None:
    many = [Entry(f"run{number:03d}", number % 50, "run", "") for number in range(100)]
    found = known_forms(many, "runs", ["run", "runs"])
    assert len(found) == MOST_FORMS == 40
    assert found[:3] == ["run049", "run099", "run048"]


def test_a_second_language_is_asked_only_where_the_first_knows_nothing() -> None:
    assert known_forms(KNOWN, "date", ["date", "dat"]) == ["date"]
    assert known_forms(KNOWN, "fiscala", ["fiscala", "fiscal"]) == ["fiscal", "fiscales"]


def test_short_words_are_not_guessed_at() -> None:
    assert meant_by("bial") == "bail"
    assert meant_by("bal") == ""
    assert meant_by("prosecuter") == "prosecutor"
    assert meant_by("porsecutro") == "prosecutor"
    assert meant_by("xyzzyx") == ""


@pytest.mark.parametrize(("after", "due"), [(0, False), (99, False), (100, True), (4000, True)])
def test_gathering_takes_a_small_share_of_the_time(after: int, due: bool) -> None:
    then = NOW + timedelta(seconds=after)
    assert is_due(read_at=NOW, seconds=2.0, now=then) is due
