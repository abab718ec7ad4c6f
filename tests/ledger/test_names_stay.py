"""What links and copies know a row by never changes, whoever writes."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from promises.accounts.models import User
from promises.common.columns import Table
from promises.editorial.actions import NameStays
from promises.evidence.actions import save_evidence
from promises.ledger.models import Entry
from promises.officials.actions import PersonNotPublic, save_official_record, save_person
from promises.officials.models import Person
from promises.packages.leaving import AUTHORS, LEAVING, STANDINGS, public_rows
from promises.pledges.actions import publish_pledge, save_criterion, save_pledge, save_topic
from promises.pledges.models import Criterion, Pledge
from promises.updates.correcting import correct_pledge
from tests import record
from tests.mirror import officials, papers, pledges
from tests.mirror.hands import Hand
from tests.record import NOW
from tests.site import whole

pytestmark = pytest.mark.django_db
# check_violation, and what a trigger raises that names no other (PostgreSQL, Appendix A).
REFUSED = ("23514", "P0001")
# Another value of each kind of column; of all others, text.
OTHER = {
    models.DateField: "{0} + 400",
    models.DateTimeField: "{0} + interval '1 second'",
    models.ForeignKey: "{0} + 1000000",
    models.PositiveSmallIntegerField: "{0} + 500",
}


def renamings(table: Table) -> Iterator[tuple[str, str]]:
    """Yield each column by which a table's rows are known, and SQL of another value."""
    for key in table.key:
        source = next(column.field for column in table.columns if column.name == key)
        field: Any = table.model._meta.get_field(source)
        kinds = (sql for kind, sql in OTHER.items() if type(field) is kind)
        column = f'"{field.column}"'
        yield column, next(kinds, "left({0}, 9) || 'q'").format(column)


@pytest.mark.django_db(transaction=True)
def test_no_public_row_gets_another_name_by_raw_sql() -> None:
    by, *others = [record.user(f"editor-number-{number}") for number in range(3)]
    record.methodology(by=by)
    hand = Hand(by, others, random.Random(3))
    for begin in (officials.add_term, papers.save_law, pledges.draft_pledge):
        begin(hand)
    deeds = (*officials.DEEDS, *pledges.DEEDS, *papers.DEEDS)
    waiting = [table for table in LEAVING if table not in (AUTHORS, STANDINGS)]
    while waiting:
        if public_rows(waiting[-1]).exists():
            keeps_its_names(waiting.pop())
        else:
            hand.try_new(deeds)


def keeps_its_names(table: Table) -> None:
    row = public_rows(table)[0][-1]
    for column, other in renamings(table):
        with pytest.raises(DatabaseError) as refused:
            write(table, row, f"{column} = {other}")
        assert refused.value.__cause__.sqlstate in REFUSED, (table.name, refused.value)


def write(table: Table, row: int, change: str) -> None:
    """Change a row, and take it back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table.model._meta.db_table}" SET {change} WHERE id = %s', [row])
        transaction.set_rollback(True)


def names(action: Any, row: Any, *, by: User, **content: Any) -> Callable[[], Any]:
    """Return what saves a row with other content."""
    for name, value in content.items():
        setattr(row, name, value)
    kind = {"save_official_record": "record"}.get(action.__name__, action.__name__[5:])
    return lambda: action(**{kind: row}, by=by, now=NOW)


@pytest.fixture
def made(author: User) -> Pledge:
    return whole.pledge(by=author)


def test_an_editor_is_told_that_the_name_stays(author: User, made: Pledge) -> None:
    edition = Entry.objects.count()
    for save in (
        names(save_pledge, made, by=author, slug="another"),
        names(save_topic, made.topic, by=author, slug="another"),
        names(save_person, made.person, by=author, slug="another"),
        names(save_evidence, made.evidence.first(), by=author, slug="another"),
        names(save_official_record, made.term, by=author, slug="another"),
        names(save_official_record, made.term.office, by=author, slug="another"),
    ):
        with pytest.raises(NameStays, match="It keeps that name"):
            save()
    assert Entry.objects.count() == edition
    made.refresh_from_db()
    assert made.slug != "another"


def test_the_words_say_which_name(author: User) -> None:
    term = record.term(by=author)
    known = term.slug
    with pytest.raises(NameStays) as refusal:
        names(save_official_record, term, by=author, slug="another")()
    assert str(refusal.value) == (
        f"Links from outside, and copies of the record, know this as “{known}”. It keeps that"
        " name. Nothing has been saved."
    )


def test_a_draft_may_get_another_name(author: User) -> None:
    draft = record.draft_pledge(by=author)
    names(save_pledge, draft, by=author, slug="another")()
    criterion = draft.criteria.get()
    names(save_criterion, criterion, by=author, position=4)()
    publish_pledge(pledge=draft, by=author, now=NOW)
    assert Pledge.objects.published().get().slug == "another"
    criterion.refresh_from_db()
    with pytest.raises(NameStays):
        names(save_criterion, criterion, by=author, position=5)()
    assert Criterion.objects.get().position == 4


def test_what_readers_see_goes_to_nobody_whom_they_do_not(author: User, made: Pledge) -> None:
    draft = save_person(person=Person(slug="john-sample", name="John Sample"), by=author, now=NOW)
    free = record.term(by=author, now=NOW)
    held_by = free.person
    told = Entry.objects.count()
    with pytest.raises(PersonNotPublic, match="Publish John Sample before it becomes theirs"):
        names(save_official_record, free, by=author, person=draft)()
    made.person, made.term = draft, None
    with pytest.raises(PersonNotPublic, match="Publish the person first"):
        correct_pledge(pledge=made, kind="update", note="N.", by=author, now=NOW)
    assert Entry.objects.count() == told
    free.refresh_from_db()
    assert free.person == held_by


def test_the_database_keeps_pledges_with_people_whom_readers_see(
    author: User, made: Pledge, database_refuses: Any
) -> None:
    draft = save_person(person=Person(slug="john-sample", name="John Sample"), by=author, now=NOW)
    with database_refuses("cannot be public before the person who made it"):
        Pledge.objects.filter(pk=made.pk).update(person=draft, term=None)
    with database_refuses("stays that of its person"):
        type(made.term).objects.filter(pk=made.term_id).update(person=draft)
    unseen = record.draft_pledge(by=author, person=draft, term=None)
    with database_refuses("cannot be public before the person who made it"):
        Pledge.objects.filter(pk=unseen.pk).update(
            state="published", published_at=NOW, published_by=author
        )
    with pytest.raises(PersonNotPublic):
        publish_pledge(pledge=unseen, by=author, now=NOW)
