from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from promises.accounts.models import User
from promises.common.columns import Table
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.actions import record_rows
from promises.officials import columns
from promises.officials.models import (
    Candidacy,
    Election,
    Jurisdiction,
    Office,
    Person,
    ResultReport,
    Term,
)

OfficialRecord = Jurisdiction | Office | Election | Candidacy | ResultReport | Term
Row = TypeVar("Row", Jurisdiction, Office, Election, Candidacy, ResultReport, Term)

TABLES: dict[type, Table] = {
    Jurisdiction: columns.JURISDICTIONS,
    Office: columns.OFFICES,
    Election: columns.ELECTIONS,
    Candidacy: columns.CANDIDACIES,
    ResultReport: columns.RESULT_REPORTS,
    Term: columns.TERMS,
}


@write
def save_official_record(*, record: Row, by: User, now: datetime) -> Row:
    """Save a jurisdiction, office, election, candidacy, result report or term.

    It is public at once, unless it belongs to a person who is not. Raises ValidationError,
    EditedMeanwhile.
    """
    editorial.store(record)
    person = getattr(record, "person", None)
    if person is None or person.state == State.PUBLISHED:
        record_rows(table=TABLES[type(record)], ids=[record.pk], verb="saved", by=by, now=now)
    return record


@write
def save_person(*, person: Person, by: User, now: datetime) -> Person:
    """Save a person; a new one is a draft that nobody outside sees. Raises ValidationError."""
    if person.pk is None:
        person.created_by, person.created_at = by, now
    editorial.store(person)
    if person.state == State.PUBLISHED:
        record_rows(table=columns.PEOPLE, ids=[person.pk], verb="saved", by=by, now=now)
    return person


@write
def publish_person(*, person: Person, by: User, now: datetime) -> Person:
    """Make a person public, with their terms and candidacies. Raises WrongState."""
    person = editorial.publish(record=person, by=by, now=now)
    for table, ids in _rows_of(person):
        record_rows(table=table, ids=ids, verb="published", by=by, now=now)
    return person


def _rows_of(person: Person) -> Iterable[tuple[Table, list[int]]]:
    """Yield what becomes public together with a person."""
    yield columns.PEOPLE, [person.pk]
    yield columns.TERMS, list(person.terms.values_list("pk", flat=True))
    yield columns.CANDIDACIES, list(person.candidacies.values_list("pk", flat=True))
