"""Nobody's pledge becomes public in the moment in which they are withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from promises.accounts.models import User
from promises.officials.actions import (
    HasPublicPledges,
    PersonNotPublic,
    retract_person,
    save_official_record,
)
from promises.officials.models import Person, Term
from promises.pledges.actions import publish_pledge
from promises.pledges.models import Pledge
from tests import record
from tests.ledger.test_told_at_once import at_once, in_public, told
from tests.record import NOW

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], Any]


@pytest.fixture
def by(transactional_db: None) -> User:
    """An editor."""
    return record.user()


def withdrawing(term: Term, by: User) -> Act:
    return lambda: retract_person(person=term.person, reason="A namesake.", by=by, now=NOW)


def refused(act: Act, error: type[Exception]) -> Act:
    """Return the act as one that must be refused."""

    def attempt() -> None:
        with pytest.raises(error):
            act()

    return attempt


def states(term: Term) -> tuple[str, list[str]]:
    term.person.refresh_from_db()
    return term.person.state, list(Pledge.objects.values_list("state", flat=True))


def test_whoever_publishes_a_pledge_first_keeps_the_person(by: User) -> None:
    term = record.term(by=by)
    draft = record.draft_pledge(by=by, of=term)
    withdraw = refused(withdrawing(term, by), HasPublicPledges)
    at_once(lambda: publish_pledge(pledge=draft, by=by, now=NOW), withdraw)
    assert states(term) == ("published", ["published"])


def test_whoever_writes_sql_waits_for_them_too(by: User) -> None:
    term = record.term(by=by)
    draft = record.draft_pledge(by=by, of=term)

    def withdraw() -> None:
        Person.objects.filter(pk=term.person_id).update(
            state="retracted", retracted_at=NOW, retracted_by=by, retraction_reason="A namesake."
        )

    at_once(lambda: publish_pledge(pledge=draft, by=by, now=NOW), refused(withdraw, IntegrityError))
    assert states(term) == ("published", ["published"])


def test_so_does_whoever_writes_and_publishes_one(by: User) -> None:
    term, topic = record.term(by=by), record.topic(by=by)
    withdraw = refused(withdrawing(term, by), HasPublicPledges)
    at_once(lambda: record.pledge(by=by, of=term, topic=topic), withdraw)
    assert states(term) == ("published", ["published"])


@pytest.mark.parametrize("is_new", [False, True], ids=["drafted before", "written meanwhile"])
def test_whoever_comes_later_publishes_nothing(by: User, is_new: bool) -> None:
    term, topic = record.term(by=by), record.topic(by=by)
    drafts: list[Pledge] = []

    def draft() -> None:
        drafts.append(record.draft_pledge(by=by, of=term, topic=topic))

    def publish() -> None:
        if is_new:
            draft()
        publish_pledge(pledge=drafts[0], by=by, now=NOW)

    if not is_new:
        draft()
    at_once(withdrawing(term, by), refused(publish, PersonNotPublic))
    assert states(term) == ("retracted", ["draft"])


def test_nor_does_whoever_writes_one_in_the_same_moment(by: User) -> None:
    """The database itself waits, and then refuses."""
    term, topic = record.term(by=by), record.topic(by=by)

    def publish() -> None:
        with transaction.atomic():
            record.pledge(by=by, of=term, topic=topic)

    at_once(withdrawing(term, by), refused(publish, IntegrityError))
    assert states(term) == ("retracted", [])


@pytest.mark.parametrize("withdraws_first", [False, True])
def test_a_term_that_is_saved_in_that_moment_is_told_or_withdrawn(
    by: User, withdraws_first: bool
) -> None:
    term = record.term(by=by)
    more = Term(slug="more", person=term.person, started_on=record.NOW.date())
    more.office = record.term(by=by, ends_on=more.started_on).office

    def save() -> None:
        save_official_record(record=more, by=by, now=NOW)

    withdraw = withdrawing(term, by)
    at_once(*((withdraw, save) if withdraws_first else (save, withdraw)))
    assert told() == dict(in_public())
    assert not Term.objects.published().filter(person=term.person).exists()
