"""Rows that break a rule of the record: named with the rule, and nothing changes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packages.conftest import FaultsOf
from tests.packages.folder import add, drop, edit

Spoil = Callable[[Path], object]

pytestmark = pytest.mark.django_db

SHARED_CRITERIA = "Write the criteria of the pledge before its first status update."
ON_EVIDENCE = (
    "A status update rests on at least one published piece of evidence. Cite one, or publish first"
    " what it cites."
)
WEIGHTY = (
    "Kept and broken need a primary record or an independent source: a memo, filing, law, official"
    " data, or someone who is neither the office nor its opponent."
)
AT_THE_END = (
    "A standing pledge is kept only once the term is over. Until then rate it in the works:"
    " readers see “holding so far”."
)
IN_THE_TERM = (
    "A standing pledge can only be broken before the term ends. Let the status update take"
    " effect on the day on which it was broken."
)
RULES: list[tuple[Spoil, list[str]]] = [
    (
        lambda f: edit(f, "status_updates.csv", 2, status="kept"),
        [f"status_updates.csv, row 2: {AT_THE_END}"],
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
        [f"status_updates.csv, row 5: {IN_THE_TERM}"],
    ),
    (
        lambda f: edit(f, "terms.csv", 2, ends_on="2024-01-02"),
        [
            "terms.csv, row 3: The office is held by another at that time: see the term"
            " “john-term”.",
            f"status_updates.csv, row 5: {AT_THE_END}",
        ],
    ),
    (
        lambda f: edit(f, "terms.csv", 2, ends_on="", end_reason=""),
        [
            "terms.csv, row 3: The office is held by another at that time: see the term"
            " “john-term”.",
            f"status_updates.csv, row 5: {AT_THE_END}",
        ],
    ),
    (
        lambda f: edit(f, "terms.csv", 3, ends_on="2024-01-01"),
        ["terms.csv, row 3: The term ends before it has begun."],
    ),
    (
        lambda f: edit(f, "terms.csv", 3, ends_on="", end_reason="resigned"),
        ["terms.csv, row 3: The term has a reason why it ended, but no date."],
    ),
    (
        lambda f: edit(f, "citations.csv", 4, evidence="ev-critic"),
        [f"status_updates.csv, row 4: {WEIGHTY}"],
    ),
    (lambda f: drop(f, "citations.csv", 3), [f"status_updates.csv, row 3: {ON_EVIDENCE}"]),
    (lambda f: drop(f, "criteria.csv", 4), [f"status_updates.csv, row 5: {SHARED_CRITERIA}"]),
    (
        lambda f: edit(f, "status_updates.csv", 4, reason="no_action"),
        ["status_updates.csv, row 4: Only stalled, compromise and broken carry a reason."],
    ),
    (
        lambda f: edit(f, "status_updates.csv", 2, assessed_on="2024-01-31"),
        ["status_updates.csv, row 2: The evidence was looked at before the rating took effect."],
    ),
    (
        lambda f: edit(f, "candidacies.csv", 3, is_winner="true"),
        ["candidacies.csv, row 3: The election has a winner already: “jane-example”."],
    ),
    (
        lambda f: edit(f, "topics.csv", 3, parent="bail"),
        [
            "topics.csv, row 2: Topics are two deep: “bail” would be under one under another.",
            "topics.csv, row 3: Topics are two deep: “justice” would be under one under another.",
        ],
    ),
    (
        lambda f: edit(f, "pledges.csv", 2, term="john-term"),
        ["pledges.csv, row 2: The term is not one of the person who made the pledge."],
    ),
    (
        lambda f: edit(f, "pledges.csv", 2, quote_attribution=""),
        ["pledges.csv, row 2: The quote has no attribution."],
    ),
    (
        lambda f: edit(f, "pledges.csv", 3, due_on="2023-06-01"),
        ["pledges.csv, row 3: The pledge was due before it was made."],
    ),
    (
        lambda f: edit(f, "evidence.csv", 3, published_on="2024-05-02"),
        [
            "evidence.csv, row 3: A date known to the month is written as the first day of that"
            " month."
        ],
    ),
    (
        lambda f: edit(f, "evidence.csv", 4, published_on="2024-05-02"),
        ["evidence.csv, row 4: The date is unknown, so its cell stays empty."],
    ),
    (
        lambda f: edit(f, "evidence.csv", 2, published_on="2999-01-01"),
        ["evidence.csv, row 2: Column “published_on”: this day is still to come."],
    ),
    (
        lambda f: edit(
            f, "observations/bail.csv", 2, vintage_on="2999-02-01", observed_on="2999-01-01"
        ),
        [
            "observations/bail.csv, row 2: Column “vintage_on”: this day is still to come.",
            "observations/bail.csv, row 2: Column “observed_on”: this day is still to come.",
        ],
    ),
    (
        lambda f: edit(
            f, "status_updates.csv", 2, effective_on="2999-01-01", assessed_on="2999-02-01"
        ),
        [
            "status_updates.csv, row 2: Column “effective_on”: this day is still to come.",
            "status_updates.csv, row 2: Column “assessed_on”: this day is still to come.",
        ],
    ),
    (
        lambda f: edit(f, "observations/bail.csv", 2, observed_on="2024-01-15"),
        [
            "observations/bail.csv, row 2: A month, a quarter, a half-year, a year and a year to"
            " date begin on the first day of a month, and the end of a quarter is the last day of"
            " one: give that day. What begins on another day is a day, a week or part of a year:"
            " choose that period."
        ],
    ),
    (
        lambda f: edit(f, "observations/bail.csv", 2, vintage_on="2023-12-31"),
        [
            "observations/bail.csv, row 2: The day on which this value was published lies before"
            " its period: check both. What an office only expects is no value."
        ],
    ),
    (
        lambda f: edit(f, "observations/bail.csv", 2, vintage_precision="year"),
        [
            "observations/bail.csv, row 2: A date known to the year is written as the first day of"
            " that year."
        ],
    ),
]
DATABASE: list[tuple[Spoil, list[str]]] = [
    # What only the database knows is named with its rule, never as a traceback.
    (
        lambda f: edit(f, "offices.csv", 2, term_years="40"),
        [
            "offices.csv, row 2: The database refuses it by its rule"
            " “officials_office_term_years_sane”."
        ],
    ),
    (
        lambda f: edit(f, "result_reports.csv", 3, winner_percent="61"),
        [
            "result_reports.csv, row 3: The database refuses it by its rule"
            " “officials_resultreport_shares_fit”."
        ],
    ),
    (
        lambda f: add(
            f,
            "metrics.csv",
            slug="again",
            jurisdiction="example-county",
            key="bail_share",
            name="Again",
            unit="percent",
        ),
        [
            "metrics.csv, row 3: The database refuses it by its rule"
            " “metrics_metric_key_once_per_place”."
        ],
    ),
]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [pytest.param(spoil, expected, id=expected[0][:60]) for spoil, expected in [*RULES, *DATABASE]],
)
def test_a_bad_row_is_named_with_its_reason(
    small: Path, faults_of: FaultsOf, spoil: Spoil, expected: list[str]
) -> None:
    spoil(small)
    assert faults_of(small) == expected
