"""Words as a reader means them: without a database."""

from hypothesis import given
from hypothesis import strategies as st

from promises.common.vocabulary import Entry, allowed_slips, folded, slips, vocabulary

WORDS = st.text(alphabet="abcé", max_size=8)
KNOWN = vocabulary(
    [
        Entry("prosecutor", 9, ["prosecutor", "prosecutor"]),
        Entry("prosecutors", 3, ["prosecutor", "prosecutors"]),
        Entry("prosecution", 2, ["prosecut", "prosecution"]),
        Entry("señor", 1, ["señor", "señor"]),
        Entry("date", 4, ["date", "dat"]),
        Entry("data", 5, ["data", "dat"]),
        Entry("fiscales", 1, ["fiscales", "fiscal"]),
        Entry("fiscal", 1, ["fiscal", "fiscal"]),
        Entry("bail", 7, ["bail", "bail"]),
    ]
)


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
    known = vocabulary(Entry(word, 1, []) for word in words)
    found, most = known.nearest(asked), allowed_slips(folded(asked))
    distances = [slips(folded(asked), folded(word), most) for word in words]
    if found:
        assert slips(folded(asked), folded(found), most) == min(distances)
    else:
        assert min(distances) > most


def test_a_word_stands_for_its_forms_and_accents() -> None:
    assert KNOWN.forms("prosecutors", ["prosecutor", "prosecutors"]) == [
        "prosecutor", "prosecutors",
    ]  # fmt: skip
    assert KNOWN.forms("senor", ["senor", "senor"]) == ["señor"]
    assert KNOWN.forms("SEÑOR", ["señor", "señor"]) == ["señor"]


def test_a_second_language_is_asked_only_where_the_first_knows_nothing() -> None:
    assert KNOWN.forms("date", ["date", "dat"]) == ["date"]
    assert KNOWN.forms("fiscala", ["fiscala", "fiscal"]) == ["fiscal", "fiscales"]


def test_short_words_are_not_guessed_at() -> None:
    assert KNOWN.nearest("bial") == "bail"
    assert KNOWN.nearest("bal") == ""
    assert KNOWN.nearest("prosecuter") == "prosecutor"
    assert KNOWN.nearest("porsecutro") == "prosecutor"
    assert KNOWN.nearest("xyzzyx") == ""
