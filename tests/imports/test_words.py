"""What the words of other trackers mean, and names that cannot run in a spreadsheet."""

import pytest

from promises.common.cells import plain_cell
from promises.imports.rules import derived_id, nearest, plain_title, shortened
from promises.imports.vocabulary import STATUS, out_of_scale, suggestion


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Promise Kept", "kept"),
        ("✅ KEPT", "kept"),
        ("Promise Broken", "broken"),
        ("Compromise", "compromise"),
        ("Partially kept", "compromise"),
        ("Stalled", "stalled"),
        ("In the Works", "in_the_works"),
        ("in-progress", "in_the_works"),
        ("in_progress", "in_the_works"),
        ("Not yet rated", "not_yet_rated"),
        ("Réalisée", "kept"),
        ("realisee", "kept"),
        ("4", ""),
        ("maybe", ""),
    ],
)
def test_words_of_other_scales_are_suggested(word: str, status: str) -> None:
    assert suggestion(STATUS, word) == status


def test_scores_outside_their_scale_are_named() -> None:
    assert out_of_scale({"0": 20, "3": 30, "5": 45, "7": 1, "n/a": 2}) == {"7", "n/a"}
    assert out_of_scale({"Kept": 20, "Broken": 30}) == set()
    assert out_of_scale({}) == set()


def test_titles_are_compared_as_people_read_them() -> None:
    assert plain_title("  Open FILES — now! ") == plain_title("open files now")
    assert plain_title("???") == "???"
    assert derived_id("Open", "1") == derived_id(" open.", "1") != derived_id("open", "2")
    assert shortened("one two three", 9) == "one two…"
    assert nearest("Jane Exampel", ["Jane Example", "John Doe"]) == ["Jane Example"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_report_runs_in_no_spreadsheet(sign: str) -> None:
    assert plain_cell(f"{sign}1+1") == f"'{sign}1+1"
    assert plain_cell(f"1{sign}1") == f"1{sign}1"
