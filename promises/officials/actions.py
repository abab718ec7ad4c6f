from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from promises.accounts.models import User
from promises.common.columns import Table
from promises.common.prepared import IsAny, Prepared
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.actions import record_rows, record_tombstones
from promises.officials import columns
from promises.officials.models import (
    Candidacy,
    ConflictOfInterest,
    Election,
    Jurisdiction,
    Office,
    Partnership,
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
# What only administrators may do; they may also declare a conflict for someone else.
ENDS_CONFLICTS = "officials.end_conflictofinterest"


class PersonNotPublic(Refused):
    """What readers see cannot belong to a person whom they do not see."""


class HasPublicPledges(Refused):
    """Pledges are withdrawn before the person who made them, each for a reason of its own."""


class ReportStays(Refused):
    """A result stays as it was reported, also where it was wrong: a later report follows it."""


class HasConflict(Refused):
    """Someone with an open conflict of interest neither rates, approves nor reviews there."""


class NotTheirs(Refused):
    """Others declare and end their own conflicts; administrators those of everyone."""


class HasEnded(Refused):
    """The conflict of interest has ended already."""


@write
def save_official_record(*, record: Row, by: User, now: datetime) -> Row:
    """Save a jurisdiction, office, election, candidacy, result report or term.

    It is public at once, unless it belongs to a person who is not. Raises ValidationError,
    EditedMeanwhile, NameStays, ReportStays for other figures of a result that was reported, and
    PersonNotPublic where it would go from readers to such a person.
    """
    if isinstance(record, ResultReport):
        _require_as_reported(record)
    holder = _holder_of(record)
    people = _locked_people({holder, *_people_of(record)})
    person = people.get(getattr(record, "person_id", None))
    if isinstance(record, Term):
        record.is_withdrawn = person is not None and person.state == State.RETRACTED
    editorial.store(record)
    if person is None or person.state == State.PUBLISHED:
        record_rows(table=TABLES[type(record)], ids=[record.pk], verb="saved", by=by, now=now)
    elif holder and people[holder].state == State.PUBLISHED:
        raise PersonNotPublic(
            f"Readers see this beside {people[holder]}. Publish {person} before it becomes theirs."
        )
    return record


def _require_as_reported(report: ResultReport) -> None:
    """Raise ReportStays where a report that is stored would say something else."""
    stored = ResultReport.objects.filter(pk=report.pk).first()
    said = [
        field.attname
        for field in ResultReport._meta.concrete_fields
        if field.name not in ("id", "version", *report.known_by)
    ]
    if stored and any(getattr(stored, name) != getattr(report, name) for name in said):
        raise ReportStays(
            "A result stays as it was reported. Add a later report to the election; where this one"
            " was typed wrongly, say so in its “as of”."
        )


def _people_of(record: OfficialRecord) -> Iterable[int | None]:
    """Yield whom a record names, by id."""
    return (getattr(record, name, None) for name in ("person_id", "successor_id"))


def _holder_of(record: OfficialRecord) -> int | None:
    """Return the id of the person to whom a record belongs as it is stored."""
    if not isinstance(record, Candidacy | Term):
        return None
    stored = type(record).objects.filter(pk=record.pk)
    return stored.values_list("person_id", flat=True).first()


def _locked_people(ids: Iterable[int | None]) -> dict[int | None, Person]:
    """Return these people, locked: nobody is published between our reading and our entry."""
    people = Person.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return {person.pk: person for person in people.filter(pk__in=filter(None, ids))}


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
    # Whose public term says that this person followed said so to nobody until now.
    before = Term.objects.published().filter(successor=person).exclude(person=person)
    earlier = before.values_list("pk", flat=True)
    record_rows(table=columns.TERMS, ids=earlier, verb="saved", by=by, now=now)
    return person


@write
def retract_person(*, person: Person, reason: str, by: User, now: datetime) -> Person:
    """Withdraw a person with their terms and candidacies, for a reason.

    Raises WrongState, NoReason, HasPublicPledges, and HasConflict of whoever does not judge them.
    """
    list(person.pledges.select_for_update(of=("self",), no_key=True).order_by("pk"))
    # With the key, which whoever publishes a pledge of theirs looks at: they wait, or we do.
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    require_no_conflict(official=person.pk, by=by)
    _require_no_public_pledges(person)
    person = editorial.retract(record=person, reason=reason, by=by, now=now)
    reason = person.retraction_reason
    for table, ids in _rows_of(person):
        record_tombstones(table=table, ids=ids, reason=reason, by=by, now=now)
    return person


def _require_no_public_pledges(person: Person) -> None:
    if count := person.pledges.published().count():
        raise HasPublicPledges(
            ngettext(
                "%(count)d pledge of %(person)s is public. Retract it first, for a reason of its"
                " own.",
                "%(count)d pledges of %(person)s are public. Retract them first, each for a reason"
                " of its own.",
                count,
            )
            % {"count": count, "person": person}
        )


@write
def remove_candidacy(*, candidacy: Candidacy, reason: str, by: User, now: datetime) -> None:
    """Take out a candidacy that was typed by mistake; where it was public a tombstone stays.

    Raises NoReason, EditedMeanwhile.
    """
    if not reason.strip():
        raise editorial.NoReason(_("Say why this candidacy is removed."))
    _locked_people([candidacy.person_id])
    stored = editorial.locked(candidacy)
    editorial.require_seen(stored, candidacy.version or None)
    if stored.person.state == State.PUBLISHED:
        record_tombstones(
            table=columns.CANDIDACIES, ids=[stored.pk], reason=reason.strip(), by=by, now=now
        )
    stored.delete()


def _rows_of(person: Person) -> Iterable[tuple[Table, list[int]]]:
    """Yield what becomes public together with a person."""
    yield columns.PEOPLE, [person.pk]
    yield columns.TERMS, list(person.terms.values_list("pk", flat=True))
    yield columns.CANDIDACIES, list(person.candidacies.values_list("pk", flat=True))


# Asked by everyone who judges, and mostly there is none; written once.
_DECLARED = Prepared(
    lambda people: (
        ConflictOfInterest.objects.open().filter(IsAny("person", people)).values_list("pk")
    ),
    is_planned=False,
)


def require_no_conflict(*, official: int, by: User, others: Collection[int] = ()) -> None:
    """Raise HasConflict if `by`, or one of the `others` (ids) behind a rating, has declared one.

    It counts wherever the official (an id) held, holds or sought an office.
    """
    declared = [pk for (pk,) in _DECLARED(list({by.pk, *others}))]
    if not declared:
        return
    found = ConflictOfInterest.objects.filter(pk__in=declared).towards(official)
    found = found.select_related("person", "jurisdiction")
    conflicts = sorted(found, key=lambda conflict: conflict.person_id != by.pk)
    if not conflicts:
        return
    names = {"person": conflicts[0].person, "place": conflicts[0].jurisdiction}
    if conflicts[0].person_id == by.pk:
        raise HasConflict(
            _("You have declared a conflict of interest in %(place)s: others judge there.") % names
        )
    raise HasConflict(
        _(
            "%(person)s has declared a conflict of interest in %(place)s. Send this back: an"
            " approval is given anew by someone else, a text of theirs is written anew."
        )
        % names
    )


@write
def declare_conflict(
    *, person: User, jurisdiction: Jurisdiction, nature: str, by: User, now: datetime
) -> ConflictOfInterest:
    """Declare that someone does not judge the officials of a jurisdiction, from now on.

    Raises NotTheirs unless `by` is the person or an administrator; ValidationError.
    """
    if person.pk != by.pk and not by.has_perm(ENDS_CONFLICTS):
        raise NotTheirs(_("Only an administrator declares the conflict of someone else."))
    conflict = ConflictOfInterest(
        person=person,
        jurisdiction=jurisdiction,
        nature=nature.strip(),
        declared_at=now,
        declared_by=by,
    )
    conflict.full_clean()
    conflict.save()
    return conflict


@write
def end_conflict(
    *, conflict: ConflictOfInterest, reason: str, by: User, now: datetime
) -> ConflictOfInterest:
    """End an open conflict of interest of someone else, with a reason.

    Raises NotTheirs unless `by` is another person and an administrator; HasEnded;
    ValidationError without a reason.
    """
    conflict = ConflictOfInterest.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if not by.has_perm(ENDS_CONFLICTS):
        raise NotTheirs(_("Only an administrator ends a conflict of interest."))
    if conflict.person_id == by.pk:
        raise NotTheirs(_("This conflict is yours: another administrator has to end it."))
    if conflict.ended_at is not None:
        raise HasEnded(_("This conflict of interest has ended already."))
    # It may have been declared on a host whose clock runs ahead of this one's.
    conflict.ended_at = max(now, conflict.declared_at)
    conflict.ended_by, conflict.end_reason = by, reason.strip()
    conflict.full_clean()
    conflict.save(update_fields=["ended_at", "ended_by", "end_reason"])
    return conflict


@write
def set_partnerships(
    *, person: User, jurisdictions: Iterable[Jurisdiction], by: User, now: datetime
) -> None:
    """Let a partner work on these jurisdictions and no others."""
    wanted = {jurisdiction.pk for jurisdiction in jurisdictions}
    present = set(Partnership.objects.places_of(person))
    Partnership.objects.filter(person=person, jurisdiction__in=present - wanted).delete()
    Partnership.objects.bulk_create(
        Partnership(person=person, jurisdiction_id=place) for place in sorted(wanted - present)
    )
