"""Bad cells, keys and references: named with file, row and reason, and nothing changes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packages.conftest import FaultsOf
from tests.packages.folder import add, edit, replace

Spoil = Callable[[Path], object]

pytestmark = pytest.mark.django_db

STATUSES = "not_yet_rated, in_the_works, stalled, compromise, kept, broken, unratable"

CELLS: list[tuple[Spoil, list[str]]] = [
    (
        lambda f: edit(f, "status_updates.csv", 2, status="keptt"),
        [
            "status_updates.csv, row 2: Column “status”: “keptt” is not known. It is one of"
            f" {STATUSES}. Did you mean “kept”?"
        ],
    ),
    (
        lambda f: edit(f, "evidence_links.csv", 3, stance="Supports"),
        [
            "evidence_links.csv, row 3: Column “stance”: “Supports” is not known. It is one of"
            " supports, contradicts, context. Did you mean “supports”?"
        ],
    ),
    (
        lambda f: edit(f, "status_updates.csv", 3, reason="xyz"),
        [
            "status_updates.csv, row 3: Column “reason”: “xyz” is not known. It is one of"
            " blocked_by_others, legal_limits, reversed, no_action, partly_done,"
            " changed_circumstances."
        ],
    ),
    (
        lambda f: edit(f, "elections.csv", 2, held_on="2023-02-30"),
        ["elections.csv, row 2: Column “held_on”: “2023-02-30” is not a day of the calendar."],
    ),
    (
        lambda f: edit(f, "elections.csv", 2, held_on="5 November 2019"),
        [
            "elections.csv, row 2: Column “held_on”: “5 November 2019” is not a date. Write it"
            " like 2018-07-31."
        ],
    ),
    (
        lambda f: edit(f, "elections.csv", 2, held_on="20191105"),
        [
            "elections.csv, row 2: Column “held_on”: “20191105” is not a date. Write it"
            " like 2018-07-31."
        ],
    ),
    (
        lambda f: edit(f, "observations/bail.csv", 3, value="1,200"),
        [
            "observations/bail.csv, row 3: Column “value”: “1,200” is not a number. Write it like"
            " 1234.5."
        ],
    ),
    (
        lambda f: edit(f, "observations/bail.csv", 3, value="NaN"),
        [
            "observations/bail.csv, row 3: Column “value”: “NaN” is not a number. Write it like"
            " 1234.5."
        ],
    ),
    (
        lambda f: edit(f, "observations/bail.csv", 3, value="1" * 13),
        [
            f"observations/bail.csv, row 3: Column “value”: “{'1' * 13}”: Ensure that there are"
            " no more than 12 digits before the decimal point."
        ],
    ),
    (
        lambda f: edit(f, "offices.csv", 2, term_years="four"),
        ["offices.csv, row 2: Column “term_years”: “four” is not a whole number."],
    ),
    (
        lambda f: edit(f, "offices.csv", 2, term_years="-4"),
        [
            "offices.csv, row 2: Column “term_years”: “-4”: Ensure this value is greater than or"
            " equal to 0."
        ],
    ),
    (
        lambda f: edit(f, "candidacies.csv", 2, is_winner="yes"),
        ["candidacies.csv, row 2: Column “is_winner”: “yes” is neither true nor false."],
    ),
    (
        lambda f: edit(f, "candidacies.csv", 2, is_winner=""),
        ["candidacies.csv, row 2: Column “is_winner”: The cell is empty."],
    ),
    (
        lambda f: edit(f, "people.csv", 3, name=""),
        ["people.csv, row 3: Column “name”: The cell is empty."],
    ),
    (
        lambda f: edit(f, "evidence.csv", 2, url="javascript:alert(1)"),
        [
            "evidence.csv, row 2: Column “url”: “javascript:alert(1)”: Give a full web address"
            " that starts with https:// or http:// and has no password."
        ],
    ),
    (
        lambda f: edit(f, "jurisdictions.csv", 2, state="Penn"),
        [
            "jurisdictions.csv, row 2: Column “state”: “Penn”: Ensure this value has at most 2"
            " characters (it has 4)."
        ],
    ),
]
KEYS: list[tuple[Spoil, list[str]]] = [
    (
        lambda f: edit(f, "terms.csv", 3, person="jane-exmple"),
        [
            "terms.csv, row 3: Column “person”: person “jane-exmple” is not in people.csv, nor in"
            " the record. Did you mean “jane-example”?"
        ],
    ),
    (
        lambda f: edit(f, "citations.csv", 2, evidence="ev-nothing-like-it"),
        [
            "citations.csv, row 2: Column “evidence”: evidence “ev-nothing-like-it” is not in"
            " evidence.csv, nor in the record."
        ],
    ),
    (
        lambda f: edit(f, "result_report_sources.csv", 3, position="7"),
        [
            "result_report_sources.csv, row 3: Column “election” and “position”: result report"
            " “example-da-2023 / 7” is not in result_reports.csv, nor in the record."
        ],
    ),
    (
        lambda f: edit(f, "terms.csv", 3, person=""),
        ["terms.csv, row 3: Column “person”: The cell is empty."],
    ),
    (
        lambda f: edit(f, "people.csv", 3, slug="jane-example"),
        [
            "people.csv, row 3: person “jane-example” stands there already in row 2.",
            "candidacies.csv, row 3: Column “person”: person “john-sample” is not in people.csv,"
            " nor in the record.",
            "terms.csv, row 2: Column “person”: person “john-sample” is not in people.csv, nor in"
            " the record.",
            "pledges.csv, row 4: Column “person”: person “john-sample” is not in people.csv, nor"
            " in the record.",
        ],
    ),
    (
        lambda f: add(
            f, "citations.csv", status_update="st-bail", evidence="ev-memo", position="2"
        ),
        ["citations.csv, row 6: citation “st-bail / ev-memo” stands there already in row 2."],
    ),
    (
        lambda f: (f / "observations/again.csv").write_bytes(
            (f / "observations/bail.csv").read_bytes().replace(b"12,", b"13,")
        ),
        [
            "observations/bail.csv, row 2: observation “bail-share / 2024-01-01 / month /"
            " 2024-03-01 / dashboard” stands there already in row 2 of observations/again.csv.",
            "observations/bail.csv, row 3: observation “bail-share / 2024-02-01 / month /"
            " 2024-03-01 / dashboard” stands there already in row 3 of observations/again.csv.",
        ],
    ),
]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [pytest.param(spoil, expected, id=expected[0][:60]) for spoil, expected in [*CELLS, *KEYS]],
)
def test_a_bad_cell_is_named_with_its_reason(
    small: Path, faults_of: FaultsOf, spoil: Spoil, expected: list[str]
) -> None:
    spoil(small)
    assert faults_of(small) == expected


def test_every_fault_is_found_in_the_order_of_loading(small: Path, faults_of: FaultsOf) -> None:
    edit(small, "citations.csv", 2, position="x")
    edit(small, "people.csv", 2, name="")
    edit(small, "people.csv", 3, slug="john sample", name="")
    edit(small, "elections.csv", 3, held_on="2023-13-01", outcome="won")
    slug = "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
    assert faults_of(small) == [
        "people.csv, row 2: Column “name”: The cell is empty.",
        f"people.csv, row 3: Column “slug”: “john sample”: {slug}",
        "people.csv, row 3: Column “name”: The cell is empty.",
        "elections.csv, row 3: Column “held_on”: “2023-13-01” is not a day of the calendar.",
        "elections.csv, row 3: Column “outcome”: “won” is not known. It is one of elected,"
        " recalled, not_recalled.",
        "citations.csv, row 2: Column “position”: “x” is not a whole number.",
    ]


def test_rows_of_several_lines_are_named_by_the_first(small: Path, faults_of: FaultsOf) -> None:
    replace(small, "people.csv", b"Public defender.", b'"Public\ndefender\nfor years."')
    edit_text = (small / "people.csv").read_text(encoding="utf-8")
    assert edit_text.splitlines()[4] == "john-sample,John Sample,,"
    replace(small, "people.csv", b"john-sample,John Sample,,", b'john-sample,,,"a\nb"')
    assert faults_of(small) == ["people.csv, row 5: Column “name”: The cell is empty."]
