"""The officials: all of them, and one."""

from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from promises.common.dates import utc_date
from promises.evidence.models import ResultReportSource
from promises.officials.models import Candidacy, Election, Person, Term
from promises.pledges.models import Pledge
from promises.site.serving import public, published_or_gone
from promises.site.statuses import LABELS, Scorecard, scorecard, scorecards_by_person
from promises.staleness.models import Due, Watched

TERMS = Prefetch("terms", Term.objects.select_related("office__jurisdiction", "successor"))


@public
def prosecutors(request: HttpRequest) -> HttpResponse:
    """Show all officials with their scorecards."""
    facts = {"prosecutors": prosecutors_with_scorecards(), "labels": LABELS}
    return render(request, "site/prosecutors.html", {**facts, "today": utc_date(timezone.now())})


@public
def prosecutor(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one official: scorecard, terms, results as they were reported, pledges by topic."""
    people = Person.objects.prosecutors().prefetch_related(TERMS)
    person = published_or_gone(people, slug)
    return render(
        request, "site/prosecutor.html", prosecutor_facts(person, utc_date(timezone.now()))
    )


def prosecutors_with_scorecards() -> list[Person]:
    """Return the officials by name, each with terms and `scorecard`, in three queries."""
    scorecards = scorecards_by_person()
    people = list(Person.objects.published().prosecutors().prefetch_related(TERMS))
    for person in people:
        person.scorecard = scorecards.get(person.pk, Scorecard({}))  # type: ignore[attr-defined]
    return people


def prosecutor_facts(person: Person, today: date) -> dict[str, Any]:
    """Gather one official's page in seven queries after the person and the terms.

    The pledges, what is stale of them, the elections, who stood, the reports of the results,
    where they were read, and whether looking at them is paused.
    """
    pledges = (
        Pledge.objects.published()
        .filter(person=person)
        .select_related("topic__parent", "term")
        .in_reading_order()
    )
    pledges_with_stale = Due.objects.attach(pledges, today)
    return {
        "person": person,
        "scorecard": scorecard(pledges_with_stale),
        "topics": pledges_by_topic(pledges_with_stale),
        "elections": elections_of(person),
        "pauses": Watched.objects.pauses_of(person.pk),
        "today": today,
    }


def pledges_by_topic(pledges: list[Pledge]) -> list[tuple[Any, list[Pledge]]]:
    """Group pledges by topic, in the order of the tree of topics."""

    def place(pledge: Pledge) -> tuple[int, int, str]:
        parent = pledge.topic.parent
        if parent is None:
            return (pledge.topic.position, -1, pledge.topic.name)
        return (parent.position, pledge.topic.position, pledge.topic.name)

    ordered = sorted(pledges, key=place)
    return [(topic, list(group)) for topic, group in groupby(ordered, lambda pledge: pledge.topic)]


def elections_of(person: Person) -> list[Election]:
    """Return the elections the person stood in, newest first, with every report of the result."""
    return list(
        Election.objects.filter(candidacies__person=person)
        .select_related("office")
        .prefetch_related(
            Prefetch("candidacies", Candidacy.objects.published().select_related("person")),
            "result_reports",
            Prefetch(
                "result_reports__sources",
                ResultReportSource.objects.published().select_related("evidence"),
            ),
        )
    )
