"""How long somebody has held an office, over terms that follow each other."""

from datetime import date

import pytest

from promises.officials.models import Office, Term
from promises.officials.rules import Tenure, is_end_unknown, tenure


def term(started_on: date, ends_on: date | None, office: int = 1) -> Term:
    return Term(started_on=started_on, ends_on=ends_on, office_id=office)


FIRST = term(date(2018, 1, 2), date(2022, 1, 3))
SECOND = term(date(2022, 1, 3), date(2026, 1, 5))
THIRD = term(date(2026, 1, 6), None)
AFTER_A_GAP = term(date(2026, 1, 7), None)
ELSEWHERE = term(date(2026, 1, 5), None, office=2)
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("terms", "since", "newest", "has_several"),
    [
        ([FIRST], FIRST, FIRST, False),
        ([FIRST, SECOND], FIRST, SECOND, True),
        # Whatever their order; the next day is without a gap, two days later is not.
        ([SECOND, THIRD, FIRST], FIRST, THIRD, True),
        ([FIRST, SECOND, AFTER_A_GAP], AFTER_A_GAP, AFTER_A_GAP, False),
        ([FIRST, SECOND, ELSEWHERE], ELSEWHERE, ELSEWHERE, False),
    ],
)
def test_terms_of_one_office_without_a_gap_are_one_tenure(
    terms: list[Term], since: Term, newest: Term, has_several: bool
) -> None:
    found = tenure(terms, TODAY)
    assert found == Tenure(since.started_on, newest)
    assert found is not None
    assert found.has_several_terms is has_several


def test_without_terms_there_is_none() -> None:
    assert tenure([], TODAY) is None


def test_a_term_that_lies_ahead_counts_only_where_none_has_begun() -> None:
    day_before, first_day = date(2022, 1, 2), date(2022, 1, 3)
    assert tenure([FIRST, SECOND], day_before) == Tenure(FIRST.started_on, FIRST, SECOND)
    assert tenure([FIRST, SECOND], first_day) == Tenure(FIRST.started_on, SECOND)
    assert tenure([ELSEWHERE, SECOND], day_before) == Tenure(SECOND.started_on, SECOND)


@pytest.mark.parametrize(
    ("ahead", "follows"), [(THIRD, True), (AFTER_A_GAP, False), (ELSEWHERE, False)]
)
def test_only_a_term_of_the_same_office_without_a_gap_goes_on_from_one(
    ahead: Term, follows: bool
) -> None:
    later = term(date(2030, 1, 6), None)
    found = tenure([FIRST, SECOND, ahead, later], date(2025, 3, 2))
    assert found == Tenure(FIRST.started_on, SECOND, ahead if follows else None)


def test_the_end_of_a_term_is_unknown_once_it_has_run_its_years_without_one() -> None:
    office = Office(term_years=4)
    leap = Term(started_on=date(2020, 2, 29), office=office)
    assert [is_end_unknown(leap, date(2024, 2, day)) for day in (28, 29)] == [False, True]
    ended = Term(started_on=date(2020, 2, 29), ends_on=date(2024, 2, 1), office=office)
    assert is_end_unknown(ended, date(2026, 1, 1)) is False
