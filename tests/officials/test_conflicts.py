"""Conflicts of interest: who declares them, who ends them, and what they forbid meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model

from promises.accounts.actions import give_role, write_roles
from promises.accounts.models import User
from promises.evidence.actions import retract_evidence
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.models import Entry
from promises.officials.actions import (
    HasConflict,
    HasEnded,
    NotTheirs,
    declare_conflict,
    end_conflict,
    save_official_record,
)
from promises.officials.models import Candidacy, ConflictOfInterest, Election, Person
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.updates import actions
from promises.updates.correcting import correct_pledge
from promises.updates.models import Approval, Review, StatusUpdate
from tests import record
from tests.record import record_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> User:
    """An administrator by role, without every right."""
    top = record.user("top", is_superuser=True)
    person = record.user("boss")
    write_roles(by=top, now=record.NOW)
    give_role(person=person, role="administrator", reason="Runs it.", by=top, now=record.NOW)
    return User.objects.get(pk=person.pk)


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A published pledge of an official in office."""
    return record.pledge(by=author)


def declare(person: User, pledge: Pledge, by: User | None = None) -> ConflictOfInterest:
    """Declare a conflict of interest where the official of a pledge holds office."""
    assert pledge.term is not None
    place = pledge.term.office.jurisdiction
    given = {"nature": "Worked there until 2020.", "by": by or person, "now": record.NOW}
    return declare_conflict(person=person, jurisdiction=place, **given)


def test_one_declares_ones_own_and_an_administrator_that_of_others(
    boss: User, pledge: Pledge, author: User
) -> None:
    mine, theirs = declare(author, pledge), declare(record.user("clerk"), pledge, by=boss)
    assert (mine.declared_by, theirs.declared_by, theirs.person.username) == (author, boss, "clerk")
    with pytest.raises(NotTheirs) as error:
        declare(record.user("other"), pledge, by=author)
    assert str(error.value) == "Only an administrator declares the conflict of someone else."
    with pytest.raises(ValidationError):
        declare(author, pledge)
    assert ConflictOfInterest.objects.count() == 2


def test_only_another_person_who_is_an_administrator_ends_it(
    boss: User, pledge: Pledge, author: User
) -> None:
    mine, bosses = declare(author, pledge), declare(boss, pledge)
    for conflict, by in ((mine, author), (bosses, boss), (bosses, author)):
        with pytest.raises(NotTheirs):
            end_conflict(conflict=conflict, reason="Long ago.", by=by, now=record.NOW)
    with pytest.raises(ValidationError):
        end_conflict(conflict=mine, reason=" ", by=boss, now=record.NOW)
    assert ConflictOfInterest.objects.open().count() == 2
    # On a host whose clock is behind that of the one where it was declared.
    earlier = record.NOW - timedelta(minutes=10)
    ended = end_conflict(conflict=mine, reason="Sold the shares.", by=boss, now=earlier)
    assert (ended.ended_by, ended.end_reason) == (boss, "Sold the shares.")
    assert ended.ended_at == record.NOW
    with pytest.raises(HasEnded):
        end_conflict(conflict=mine, reason="Again.", by=boss, now=record.NOW)
    record_review(pledge=pledge, note="Looked.", by=author, now=record.NOW)
    history = ConflictOfInterest.pgh_event_models["insert"].objects  # type: ignore[attr-defined]
    events = history.filter(pgh_obj_id=mine.pk).order_by("pgh_id")
    assert [(row.pgh_label, row.pgh_context.metadata["by_name"]) for row in events] == [
        ("insert", "Author"),
        ("update", "Boss"),
    ]


SIGN = "ended_at = now() + interval '9 years', end_reason = 'x', ended_by_id ="


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM officials_conflictofinterest", "Cannot delete"),
        ("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE officials_conflictofinterest", "Cannot truncate"),
        ("UPDATE officials_conflictofinterest SET nature = 'None.'", "never changes; it ends"),
        ("UPDATE officials_conflictofinterest SET person_id = %(boss)s", "never changes; it ends"),
        (
            f"UPDATE officials_conflictofinterest SET {SIGN} %(clerk)s",
            "Only an administrator ends",
        ),
        (f"UPDATE officials_conflictofinterest SET {SIGN} person_id", "Only an administrator ends"),
        (
            "INSERT INTO officials_conflictofinterest (person_id, jurisdiction_id, nature,"
            " declared_at, declared_by_id, end_reason) SELECT %(boss)s, jurisdiction_id, 'x',"
            " now(), %(clerk)s, '' FROM officials_conflictofinterest",
            "by its person or an administrator",
        ),
    ],
)
def test_the_database_keeps_what_was_declared(
    boss: User,
    pledge: Pledge,
    author: User,
    database_refuses: Callable,
    statement: str,
    reason: str,
) -> None:
    declare(author, pledge)
    people = {"boss": boss.pk, "clerk": record.user("clerk").pk}
    before = list(ConflictOfInterest.objects.values())
    with database_refuses(reason), connection.cursor() as cursor:
        cursor.execute(statement, people)
    assert list(ConflictOfInterest.objects.values()) == before


def test_an_administrator_does_not_end_their_own_by_raw_sql(
    boss: User, pledge: Pledge, database_refuses: Callable
) -> None:
    declare(boss, pledge)
    with (
        database_refuses("officials_conflict_not_ended_by_its_person"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE officials_conflictofinterest SET {SIGN} person_id")
    assert ConflictOfInterest.objects.open().count() == 1


def rows_of(*models: type[Model]) -> list[dict[str, Any]]:
    """Return every row of these tables."""
    return [row for model in models for row in model._default_manager.order_by("pk").values()]


WORDS = "You have declared a conflict of interest in {}: others judge there."


def test_who_has_a_conflict_neither_writes_nor_approves_nor_reviews(
    pledge: Pledge, author: User
) -> None:
    friend = record.user("friend")
    draft = record.draft_update(by=author, of=pledge)
    waiting = actions.submit_status_update(
        update=record.draft_update(by=author, of=pledge), by=author, now=record.NOW
    )
    actions.approve_status_update(update=waiting, by=record.user(), now=record.NOW)
    standing = record.published_update(by=author, of=pledge)
    place = declare(friend, pledge).jurisdiction
    given = {"by": friend, "now": record.NOW}
    before = list(StatusUpdate.objects.order_by("pk").values()), Approval.objects.count()
    for act in (
        lambda: record.draft_update(of=pledge, cited=draft.evidence.get(), **given),
        lambda: actions.revise_status_update(update=draft, evidence=None, **given),
        lambda: actions.submit_status_update(update=draft, **given),
        lambda: actions.approve_status_update(update=waiting, **given),
        lambda: actions.publish_status_update(update=waiting, **given),
        lambda: actions.retract_status_update(update=standing, reason="No.", **given),
        lambda: record_review(pledge=pledge, note="Looked.", **given),
    ):
        with pytest.raises(HasConflict) as error:
            act()
        assert str(error.value) == WORDS.format(place)
    after = list(StatusUpdate.objects.order_by("pk").values()), Approval.objects.count()
    assert after == before
    assert Review.objects.count() == 0
    elsewhere = record.pledge(by=author)
    record_review(pledge=elsewhere, note="Looked.", **given)
    assert Review.objects.count() == 1


def test_it_counts_where_an_official_only_sought_an_office(pledge: Pledge, author: User) -> None:
    given = {"by": author, "now": record.NOW}
    runner = Person.objects.create(
        slug="joan-example", name="Joan Example", created_by=author, created_at=record.NOW
    )
    assert pledge.term is not None
    vote = Election(slug="vote", office=pledge.term.office, held_on="2027-11-02", stage="general")
    save_official_record(record=vote, **given)
    save_official_record(record=Candidacy(election=vote, person=runner), **given)
    hers = record.draft_pledge(by=author)
    Pledge.objects.filter(pk=hers.pk).update(person=runner, term=None)
    hers.refresh_from_db()
    declare(author, pledge)
    with pytest.raises(HasConflict):
        record.draft_update(of=hers, **given)
    assert StatusUpdate.objects.count() == 0


@pytest.mark.parametrize("role", ["author", "approver"])
def test_a_rating_is_not_published_over_a_conflict_declared_meanwhile(
    role: str, pledge: Pledge, author: User, database_refuses: Callable
) -> None:
    approver, publisher = record.user("approver"), record.user("publisher")
    update = record.draft_update(by=author, of=pledge)
    update = actions.submit_status_update(update=update, by=author, now=record.NOW)
    actions.approve_status_update(update=update, by=approver, now=record.NOW)
    person = {"author": author, "approver": approver}[role]
    place = declare(person, pledge).jurisdiction
    with pytest.raises(HasConflict) as error:
        actions.publish_status_update(update=update, by=publisher, now=record.NOW)
    assert str(error.value).startswith(f"{person} has declared a conflict of interest in {place}.")
    with database_refuses("Someone behind this status update"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE updates_statusupdate SET state = 'published', published_at = now(),"
            " published_by_id = %s",
            [publisher.pk],
        )
    update.refresh_from_db()
    assert update.state == "in_review"

    update = actions.return_status_update(update=update, by=publisher, now=record.NOW)
    by = publisher if role == "author" else author
    update = actions.submit_status_update(update=update, by=by, now=record.NOW)
    actions.approve_status_update(update=update, by=record.user(), now=record.NOW)
    if role == "author":
        # What they wrote stays theirs: someone else writes a new one.
        with pytest.raises(HasConflict):
            actions.publish_status_update(update=update, by=publisher, now=record.NOW)
    else:
        actions.publish_status_update(update=update, by=publisher, now=record.NOW)
    update.refresh_from_db()
    assert update.state == ("in_review" if role == "author" else "published")


def test_who_has_a_conflict_withdraws_neither_a_pledge_nor_its_evidence(
    pledge: Pledge, author: User, database_refuses: Callable
) -> None:
    friend, others = record.user("friend"), record.pledge(by=author)
    cited = record.published_update(by=author, of=pledge).evidence.get()
    elsewhere = record.evidence(by=author, about=others)
    place = declare(friend, pledge).jurisdiction
    given: dict[str, Any] = {"reason": "It was wrong.", "by": friend, "now": record.NOW}
    before, edition = rows_of(Pledge, Evidence), Entry.objects.count()
    for act in (
        lambda: retract_pledge(pledge=pledge, **given),
        lambda: retract_evidence(evidence=cited, **given),
    ):
        with pytest.raises(HasConflict) as error:
            act()
        assert str(error.value) == WORDS.format(place)
    assert (rows_of(Pledge, Evidence), Entry.objects.count()) == (before, edition)
    retract_evidence(evidence=elsewhere, **given)
    retract_pledge(pledge=others, **given)
    given["by"] = author
    retract_evidence(evidence=cited, **given)
    retract_pledge(pledge=pledge, **given)
    assert {row["state"] for row in rows_of(Pledge, Evidence)} == {"retracted"}


@pytest.mark.parametrize("table", ["pledges_pledge", "evidence_evidence"])
@pytest.mark.parametrize("is_linked", [True, False])
def test_the_database_lets_who_has_a_conflict_withdraw_nothing(
    pledge: Pledge, author: User, database_refuses: Callable, table: str, is_linked: bool
) -> None:
    """Nor what a rating cites when it is no longer linked to the pledge."""
    friend, cited = record.user("friend"), record.published_update(by=author, of=pledge).evidence
    declare(friend, pledge)
    if not is_linked:
        EvidenceLink.objects.all().delete()
        with database_refuses("retracts no evidence on pledges there"):
            retract_evidence(evidence=cited.get(), reason="No.", by=friend, now=record.NOW)
    before = rows_of(Pledge, Evidence)
    with database_refuses("Who has declared a conflict"), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET state = 'retracted', retracted_at = now(),"
            " retraction_reason = 'x', retracted_by_id = %s",
            [friend.pk],
        )
    assert rows_of(Pledge, Evidence) == before


def test_who_has_a_conflict_may_correct(pledge: Pledge, author: User) -> None:
    declare(author, pledge)
    pledge.refresh_from_db()
    pledge.title = "Do the other thing"
    correct_pledge(pledge=pledge, kind="typo", note="Misread.", by=author, now=record.NOW)
    pledge.refresh_from_db()
    assert pledge.title == "Do the other thing"
