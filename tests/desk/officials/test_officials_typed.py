"""What the desk says to whoever types a term or a place wrongly."""

from typing import Any

from django.test import Client

from promises.accounts.models import User
from promises.officials.models import Jurisdiction, Term
from tests import record
from tests.desk import sent

TERMS, PLACES = "/admin/officials/term/add/", "/admin/officials/jurisdiction/add/"


def errors_of(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return dict(answer.context["adminform"].form.errors)


def test_days_in_the_wrong_order_are_no_others_term(desk: Client, author: User) -> None:
    term = record.term(by=author)
    typed = {"person": term.person_id, "office": term.office_id, "slug": "example-term"}
    days = {"started_on": "2031-01-06", "ends_on": "2029-01-01"}
    answer = desk.post(TERMS, sent.page(desk, TERMS, **typed, **days))
    assert errors_of(answer) == {"__all__": ["A term ends after it has started."]}
    assert not Term.objects.filter(slug="example-term").exists()


def test_a_state_is_two_capital_letters(desk: Client, db: None) -> None:
    # What is left of “Pennsylvania” in a box for two letters.
    typed = {"name": "Example County", "slug": "example-county", "kind": "county", "state": "Pe"}
    answer = desk.post(PLACES, sent.page(desk, PLACES, **typed))
    assert errors_of(answer) == {"state": ["Two capital letters, like PA."]}
    assert not Jurisdiction.objects.exists()
