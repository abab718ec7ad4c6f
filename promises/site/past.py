"""Records as readers saw them on a past day, put back onto the rows of the present.

Words that can change come from the ledger; what never changes once published comes from its
table, by date. What has been withdrawn since stays withdrawn: of it the day says when and why.
"""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from datetime import date, datetime
from typing import Any

from django.db.models import F, Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext as _

from promises.common.columns import Table
from promises.common.dates import end_of, utc_date
from promises.evidence.columns import EVIDENCE_LINKS
from promises.evidence.models import Evidence
from promises.officials.columns import OFFICES, PEOPLE, TERMS
from promises.officials.models import Person, Term
from promises.pledges.columns import CRITERIA, PLEDGES, TOPICS
from promises.pledges.models import Criterion, Pledge, Topic
from promises.serving.marks import shows_work
from promises.site.parameters import Parameters
from promises.site.serving import BadAddressError, ElsewhereError
from promises.site.templatetags.record import day as in_words
from promises.staleness.models import StaleFlag
from promises.updates.as_of import Row, Standing, rows_on, standings
from promises.updates.models import Correction, StatusUpdate

Rows = Mapping[str, Row]


def asked_day(request: HttpRequest, today: date) -> date | None:
    """Return the past day of `?as_of=`; None without one, and for today, which is not over.

    Raises BadAddressError for what is no day, or a day to come.
    """
    parameters = Parameters(request)
    day = parameters.day("as_of")
    if parameters.faults:
        raise BadAddressError(" ".join(parameters.faults), words=_("Go to the present page"))
    if day is not None and day > today:
        raise BadAddressError(
            _("%(day)s has not come yet: nobody knows what readers will see then.")
            % {"day": in_words(day)},
            words=_("Go to the present page"),
        )
    if day in {None, today}:
        return None
    # What was stale on that day is told by flags.
    shows_work(request)
    return day


def not_yet(first: datetime | None, day: date) -> ElsewhereError:
    """Return the error for a record that was published only later."""
    later = (
        _("It was published on %(first)s.") % {"first": in_words(utc_date(first))} if first else ""
    )
    return ElsewhereError(
        _("This was not on record yet on %(day)s.") % {"day": in_words(day)} + f" {later}",
        query="",
        words=_("Go to the present page"),
    )


def worded(record: Any, table: Table, rows: Rows) -> Any:
    """Return a copy of a record with its public columns as the ledger had them; None if absent.

    What it belongs to stays as it is: whoever asks looks that up by the names in the row.
    """
    name = "/".join(str(_value(record, table.column(key).source)) for key in table.key)
    row = rows.get(f"{table.name}/{name}")
    if row is None:
        return None
    past = copy(record)
    for column in table.columns:
        if "__" not in column.source and column.name in row:
            field = past._meta.get_field(column.name)
            setattr(past, column.name, field.to_python(row[column.name]))
    return past


def _value(record: Any, path: str) -> Any:
    for name in path.split("__"):
        record = getattr(record, name)
    return record


def subjects(table: Table, names: Iterable[str]) -> list[str]:
    """Return the names of rows as the ledger writes them."""
    return [f"{table.name}/{name}" for name in names]


def pledges_then(pledges: Collection[Pledge], day: date) -> list[Pledge]:
    """Return those of the pledges that were public then, as they stood, with `stale`.

    Ten queries for any number: the standings, topics, names, what was stale; and one each where
    the official or the term was another than today.
    """
    found = standings([pledge.pk for pledge in pledges], day)
    topics, people, terms = _belongings(pledges, found.values(), day)
    stale: dict[int, list[StaleFlag]] = {pk: [] for pk in found}
    flags = StaleFlag.objects.published().lasting_on(day).filter(pledge__in=found)
    for flag in flags.as_they_stood(day).order_by(F("since_then"), "reason"):
        flag.due_on, flag.facts = flag.since_then, flag.facts_then  # type: ignore[attr-defined]
        stale[flag.pledge_id].append(flag)
    then = []
    for pledge in pledges:
        standing = found.get(pledge.pk)
        if standing and (person := people.get(standing.words["person"])):
            past = _as_it_stood(pledge, standing)
            past.topic, past.person = topics[standing.words["topic"]], person
            past.term = terms.get(standing.words["term"])
            past.stale = stale[pledge.pk]  # type: ignore[attr-defined]
            then.append(past)
    return then


def _belongings(
    pledges: Iterable[Pledge], found: Iterable[Standing], day: date
) -> tuple[dict[str, Topic], dict[str, Person], dict[str, Term | None]]:
    """Return by name the topics, officials and terms that pledges then had, as they were known."""
    words = [standing.words for standing in found]
    topics = Topic.objects.select_related("parent").in_bulk(
        {row["topic"] for row in words}, field_name="slug"
    )
    people = {pledge.person.slug: pledge.person for pledge in pledges}
    others = {row["person"] for row in words} - people.keys()
    people |= Person.objects.published().in_bulk(others, field_name="slug")
    terms = {pledge.term.slug: pledge.term for pledge in pledges if pledge.term}
    others = {row["term"] for row in words if row["term"]} - terms.keys()
    terms |= Term.objects.select_related("office").in_bulk(others, field_name="slug")
    names = rows_on(
        [
            *subjects(TOPICS, topics),
            *subjects(PEOPLE, people),
            *subjects(TERMS, terms),
            *subjects(OFFICES, {term.office.slug for term in terms.values()}),
        ],
        day,
    )
    return (
        {name: worded(topic, TOPICS, names) or topic for name, topic in topics.items()},
        {name: worded(person, PEOPLE, names) or person for name, person in people.items()},
        {name: term_then(term, names) for name, term in terms.items()},
    )


def _as_it_stood(pledge: Pledge, standing: Standing) -> Pledge:
    past: Pledge = worded(pledge, PLEDGES, {f"pledges/{pledge.slug}": standing.words})
    rating, counts = standing.rating, standing.evidence_counts
    past.status, past.status_since = rating.status, rating.status_since
    past.status_assessed_on = rating.status_assessed_on
    past.status_is_provisional, past.confidence = rating.status_is_provisional, rating.confidence
    past.last_reviewed_at = rating.last_reviewed_at
    past.supports_count, past.contradicts_count = counts["supports"], counts["contradicts"]
    past.context_count = counts["context"]
    past.edition, past.updated_at = standing.edition, standing.updated_at
    return past


def term_then(term: Term, names: Rows) -> Term | None:
    """Return a term, read with its office, as it was known; None if it was not known yet."""
    past: Term | None = worded(term, TERMS, names)
    if past:
        past.office = worded(term.office, OFFICES, names) or term.office
    return past


def ends_then(terms: Iterable[str], day: date) -> dict[str, date]:
    """Return by name when terms end, as far as that was known then. One query."""
    rows = rows_on(subjects(TERMS, terms), day).values()
    return {row["slug"]: date.fromisoformat(row["ends_on"]) for row in rows if row["ends_on"]}


def person_then(person: Person, day: date) -> tuple[Person, list[Term]]:
    """Return an official, read with terms, and the terms as they were known. One query."""
    terms = list(person.terms.all())
    names = rows_on(
        [
            *subjects(PEOPLE, [person.slug]),
            *subjects(TERMS, [term.slug for term in terms]),
            *subjects(OFFICES, {term.office.slug for term in terms}),
        ],
        day,
    )
    past = worded(person, PEOPLE, names)
    if past is None:
        raise not_yet(person.published_at, day)
    return past, [each for term in terms if (each := term_then(term, names))]


def updates_then(pledge: Pledge, day: date) -> list[StatusUpdate]:
    """Return the ratings of a pledge as a history of that day, with who signed and what corrects.

    Two queries: the updates, their corrections.
    """
    until = end_of(day)
    notes = Correction.objects.published().filter(corrected_at__lt=until)
    found = StatusUpdate.objects.published().public_at(until).filter(pledge=pledge).newest_first()
    found = found.with_signatures(until).with_citations()
    return list(
        found.prefetch_related(
            Prefetch("corrections", notes.select_related("corrected_by"), to_attr="notes")
        )
    )


def criteria_then(pledge: Pledge, day: date) -> list[Criterion]:
    """Return the criteria of a pledge as they were. Two queries."""
    found = list(Criterion.objects.published().filter(pledge=pledge).select_related("pledge"))
    rows = rows_on(subjects(CRITERIA, [f"{pledge.slug}/{each.position}" for each in found]), day)
    return [past for each in found if (past := worded(each, CRITERIA, rows))]


def withdrawn_since(pledge: Pledge, day: date) -> list[tuple[str, Any]]:
    """Return what stood with a pledge on that day and was withdrawn later.

    Three queries: the ratings, the evidence, and if there is any, whether it was linked by then.
    """
    until = end_of(day)
    ratings = StatusUpdate.objects.filter(pledge=pledge).withdrawn_since(until)
    pieces = list(Evidence.objects.filter(links__pledge=pledge).withdrawn_since(until))
    names = subjects(EVIDENCE_LINKS, [f"{pledge.slug}/{each.slug}" for each in pieces])
    linked = rows_on(names, day)
    return [(_("A rating"), each) for each in ratings] + [
        (_("A piece of evidence"), each)
        for name, each in zip(names, pieces, strict=True)
        if name in linked
    ]
