"""A correction does not go on naming a person who was withdrawn."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.officials.actions import retract_person, save_person
from promises.officials.models import Person
from promises.updates.correcting import correct_pledge
from promises.updates.models import Correction
from tests import record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_renamed", [False, True])
def test_a_correction_that_names_a_withdrawn_person_is_withheld(
    client: Client, author: User, is_renamed: bool
) -> None:
    given: dict[str, Any] = {"by": author, "now": record.NOW}
    wrong = record.term(by=author, who={"slug": "joan-sample", "name": "Joan Sample"})
    right = record.term(by=author)
    pledge = record.pledge(by=author, of=wrong)
    pledge.person, pledge.term, pledge.title = right.person, right, "Open the files"
    correct_pledge(pledge=pledge, kind="correction", note="Mixed up.", **given)
    pages = (
        f"/pledges/{pledge.slug}/", "/corrections/", "/corrections.atom", "/corrections.json",
        "/api/v1/corrections/", "/api/v1/changes/", f"/api/v1/changes/?pledge={pledge.slug}",
    )  # fmt: skip

    def naming() -> list[str]:
        bodies = {page: client.get(page).content.decode() for page in pages}
        return [page for page, body in bodies.items() if "Joan Sample" in body]

    assert naming() == list(pages)
    person = Person.objects.get(slug="joan-sample")
    if is_renamed:
        person.name = "Joan Other"
        save_person(person=person, **given)
        assert Correction.objects.published().count() == 3
    retract_person(person=person, reason="She is no official.", **given)
    assert naming() == []
    # What else was corrected stays.
    shown = Correction.objects.published().values_list("field", flat=True)
    assert list(shown) == ["title"]


@pytest.mark.parametrize("name", ["Joan Samples", "Joan Sample-Example", "Joan Sample Jr."])
def test_a_longer_name_is_that_of_someone_else(client: Client, author: User, name: str) -> None:
    wrong = record.term(by=author, who={"slug": "joan-other", "name": name})
    right = record.term(by=author)
    pledge = record.pledge(by=author, of=wrong)
    pledge.person, pledge.term = right.person, right
    correct_pledge(pledge=pledge, kind="correction", note="Mixed up.", by=author, now=record.NOW)
    namesake = record.term(by=author, who={"slug": "joan-sample", "name": "Joan Sample"}).person
    retract_person(person=namesake, reason="She is no official.", by=author, now=record.NOW)
    shown = Correction.objects.published().values_list("field", flat=True)
    assert sorted(shown) == ["person", "term"]
    changes = f"/api/v1/changes/?pledge={pledge.slug}&event=correction:saved"
    told = client.get(changes).json()["results"]
    assert [(row["is_withheld"], row["data"]["field"]) for row in told] == [
        (False, "person"), (False, "term"),
    ]  # fmt: skip


def test_a_past_day_does_not_name_whom_a_pledge_was_of_by_mistake(
    client: Client, author: User
) -> None:
    wrong = record.term(by=author, who={"slug": "joan-sample", "name": "Joan Sample"})
    right, other = record.term(by=author), record.pledge(by=author)
    pledge = record.pledge(by=author, of=wrong)
    pledge.person, pledge.term = right.person, right
    later: dict[str, Any] = {"by": author, "now": record.NOW + timedelta(days=2)}
    correct_pledge(pledge=pledge, kind="correction", note="Mixed up.", **later)
    then = f"?as_of={record.NOW.date()}"

    def people() -> list[str]:
        rows = client.get(f"/api/v1/pledges/{then}").json()["results"]
        return sorted(row["prosecutor"] for row in rows)

    assert people() == sorted(["joan-sample", other.person.slug])
    person = Person.objects.get(slug="joan-sample")
    retract_person(person=person, reason="She is no official.", **later)
    assert people() == [other.person.slug]
    assert client.get(f"/api/v1/pledges/{pledge.slug}/{then}").status_code == 404
    assert client.get(f"/api/v1/pledges/{pledge.slug}/").json()["prosecutor"] == right.person.slug
