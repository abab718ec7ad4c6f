"""Two officials side by side, and one official's terms side by side: topic by topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from promises.common.dates import utc_date
from promises.officials.models import Person, Term
from promises.pledges.models import Pledge, Topic
from promises.site.pages.prosecutors import TERMS, pledges_by_topic
from promises.site.parameters import Parameters
from promises.site.serving import public
from promises.site.statuses import LABELS, Scorecard, scorecard
from promises.site.translations import render
from promises.staleness.models import Due


@dataclass(frozen=True)
class Column:
    """One side: an official, or an official's term, with the pledges made for it."""

    person: Person
    term: Term | None
    pledges: list[Pledge]
    scorecard: Scorecard


@dataclass(frozen=True)
class Row:
    """One topic, and what each side promised on it."""

    topic: Topic
    cells: list[tuple[Column, list[Pledge]]]


@public
def compare(request: HttpRequest) -> HttpResponse:
    """Show the officials `?a=` and `?b=` side by side; with one of them alone, term by term.

    Four queries: the officials, their terms, the pledges, what is stale of them.
    """
    today = utc_date(timezone.now())
    parameters = Parameters(request)
    people = {
        person.slug: person
        for person in Person.objects.published().prosecutors().prefetch_related(TERMS)
    }
    chosen = {name: parameters.one_of(name, people) for name in ("a", "b")}
    facts: dict[str, Any] = {"people": people, "chosen": chosen, "faults": parameters.faults}
    facts["today"] = today
    if parameters.faults:
        return render(request, "site/compare.html", facts, status=400)
    sides = [people[slug] for slug in dict.fromkeys(filter(None, chosen.values()))]
    columns = columns_of(sides, today)
    facts |= {"columns": columns, "rows": rows_of(columns), "labels": LABELS}
    return render(request, "site/compare.html", facts)


def columns_of(sides: Sequence[Person], today: date) -> list[Column]:
    """Return a column for each official, or for each term of the only one. At most two queries."""
    if not sides:
        return []
    found = Pledge.objects.published().filter(person__in=sides)
    found = found.select_related("topic__parent", "term").in_reading_order()
    pledges = Due.objects.attach(found, today)
    if len(sides) > 1:
        return [
            _column(person, None, [p for p in pledges if p.person_id == person.pk], today)
            for person in sides
        ]
    (person,) = sides
    terms: list[Term | None] = [*reversed(person.terms.all())]
    if any(pledge.term_id is None for pledge in pledges):
        terms.append(None)
    return [
        _column(
            person, term, [p for p in pledges if p.term_id == (term.pk if term else None)], today
        )
        for term in terms
    ]


def _column(person: Person, term: Term | None, pledges: list[Pledge], today: date) -> Column:
    return Column(person, term, pledges, scorecard(pledges, today))


def rows_of(columns: Sequence[Column]) -> list[Row]:
    """Return the topics of all columns in the order of the tree, those of several first."""
    together = [pledge for column in columns for pledge in column.pledges]
    rows = [
        Row(
            topic,
            [(column, [p for p in column.pledges if p.topic_id == topic.pk]) for column in columns],
        )
        for topic, _pledges in pledges_by_topic(together)
    ]
    return sorted(rows, key=lambda row: -sum(1 for _column, pledges in row.cells if pledges))
