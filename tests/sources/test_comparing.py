"""Which differences between two texts are of wording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.sources.comparing import Difference, Text, difference

SAID = (
    "The office asks for no cash bail.",
    "Judges said that they would go on.",
    "He voted twice.",
)
WHOLE = "Home\nMemo\n" + "\n".join(SAID) + "\n12 comments"


def compared(before: str, after: str, *, is_page: bool = True) -> Difference:
    return difference(Text(before, before), Text(after, after), is_page=is_page)


def test_the_same_words_in_another_order_of_blocks() -> None:
    after = "\n".join([SAID[2], f"{SAID[0]} {SAID[1]}", "Memo", "Home"])
    assert not compared(WHOLE, after)


def test_quotes_dashes_and_case_do_not_count() -> None:
    assert not compared(
        'Memo\nHe said: "No - never again."', "MEMO\nHe said: \u201cNo \u2013 never again.\u201d"
    )


def test_furniture_does_not_count() -> None:
    assert not compared(
        WHOLE, WHOLE.replace("12 comments", "19 comments\nRead 1,204 times this week")
    )


def test_other_words_gone_words_and_new_words() -> None:
    assert compared(WHOLE, WHOLE.replace("no cash", "less cash")) == Difference(
        ("The office asks for no cash bail.",), ("The office asks for less cash bail.",)
    )
    assert compared(WHOLE, WHOLE.replace(SAID[1], "")).gone == (SAID[1],)
    noted = WHOLE + "\nThis story was corrected on May 5."
    assert compared(WHOLE, noted).new == ("This story was corrected on May 5.",)


def test_the_headline_counts_though_it_is_no_sentence() -> None:
    assert compared(
        "Office drops cash bail\n" + SAID[0], "Office keeps cash bail\n" + SAID[0]
    ).gone == ("Office drops cash bail",)


def test_in_a_document_everything_counts() -> None:
    assert not compared("Memo\nCases 412", "Memo\nCases 413")
    assert compared("Memo\nCases 412", "Memo\nCases 413", is_page=False).new == ("Cases 413",)


def test_a_sentence_that_left_the_main_text_but_not_the_page_is_not_gone() -> None:
    before = Text("\n".join(SAID), WHOLE)
    after = Text("\n".join(SAID[:2]), WHOLE)
    assert not difference(before, after, is_page=True)


@pytest.mark.parametrize(
    ("before", "now", "is_seen_again"),
    [
        ((("a",), ("b",)), (("a",), ("b",)), True),
        ((("a",), ()), (("a",), ()), True),
        (((), ("b",)), ((), ("b",)), True),
        ((("a",), ("b",)), (("a",), ("c",)), False),
        (((), ("b",)), ((), ("c",)), False),
        ((("a",), ()), (("b",), ()), False),
        # A sentence was taken out of a page that recommends another story each time.
        ((("a", "teaser"), ("b",)), (("a", "teaser"), ("c",)), True),
        (((), ()), (("a",), ("b",)), False),
    ],
)
def test_what_is_seen_again(
    before: tuple[tuple[str, ...], tuple[str, ...]],
    now: tuple[tuple[str, ...], tuple[str, ...]],
    is_seen_again: bool,
) -> None:
    assert Difference(*now).is_seen_again_after(Difference(*before)) is is_seen_again


@given(st.text(), st.text())
def test_nothing_differs_from_itself_and_nothing_breaks(one: str, other: str) -> None:
    assert not compared(one, one, is_page=False)
    compared(one, other)
