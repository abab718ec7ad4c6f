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


def test_a_term_without_a_slug_is_named_after_its_office_and_first_year(
    desk: Client, author: User
) -> None:
    """On the page of a new person, and on its own; the next free one where another has it."""
    office = record.term(by=author).office
    people = "/admin/officials/person/add/"
    row = {
        "name": "Jan Example",
        "slug": "jan-example",
        "terms-TOTAL_FORMS": "1",
        "terms-0-office": office.pk,
        "terms-0-started_on": "2011-01-06",
        "terms-0-ends_on": "2013-01-06",
        "terms-0-end_reason": "resigned",
        "terms-0-slug": "",
    }
    assert desk.post(people, sent.page(desk, people, **row)).status_code == 302
    (made,) = Term.objects.filter(person__slug="jan-example")
    typed = {"person": made.person_id, "office": office.pk, "slug": ""}
    bare = desk.post(TERMS, sent.page(desk, TERMS, **typed))
    assert errors_of(bare) == {"started_on": ["This field is required."]}
    days = {"started_on": "2013-02-01", "ends_on": "2013-12-01", "end_reason": "resigned"}
    assert desk.post(TERMS, sent.page(desk, TERMS, **typed, **days)).status_code == 302
    days = {"started_on": "2013-12-02", "ends_on": "2014-12-02", "end_reason": "resigned"}
    assert desk.post(TERMS, sent.page(desk, TERMS, **typed, **days)).status_code == 302
    named = Term.objects.filter(person=made.person).order_by("started_on")
    assert [term.slug for term in named] == [
        f"{office.slug}-2011",
        f"{office.slug}-2013",
        f"{office.slug}-2013-2",
    ]


def test_terms_of_one_office_and_year_typed_on_one_page_get_names_of_their_own(
    desk: Client, author: User
) -> None:
    office = record.term(by=author).office
    people = "/admin/officials/person/add/"
    row = {"name": "Jan Example", "slug": "jan-example", "terms-TOTAL_FORMS": "2"}
    for number, (first, last) in enumerate([("01-06", "02-01"), ("03-01", "12-01")]):
        row |= {
            f"terms-{number}-office": str(office.pk),
            f"terms-{number}-started_on": f"2011-{first}",
            f"terms-{number}-ends_on": f"2011-{last}",
            f"terms-{number}-end_reason": "resigned",
            f"terms-{number}-slug": "",
        }
    assert desk.post(people, sent.page(desk, people, **row)).status_code == 302
    made = Term.objects.filter(person__slug="jan-example").order_by("started_on")
    assert [term.slug for term in made] == [f"{office.slug}-2011", f"{office.slug}-2011-2"]


def test_a_state_says_how_it_is_written(desk: Client) -> None:
    form = desk.get("/admin/officials/jurisdiction/add/").context["adminform"].form
    assert str(form.fields["state"].help_text) == "Two capital letters, like PA."
