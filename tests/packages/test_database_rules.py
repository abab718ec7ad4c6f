"""With the checks in Python switched off the database refuses the same, by file and row."""

from collections.abc import Callable
from pathlib import Path

import pytest

from promises.packages import actions
from tests.packages.conftest import FaultsOf
from tests.packages.folder import drop, edit

pytestmark = pytest.mark.django_db

CASES: list[tuple[Callable[[Path], object], str]] = [
    (
        lambda f: edit(f, "status_updates.csv", 2, status="kept"),
        "status_updates.csv, row 2: The database refuses it: A standing pledge is kept only once"
        " the term is over.",
    ),
    (
        lambda f: edit(
            f,
            "status_updates.csv",
            5,
            status="broken",
            reason="reversed",
            effective_on="2024-01-02",
        ),
        "status_updates.csv, row 5: The database refuses it: A standing pledge can only be broken"
        " before the term ends.",
    ),
    (
        lambda f: drop(f, "citations.csv", 3),
        "status_updates.csv, row 3: The database refuses it: A status update rests on published"
        " evidence.",
    ),
    (
        lambda f: edit(f, "citations.csv", 4, evidence="ev-critic"),
        "status_updates.csv, row 4: The database refuses it: Kept and broken need a primary or"
        " independent source.",
    ),
    (
        lambda f: drop(f, "criteria.csv", 4),
        "status_updates.csv, row 5: The database refuses it: Criteria are written before the first"
        " status update.",
    ),
    (
        lambda f: edit(f, "status_updates.csv", 2, assessed_on="2024-01-31"),
        "status_updates.csv, row 2: The database refuses it by its rule"
        " “updates_statusupdate_assessed_after_effect”.",
    ),
    (
        lambda f: edit(f, "candidacies.csv", 3, is_winner="true"),
        "candidacies.csv, row 3: The database refuses it by its rule"
        " “officials_candidacy_one_winner”.",
    ),
    (
        lambda f: edit(f, "terms.csv", 2, ends_on="2024-01-02"),
        "terms.csv, row 3: The database refuses it by its rule"
        " “officials_term_one_holder_at_a_time”.",
    ),
    (
        lambda f: edit(f, "pledges.csv", 2, term="john-term"),
        "pledges.csv, row 2: The database refuses it: The term of a pledge must be one of its own"
        " person.",
    ),
    (
        lambda f: edit(f, "evidence.csv", 3, published_on="2024-05-02"),
        "evidence.csv, row 3: The database refuses it by its rule"
        " “evidence_evidence_published_on_as_precise_as_known”.",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [pytest.param(spoil, expected, id=expected[:60]) for spoil, expected in CASES],
)
def test_the_database_has_the_last_word(
    small: Path,
    faults_of: FaultsOf,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], object],
    expected: str,
) -> None:
    monkeypatch.setattr(actions, "judge", lambda package, now, faults: None)
    spoil(small)
    assert faults_of(small) == [expected]
