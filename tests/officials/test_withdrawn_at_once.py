"""Whose person is withdrawn in the same moment holds no office either, whoever comes first."""

from collections.abc import Callable
from datetime import date

import pytest

from promises.accounts.models import User
from promises.officials.actions import retract_person
from promises.officials.models import Term
from tests import record
from tests.ledger.test_told_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("withdraws_first", [False, True], ids=["term", "withdrawal"])
@pytest.mark.parametrize("is_new", [False, True], ids=["moved", "new"])
def test_a_term_given_to_who_is_being_withdrawn(
    author: User, is_new: bool, withdraws_first: bool
) -> None:
    term, stored = record.term(by=author), record.term(by=author)
    late = Term(slug="late", office=term.office, started_on=date(2020, 1, 1))
    late.ends_on, late.person = date(2021, 1, 1), term.person

    def give() -> None:
        # Past the action, which waits for the person by itself.
        if is_new:
            late.save()
        else:
            Term.objects.filter(pk=stored.pk).update(person=term.person)

    def withdraw() -> None:
        retract_person(person=term.person, reason="A slip.", by=author, now=record.NOW)

    acts: list[Callable[[], None]] = [withdraw, give] if withdraws_first else [give, withdraw]
    at_once(*acts)
    own = Term.objects.filter(person=term.person)
    assert list(own.values_list("is_withdrawn", flat=True)) == [True, True]
