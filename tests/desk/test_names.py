"""Titles repeat: the second record of a title gets a number, and its writer hears of the first."""

from datetime import date
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from promises.accounts.actions import give_role, write_roles
from promises.accounts.models import User
from promises.evidence.models import Evidence
from promises.officials.actions import save_official_record, set_partnerships
from promises.officials.models import Election, Jurisdiction, Office, Term
from promises.pledges.models import Criterion, Pledge
from promises.updates.models import Response
from tests import record
from tests.desk.pledges.test_one_page import ADD as ADD_PLEDGE
from tests.desk.pledges.test_one_page import ROWS, page
from tests.desk.sent import fields_of

pytestmark = pytest.mark.django_db
ADD = "/admin/evidence/evidence/add/"
SENT = {
    **{
        name: value
        for name, value in ROWS["evidence_links-0"].items()
        if name not in {"stance", "locator"}
    },
    "title": "Annual report",
    "slug": "annual-report",
    "links-TOTAL_FORMS": "0",
    "links-INITIAL_FORMS": "0",
}


def told(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_evidence_of_the_same_title_is_numbered(desk: Client, other: User) -> None:
    first = record.draft_evidence(by=other, title="Annual report", slug="annual-report")
    answer = desk.post(ADD, SENT, follow=True)
    second = Evidence.objects.exclude(pk=first.pk).get()
    assert (second.slug, second.title) == ("annual-report-2", "Annual report")
    there = f"/admin/evidence/evidence/{first.pk}/change/"
    assert told(answer)[0] == (
        f'The public name “annual-report” belongs to <a href="{there}">Annual report</a>, so this'
        " one has “annual-report-2”. If the two are the same, keep one."
    )
    desk.post(ADD, SENT)
    assert Evidence.objects.order_by("-pk")[0].slug == "annual-report-3"


def test_whoever_is_first_keeps_the_name_and_hears_nothing(desk: Client) -> None:
    answer = desk.post(ADD, SENT, follow=True)
    assert Evidence.objects.get().slug == "annual-report"
    assert [words for words in told(answer) if "address" in words] == []
    # Saved again unchanged, it is not in its own way.
    piece = Evidence.objects.get()
    changed = {**SENT, "summary": "It says more.", "seen_version": piece.version}
    again = desk.post(
        f"/admin/evidence/evidence/{piece.pk}/change/",
        {**changed, "links-2-TOTAL_FORMS": "0", "links-2-INITIAL_FORMS": "0"},
        follow=True,
    )
    piece.refresh_from_db()
    assert (piece.slug, piece.summary) == ("annual-report", "It says more.")
    assert [words for words in told(again) if "address" in words] == []


def test_a_name_as_long_as_may_be_is_numbered_too(desk: Client, other: User) -> None:
    long = "a" * 150
    record.draft_evidence(by=other, slug=long)
    desk.post(ADD, {**SENT, "slug": long})
    assert Evidence.objects.order_by("-pk")[0].slug == f"{'a' * 140}"
    desk.post(ADD, {**SENT, "slug": long})
    assert Evidence.objects.order_by("-pk")[0].slug == f"{'a' * 140}-2"


def test_a_draft_that_takes_a_taken_name_is_numbered(desk: Client, other: User) -> None:
    record.draft_evidence(by=other, slug="annual-report")
    mine = record.draft_evidence(by=other, slug="yearly-report")
    answer = desk.post(
        f"/admin/evidence/evidence/{mine.pk}/change/",
        {
            **SENT,
            "seen_version": mine.version,
            "links-2-TOTAL_FORMS": "0",
            "links-2-INITIAL_FORMS": "0",
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    mine.refresh_from_db()
    assert (mine.slug, mine.title) == ("annual-report-2", "Annual report")


def test_pledges_are_numbered_alike(desk: Client, other: User) -> None:
    record.methodology(by=other)
    term, topic = record.term(by=other), record.topic(by=other)
    known = record.draft_evidence(by=other)
    desk.post(ADD_PLEDGE, page(term, topic, known))
    answer = desk.post(ADD_PLEDGE, page(term, topic, known), follow=True)
    assert [*Pledge.objects.order_by("pk").values_list("slug", flat=True)] == [
        "open-the-files",
        "open-the-files-2",
    ]
    assert "so this one has “open-the-files-2”" in " ".join(told(answer))


def test_whose_draft_has_the_name_is_not_told_to_who_may_not_see_it(other: User) -> None:
    given: Any = {"by": record.user("top", is_staff=True, is_superuser=True), "now": record.NOW}
    write_roles(**given)
    term, partner = record.term(by=other), record.user("partner")
    give_role(person=partner, role="partner", reason="Works here.", **given)
    assert term.office is not None
    set_partnerships(person=partner, jurisdictions=[term.office.jurisdiction], **given)
    pledge = record.pledge(by=other, of=term)
    record.draft_evidence(by=other, title="Another place opens files", slug="annual-report")
    client = Client()
    client.force_login(partner)
    link = {"pledge": pledge.pk, "stance": "supports"}
    row = {f"links-0-{name}": value for name, value in link.items()}
    answer = client.post(ADD, {**SENT, "links-TOTAL_FORMS": "1", **row}, follow=True)
    assert told(answer)[0] == (
        "The public name “annual-report” was taken, so this one has “annual-report-2”."
    )
    assert "Another place" not in answer.content.decode()


def test_a_row_that_readers_know_keeps_its_name(desk: Client, other: User) -> None:
    """On pages of their own names are shown; in rows of another page they are closed."""
    pledge = record.pledge(by=other)
    page_of_person = f"/admin/officials/person/{pledge.person_id}/change/"
    shown = desk.get(page_of_person)
    (terms, *_others) = shown.context["inline_admin_formsets"]
    (form, *_empty) = terms.formset.forms
    assert (form.instance, form.fields["slug"].disabled) == (pledge.term, True)
    # Sent all the same, another name is not taken.
    known = pledge.term.slug
    sent = fields_of(shown.content.decode())
    sent |= {f"{form.prefix}-slug": "another", f"{form.prefix}-note": "Read again."}
    desk.post(page_of_person, sent)
    pledge.term.refresh_from_db()
    assert (pledge.term.note, pledge.term.slug) == ("Read again.", known)


def test_the_number_of_a_criterion_that_readers_know_is_closed(desk: Client, other: User) -> None:
    for made, is_closed in (
        (record.draft_pledge(by=other), False),
        (record.pledge(by=other), True),
    ):
        page_of_it = desk.get(f"/admin/pledges/pledge/{made.pk}/change/")
        formsets = [rows.formset for rows in page_of_it.context["inline_admin_formsets"]]
        (criteria,) = [rows for rows in formsets if rows.model is Criterion]
        assert criteria.forms[0].fields["position"].disabled is is_closed


def offered(browser: Client, model: type[Model], field: str, term: str) -> list[str]:
    """Return what an autocomplete offers for these letters, in its order."""
    asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
    asked |= {"field_name": field, "term": term}
    found = browser.get("/admin/autocomplete/", asked).json()["results"]
    return [choice["text"] for choice in found]


def test_choices_of_one_name_are_told_apart_by_what_differs(desk: Client, other: User) -> None:
    given: Any = {"by": other, "now": record.NOW}
    for state in ("PA", "OH"):
        known = f"adams-{state.lower()}"
        place = Jurisdiction(name="Adams County", slug=known, kind="county", state=state)
        save_official_record(record=place, **given)
        office: dict[str, Any] = {"jurisdiction": place, "term_years": 4, "selection": "elected"}
        post = Office(title="District Attorney", slug=known, **office)
        save_official_record(record=post, **given)
        ballot = Election(office=post, held_on=date(2025, 11, 4), stage="general", slug=known)
        save_official_record(record=ballot, **given)
    place.name = "Brown County"
    save_official_record(record=place, **given)
    save_official_record(record=Office(title="Sheriff", slug="sheriff", **office), **given)
    assert offered(desk, Term, "office", "") == [
        "District Attorney · Adams County",
        "District Attorney · Brown County",
        "Sheriff",
    ]
    assert offered(desk, Term, "election", "") == [
        "District Attorney, 4 November 2025 (general) · Brown County",
        "District Attorney, 4 November 2025 (general) · Adams County",
    ]
    place.name = "Adams County"
    save_official_record(record=place, **given)
    assert offered(desk, Office, "jurisdiction", "") == ["Adams County · PA", "Adams County · OH"]
    # Where the place is the same in name, nothing but the address differs.
    assert offered(desk, Term, "office", "") == [
        "District Attorney · adams-pa",
        "District Attorney · adams-oh",
        "Sheriff",
    ]


def test_people_topics_and_evidence_of_one_name_are_told_apart(desk: Client, other: User) -> None:
    for number in (1, 2):
        known = {"name": "Jane Example", "slug": f"jane-{number}"}
        record.term(by=other, who=known, started_on=date(2024, number, 1))
    assert offered(desk, Pledge, "person", "jane") == [
        "Jane Example · jane-1",
        "Jane Example · jane-2",
    ]
    wide = record.topic(by=other, name="Fairness")
    record.topic(by=other, name="Bail", slug="bail-below", parent=wide)
    record.topic(by=other, name="Bail", slug="bail-alone")
    for month in (3, 4):
        record.draft_evidence(
            by=other, title="Annual report", published_on=date(2025, month, 1),
            date_precision="month",
        )  # fmt: skip
    # One of the two has no wider topic.
    assert offered(desk, Pledge, "topic", "bail") == ["Bail · bail-below", "Bail · bail-alone"]
    assert offered(desk, Response, "evidence", "annual") == [
        "Annual report · April 2025",
        "Annual report · March 2025",
    ]
