"""Someone who was recorded by mistake is withdrawn, after their pledges, each for a reason."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from promises.accounts.models import User
from promises.editorial.actions import NoReason, WrongState
from promises.ledger.models import Entry
from promises.officials.actions import (
    HasConflict,
    HasPublicPledges,
    PersonNotPublic,
    declare_conflict,
    retract_person,
    save_official_record,
    save_person,
)
from promises.officials.models import Candidacy, Election, Office, Person, Term
from promises.packages.verifying import differences
from promises.pledges.actions import publish_pledge, retract_pledge
from promises.pledges.models import Pledge
from promises.webhooks.rules import EVENT_TYPES
from tests import record
from tests.site.reading import words

pytestmark = pytest.mark.django_db
LATER = record.NOW + timedelta(days=1)
WHY = "Another person of that name."
JOAN = {"slug": "joan-sample", "name": "Joan Sample"}


@pytest.fixture
def term(author: User) -> Term:
    """The term of Joan Sample, who also stood in the election and follows someone else."""
    given: dict[str, Any] = {"by": author, "now": record.NOW}
    term = record.term(by=author, who=JOAN)
    vote = Election(
        slug="vote", office=term.office, held_on=date(2023, 11, 7), stage="general",
        outcome="elected",
    )  # fmt: skip
    save_official_record(record=vote, **given)
    save_official_record(record=Candidacy(election=vote, person=term.person), **given)
    before = Term(
        slug="earlier-term", person=record.term(by=author).person, office=term.office,
        started_on=date(2020, 1, 1), ends_on=date(2024, 1, 1), successor=term.person,
    )  # fmt: skip
    save_official_record(record=before, **given)
    return term


def everything() -> list[Any]:
    """Return all that an act on a person could change."""
    tables: tuple[Any, ...] = (Person, Term, Candidacy, Pledge)
    rows = [list(table.objects.order_by("pk").values()) for table in tables]
    return [*rows, Entry.objects.count()]


def retract(person: Person, by: User, reason: str = WHY) -> Person:
    return retract_person(person=person, reason=reason, by=by, now=LATER)


def withdraw_by_sql(person: Person, by: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE officials_person SET state = 'retracted', retracted_at = now(),"
            " retraction_reason = 'x', retracted_by_id = %s WHERE id = %s",
            [by.pk, person.pk],
        )


def test_a_person_leaves_tombstones_with_all_that_came_with_them(author: User, term: Term) -> None:
    edition = Entry.objects.count()
    person = retract(term.person, author, f" {WHY} ")
    told = Entry.objects.filter(edition__gt=edition).order_by("edition")
    assert [(one.event, one.subject, json.loads(one.data)) for one in told] == [
        ("person:retracted", "people/joan-sample", {"slug": "joan-sample", "reason": WHY}),
        ("term:retracted", f"terms/{term.slug}", {"slug": term.slug, "reason": WHY}),
        (
            "candidacy:retracted",
            "candidacies/vote/joan-sample",
            {"election": "vote", "person": "joan-sample", "reason": WHY},
        ),
    ]
    person.refresh_from_db()
    stands = person.state, person.retracted_by, person.retracted_at, person.retraction_reason
    assert stands == ("retracted", author, LATER, WHY)
    assert "person.retracted" in EVENT_TYPES
    # The rows stay, and nobody sees them.
    assert (person.terms.count(), person.candidacies.count()) == (1, 1)
    assert not Term.objects.published().filter(person=person).exists()
    assert not Candidacy.objects.published().exists()
    assert list(differences()) == []


@pytest.mark.parametrize("count", [1, 2])
def test_pledges_are_withdrawn_first_each_for_its_own_reason(
    author: User, term: Term, count: int
) -> None:
    pledges = [record.pledge(by=author, of=term) for _ in range(count)]
    draft = record.draft_pledge(by=author, of=term)
    before = everything()
    with pytest.raises(HasPublicPledges) as error:
        retract(term.person, author)
    assert str(error.value) == (
        "1 pledge of Joan Sample is public. Retract it first, for a reason of its own."
        if count == 1
        else "2 pledges of Joan Sample are public. Retract them first, each for a reason of its"
        " own."
    )
    assert everything() == before
    for pledge in pledges:
        retract_pledge(pledge=pledge, reason="She never said it.", by=author, now=LATER)
    assert retract(term.person, author).state == "retracted"
    draft.refresh_from_db()
    assert draft.state == "draft"
    with pytest.raises(PersonNotPublic, match="The person was withdrawn: a pledge stands on the"):
        publish_pledge(pledge=draft, by=author, now=LATER)
    assert Pledge.objects.get(pk=draft.pk).state == "draft"


def test_what_is_refused_changes_nothing(author: User, term: Term) -> None:
    draft = save_person(person=Person(slug="j", name="J Example"), by=author, now=record.NOW)
    before = everything()
    for person, reason, error in (
        (term.person, " ", NoReason),
        (draft, WHY, WrongState),
    ):
        with pytest.raises(error):
            retract(person, author, reason)
        assert everything() == before
    retract(term.person, author)
    before = everything()
    with pytest.raises(WrongState):
        retract(term.person, author, "Once more.")
    assert everything() == before


def test_who_has_a_conflict_withdraws_nobody_there(
    author: User, term: Term, database_refuses: Callable
) -> None:
    friend, place = record.user("friend"), term.office.jurisdiction
    declare_conflict(
        person=friend, jurisdiction=place, nature="Worked there.", by=friend, now=record.NOW
    )
    before = everything()
    with pytest.raises(HasConflict) as error:
        retract(term.person, friend)
    assert str(error.value) == (
        f"You have declared a conflict of interest in {place}: others judge there."
    )
    with database_refuses("retracts nobody there"):
        withdraw_by_sql(term.person, friend)
    assert everything() == before
    assert retract(term.person, author).state == "retracted"


def test_the_database_keeps_whose_pledges_are_public(
    author: User, term: Term, database_refuses: Callable
) -> None:
    pledge = record.pledge(by=author, of=term)
    before = everything()
    with database_refuses("Pledges of this person are public: they are withdrawn first."):
        withdraw_by_sql(term.person, author)
    assert everything() == before
    retract_pledge(pledge=pledge, reason="She never said it.", by=author, now=LATER)
    withdraw_by_sql(term.person, author)
    assert Person.objects.get(pk=term.person_id).state == "retracted"


def test_a_term_goes_to_whose_it_is(author: User, term: Term) -> None:
    retract(term.person, author)
    edition = Entry.objects.count()
    term.person = record.term(by=author, who={"slug": "joan-other", "name": "Joan Other"}).person
    save_official_record(record=term, by=author, now=LATER)
    newest = Entry.objects.filter(edition__gt=edition).latest("edition")
    assert (newest.event, newest.subject) == ("term:saved", f"terms/{term.slug}")
    assert list(Term.objects.published().filter(pk=term.pk)) == [term]
    assert list(differences()) == []


def other_term(author: User, office: Office, **more: Any) -> Term:
    """A term of somebody else in the same office and the same days, not yet saved."""
    person = record.term(by=author, who={"slug": "joan-other", "name": "Joan Other"}).person
    given = {"slug": "right-term", "started_on": date(2024, 1, 1), **more}
    return Term(person=person, office=office, **given)


def test_whoever_is_withdrawn_holds_no_office_any_more(
    author: User, term: Term, database_refuses: Callable
) -> None:
    right = other_term(author, term.office)
    with pytest.raises(ValidationError, match="one_holder_at_a_time"):
        save_official_record(record=right, by=author, now=LATER)
    retract(term.person, author)
    saved = save_official_record(record=right, by=author, now=LATER)
    assert list(Term.objects.published().filter(office=term.office, ends_on=None)) == [saved]
    # The withdrawn one kept its dates, its version and its history.
    was = Term.objects.get(pk=term.pk)
    assert (was.started_on, was.ends_on, was.version) == (term.started_on, None, term.version)
    assert list(differences()) == []
    # It goes to someone who is not withdrawn, as far as the office is free for them.
    was.person = Person.objects.get(slug=right.person.slug)
    edition = Entry.objects.count()
    with pytest.raises(ValidationError, match="one_holder_at_a_time"):
        save_official_record(record=was, by=author, now=LATER)
    with database_refuses("officials_term_one_holder_at_a_time"):
        Term.objects.filter(pk=was.pk).update(person=was.person)
    assert (Term.objects.get(pk=was.pk).person, Entry.objects.count()) == (term.person, edition)
    # So it goes to whoever is withdrawn, however many there are.
    late = Term(slug="late", person=term.person, office=term.office, started_on=date(2025, 1, 1))
    save_official_record(record=late, by=author, now=LATER)
    assert Term.objects.filter(office=term.office, is_withdrawn=True).count() == 2


def test_nobody_says_of_a_term_that_it_is_withdrawn_but_its_person(
    author: User, term: Term, database_refuses: Callable
) -> None:
    Term.objects.filter(pk=term.pk).update(is_withdrawn=True)
    assert Term.objects.get(pk=term.pk).is_withdrawn is False
    with database_refuses("officials_term_one_holder_at_a_time"):
        other_term(author, term.office, is_withdrawn=True).save()
    retract(term.person, author)
    Term.objects.filter(pk=term.pk).update(is_withdrawn=False)
    assert Term.objects.get(pk=term.pk).is_withdrawn is True


def test_readers_are_told_why_and_nothing_names_the_person_any_more(
    client: Client, author: User, term: Term
) -> None:
    pledge = record.pledge(by=author, of=term, slug="a-pledge", title="Open the files")
    page, frame = "/prosecutors/joan-sample/", "/embed/prosecutors/joan-sample/"
    own = (page, frame, f"{page}pledges.csv", f"{page}updates.atom", f"{page}updates.json")
    listing = (
        "/prosecutors/", "/compare/", "/pledges/", "/search/?q=joan", "/sitemap.xml",
        "/api/v1/prosecutors/", "/api/v1/scorecards/", "/api/v1/terms/", "/api/v1/pledges/",
        "/api/v1/elections/",
    )  # fmt: skip
    assert [client.get(address).status_code for address in own] == [200] * 5
    assert [there for there in listing if b"joan-sample" not in client.get(there).content] == []
    retract_pledge(pledge=pledge, reason="She never said it.", by=author, now=LATER)
    retract(term.person, author)
    for address in own:
        answer = client.get(address)
        assert (answer.status_code, b"Joan" in answer.content) == (410, False), address
    for address in (page, f"/es{page}"):
        assert WHY in words(client.get(address))
    assert WHY in client.get(frame).content.decode()
    told = words(client.get(page))
    assert "What was published here was withdrawn on 3 March 2026." in told
    # The pledge goes on saying why it went itself.
    gone = client.get("/pledges/a-pledge/")
    assert (gone.status_code, "She never said it." in words(gone)) == (410, True)
    assert client.get("/api/v1/prosecutors/joan-sample/").status_code == 404
    for address in listing:
        body = client.get(address).content
        assert (b"joan-sample" in body, b"Joan Sample" in body) == (False, False), address
    earlier = client.get("/api/v1/terms/?fields=slug,successor").json()["results"]
    assert {"slug": "earlier-term", "successor": None} in earlier
    # Of all entries only the tombstones name them.
    rows = client.get("/api/v1/changes/?page_size=200").json()["results"]
    naming = [row["event"] for row in rows if "joan-sample" in json.dumps(row)]
    assert naming == ["person:retracted", "candidacy:retracted"]
