"""Quoted words are found by their words, whatever stands between them, and by nothing less."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.sources.anchoring import closest, find, fragment_url, spans
from promises.sources.plain_text import placed_words, words

TEXT = (
    "Memo on bail\n"
    "The office will ask for no cash bail in twenty-five kinds of cases."
    " \u201cIt is a first step,\u201d she said, \u201cand not the last.\u201d\n"
    "Judges remain free to set conditions. The office will ask for no cash bail before 2020."
)


@pytest.mark.parametrize(
    "quote",
    [
        "no cash bail in twenty-five kinds of cases",
        "NO CASH BAIL in twenty\u2011five   kinds of\ncases.",
        '"It is a first step," she said',
        "It is a first step ... and not the last",
        "It is a first step [\u2026] and not the last.",
        "[She] said, and not the last",
        "kinds of cases. It is a first step",
        "free to set conditions",
    ],
)
def test_it_is_found(quote: str) -> None:
    assert find(quote, TEXT) is not None


@pytest.mark.parametrize(
    "quote",
    [
        "no cash bail in twenty-four kinds of cases",
        "no bail in twenty-five kinds of cases",
        "the last, and not a first step",
        "not the last ... a first step",
        "Judges remain free to set new conditions",
        "",
        " \u2026 ",
        "[brackets]",
    ],
)
def test_it_is_not(quote: str) -> None:
    assert find(quote, TEXT) is None


def test_the_words_around_decide_of_several_places() -> None:
    there = words(TEXT)
    first = find("ask for no cash bail", TEXT, suffix="in twenty-five")
    second = find("ask for no cash bail", TEXT, prefix="The office will", suffix="before 2020")
    assert first is not None
    assert second is not None
    assert there[first.end] == "in"
    assert there[second.end] == "before"


@pytest.mark.parametrize(
    "moved",
    [
        "The office will ask\nShare this story\nfor no cash bail in some cases.",
        "The office will ask for\nno cash bail\nin some cases.",
        "The office will ask for no ca-\nsh bail in some cases.",
        "The office will ask for no[3] cash bail in some\u00b2 cases.",
        "\u201cThe office will ask for no cash\u00ad bail in some cases\u201d",
    ],
)
def test_it_survives_another_layout(moved: str) -> None:
    text = moved.replace("\u00ad", "")
    assert find("The office will ask for no cash bail in some cases", text) is not None


def test_words_between_count_only_where_a_line_ends() -> None:
    assert find("ask for no cash bail", "The office will ask for almost no cash bail.") is None
    long = "ask for\n" + "word " * 13 + "\nno cash bail"
    assert find("ask for no cash bail", long) is None


@given(
    st.lists(st.sampled_from(["one", "two", "three", "four", "five"]), min_size=3, max_size=40),
    st.data(),
)
def test_every_run_of_words_of_a_text_is_found_in_it(there: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(there) - 2))
    end = data.draw(st.integers(start + 1, len(there)))
    anchor = find(" ".join(there[start:end]), ". ".join(there))
    assert anchor is not None
    assert there[anchor.start : anchor.end] == there[start:end]


def test_what_became_of_a_quote() -> None:
    assert (
        closest("The office will ask for no cash bail in twenty-four kinds of cases", TEXT)
        == (TEXT.splitlines()[1])
    )
    assert closest("Something else entirely was said about parking", TEXT) == ""


def test_the_address_scrolls_to_the_words() -> None:
    url = "https://news.example/a?x=1#top"
    assert fragment_url(url, "no cash bail") == (
        "https://news.example/a?x=1#:~:text=no%20cash%20bail"
    )
    assert fragment_url(url, "twenty-five, and & more", prefix="in", suffix="of") == (
        "https://news.example/a?x=1#:~:text=in-,twenty%2Dfive%2C%20and%20%26%20more,-of"
    )
    assert fragment_url(url, "It is a first step ... and not the last") == (
        "https://news.example/a?x=1#:~:text=It%20is%20a%20first%20step,and%20not%20the%20last"
    )
    assert fragment_url(url, " ... ") == "https://news.example/a?x=1"


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        ("NO CASH BAIL in twenty\u2011five   kinds of\ncases.", 37),
        ('"It is a first step," she said', 82),
        ("It is a first step ... and not the last", 82),
        ("free to set conditions", 147),
    ],
)
def test_its_place_in_characters(quote: str, there: int) -> None:
    (place,) = spans([(quote, "", "")], TEXT)
    assert place is not None
    marked = TEXT[slice(*place)]
    assert place[0] == there, marked
    assert words(marked)[:3] == words(quote)[:3]
    assert words(marked)[-1] == words(quote)[-1]


def test_what_is_not_there_has_no_place() -> None:
    quotes = [("a first step and the last", "", ""), ("...", "", "")]
    assert list(spans(quotes, TEXT)) == [None, None]


@given(st.text(max_size=80))
def test_placed_words_are_the_words_in_order(text: str) -> None:
    placed = placed_words(text)
    if text.isascii():
        assert [each.word for each in placed] == words(text)
    assert all(words(text[each.start : each.end]) for each in placed)
    assert all(one.end <= two.start or one[1:] == two[1:] for one, two in pairwise(placed))
