"""A candidacy typed by mistake is taken out again; where it was public a tombstone says why."""

from datetime import date

import pytest

from promises.accounts.models import User
from promises.editorial.actions import EditedMeanwhile, NoReason
from promises.ledger.models import Entry
from promises.officials.actions import remove_candidacy, save_official_record, save_person
from promises.officials.models import Candidacy, Election, Person
from tests import record

pytestmark = pytest.mark.django_db
WHY = "Another person of that name."


def stood(person: Person, by: User) -> Candidacy:
    """A candidacy of this person."""
    office = record.term(by=by).office
    election = Election(slug="vote", office=office, held_on=date(2025, 5, 20), stage="primary")
    given = {"by": by, "now": record.NOW}
    save_official_record(record=election, **given)
    return save_official_record(record=Candidacy(election=election, person=person), **given)


def test_a_public_one_leaves_a_tombstone(author: User) -> None:
    candidacy = stood(record.term(by=author).person, author)
    remove_candidacy(candidacy=candidacy, reason=f" {WHY}", by=author, now=record.NOW)
    assert Candidacy.objects.count() == 0
    newest = Entry.objects.latest("edition")
    assert newest.event == "candidacy:retracted"
    assert newest.subject == f"candidacies/vote/{candidacy.person.slug}"
    assert WHY in newest.data
    history = Candidacy.pgh_event_models["delete"].objects  # type: ignore[attr-defined]
    assert [row.pgh_label for row in history.order_by("pgh_id")] == ["insert", "delete"]


def test_one_of_a_draft_person_leaves_nothing_public(author: User) -> None:
    draft = Person(slug="john-sample", name="John Sample")
    draft = save_person(person=draft, by=author, now=record.NOW)
    candidacy, editions = stood(draft, author), Entry.objects.count()
    remove_candidacy(candidacy=candidacy, reason=WHY, by=author, now=record.NOW)
    assert (Candidacy.objects.count(), Entry.objects.count()) == (0, editions)


def test_without_a_reason_or_over_the_change_of_someone_else_it_stays(author: User) -> None:
    candidacy = stood(record.term(by=author).person, author)
    editions = Entry.objects.count()
    with pytest.raises(NoReason):
        remove_candidacy(candidacy=candidacy, reason=" ", by=author, now=record.NOW)
    Candidacy.objects.update(party="Example Party")
    with pytest.raises(EditedMeanwhile):
        remove_candidacy(candidacy=candidacy, reason=WHY, by=author, now=record.NOW)
    assert (Candidacy.objects.get().party, Entry.objects.count()) == ("Example Party", editions)
