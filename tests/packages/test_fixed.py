"""What is fixed once it is published: a file that says otherwise is refused."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.packages.conftest import FaultsOf, Load
from tests.packages.folder import add, edit
from tests.record import NOW

LATER = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


WORDS = (
    "this is published. Change it on the desk by a correction, which keeps what it said;"
    " then bring the file into line."
)
FIXED: list[tuple[str, int, dict[str, str], str]] = [
    *(
        ("pledges.csv", 2, {column: "Other words."}, f"Column “{column}”: {WORDS}")
        for column in ("title", "statement", "quote", "quote_attribution")
    ),
    *(
        ("evidence.csv", 2, {column: "Other words."}, f"Column “{column}”: {WORDS}")
        for column in ("title", "publisher", "summary")
    ),
    *(
        ("pledges.csv", 2, {column: other}, f"Column “{column}”: {WORDS}")
        for column, other in (
            ("kind", "outcome"),
            ("origin", "in_office"),
            ("made_on", "2001-01-01"),
            ("due_on", "2037-01-01"),
            ("controlled_by", "others"),
            ("term", ""),
        )
    ),
    *(
        ("evidence.csv", 2, {column: other}, f"Column “{column}”: {WORDS}")
        for column, other in (
            ("kind", "statement"),
            ("provenance", "adversarial"),
            ("published_on", "2001-01-01"),
            ("url", "https://other.example.org/"),
        )
    ),
    (
        "result_reports.csv",
        2,
        {"status": "unofficial", "winner_percent": "59"},
        "A result stays as it was reported. Add a later report. The record differs in “status”,"
        " “winner_percent”.",
    ),
    (
        "status_updates.csv",
        2,
        {"reasoning": "Other words.", "confidence": "low"},
        "Published updates never change. Add a newer one. The record differs in “confidence”,"
        " “reasoning”.",
    ),
    (
        "citations.csv",
        2,
        {"position": "2"},
        "What a published update rests on never changes. Add a newer update. The record differs in"
        " “position”.",
    ),
    (
        "methodology_versions.csv",
        2,
        {"summary": "Other words."},
        "A version of the methodology never changes. Add a newer one. The record differs in"
        " “summary”.",
    ),
    (
        "criteria.csv",
        2,
        {"text": "Other words."},
        "The pledge has been rated. Its criteria were written before that and stay as they are;"
        " only “is_met” can change, on the desk.",
    ),
    ("criteria.csv", 2, {"is_met": "true"}, f"Column “is_met”: {WORDS}"),
    ("evidence_links.csv", 2, {"stance": "context"}, f"Column “stance”: {WORDS}"),
    (
        "observations/bail.csv",
        2,
        {"value": "32.5"},
        "A published value never changes. Add it with a later “vintage_on”. The record differs in"
        " “value”.",
    ),
    (
        "pledges.csv",
        3,
        {"kind": "standing"},
        f"Column “kind”: {WORDS}",
    ),
]


@pytest.mark.parametrize(
    ("file", "row", "values", "reason"),
    FIXED,
    ids=[f"{file} {' '.join(values)}" for file, _row, values, _reason in FIXED],
)
def test_what_is_fixed_once_published_is_refused(
    loaded: Path, faults_of: FaultsOf, file: str, row: int, values: dict[str, str], reason: str
) -> None:
    edit(loaded, file, row, **values)
    assert faults_of(loaded) == [f"{file}, row {row}: {reason}"]


def test_criteria_before_the_first_rating_change_by_a_correction_too(
    loaded: Path, load: Load, faults_of: FaultsOf
) -> None:
    add(
        loaded, "pledges.csv", slug="john-unrated", person="john-sample", term="john-term",
        position="2", title="Do more", statement="He said more.", kind="outcome",
        origin="campaign", topic="justice", made_on="2020-02-01", controlled_by="office",
    )  # fmt: skip
    add(loaded, "criteria.csv", pledge="john-unrated", position="1", aspect="letter", text="Done.")
    load(loaded)
    edit(loaded, "criteria.csv", 5, how_to_verify="Ask.")
    load(loaded)
    edit(loaded, "criteria.csv", 5, text="Half done.", is_met="true")
    assert faults_of(loaded) == [
        f"criteria.csv, row 5: Column “text”: {WORDS}",
        f"criteria.csv, row 5: Column “is_met”: {WORDS}",
    ]


def test_a_published_update_gets_no_further_evidence(loaded: Path, faults_of: FaultsOf) -> None:
    add(loaded, "citations.csv", status_update="st-bail", evidence="ev-news", position="2")
    assert faults_of(loaded) == [
        "citations.csv, row 6: What a published update rests on never changes. Add a newer update."
    ]


def test_a_rated_pledge_gets_no_further_criteria(loaded: Path, faults_of: FaultsOf) -> None:
    add(loaded, "criteria.csv", pledge="jane-no-bail", position="2", aspect="effect", text="More.")
    assert faults_of(loaded) == [
        "criteria.csv, row 5: The pledge has been rated. Its criteria were written before that and"
        " stay as they are; only “is_met” can change, on the desk."
    ]
