"""The officials: all of them, and one."""

from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promises.common.dates import utc_date
from promises.evidence.models import ResultReportSource
from promises.officials.choices import ElectionOutcome
from promises.officials.models import Candidacy, Election, Person, Term
from promises.pledges import columns
from promises.pledges.models import Pledge
from promises.site import sharing
from promises.site.downloads import as_csv
from promises.site.pages.past import prosecutor_on
from promises.site.parameters import Parameters, listing
from promises.site.past import asked_day
from promises.site.serving import BadAddressError, public, published_or_gone
from promises.site.statuses import LABELS, Scorecard, scorecard, scorecards_by_person
from promises.site.timelines import clock, decided, official_events, strip_of
from promises.site.translations import render
from promises.staleness.models import Due, Watched
from promises.updates.models import Response, StatusUpdate

# How the promises of an official can be grouped, with `?by=`.
GROUPINGS = {"topic": gettext_lazy("by topic"), "status": gettext_lazy("by status")}
# So many officials are on a page.
PAGE = 50
RECALLS = (ElectionOutcome.RECALLED, ElectionOutcome.NOT_RECALLED)
TERMS = Prefetch("terms", Term.objects.select_related("office__jurisdiction", "successor"))


@public
def prosecutors(request: HttpRequest) -> HttpResponse:
    """Show the officials with their scorecards, 50 a page."""
    today = utc_date(timezone.now())
    page = listing(request, officials(), PAGE)
    facts = {"prosecutors": with_scorecards(page.rows, today), "listing": page, "labels": LABELS}
    return render(request, "site/prosecutors.html", {**facts, "today": today})


@public
def prosecutor(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one official: scorecard, pledges, years, elections as they were reported, replies."""
    parameters = Parameters(request)
    by = parameters.one_of("by", GROUPINGS) or "topic"
    if parameters.faults:
        raise BadAddressError(" ".join(parameters.faults))
    people = Person.objects.prosecutors().prefetch_related(TERMS)
    person = published_or_gone(people, slug)
    today = utc_date(timezone.now())
    if day := asked_day(request, today):
        return prosecutor_on(request, person, day)
    facts = prosecutor_facts(person, today)
    found = facts["pledges"]
    groups = pledges_by_status(found, today) if by == "status" else pledges_by_topic(found)
    facts |= {"by": by, "groupings": GROUPINGS, "groups": groups}
    return render(request, "site/prosecutor.html", facts)


@public
def prosecutor_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Return an official's pledges as CSV. Three queries: the person, which pledges, their rows."""
    person = published_or_gone(Person.objects.prosecutors(), slug)
    ids = Pledge.objects.published().filter(person=person).values_list("pk", flat=True)
    return as_csv(columns.PLEDGES, ids, name=f"{slug}-pledges")


def officials() -> QuerySet[Person]:
    """Return the officials by name, each with terms."""
    return Person.objects.published().prosecutors().prefetch_related(TERMS)


def with_scorecards(people: list[Person], today: date) -> list[Person]:
    """Give each official a `scorecard`. One query."""
    scorecards = scorecards_by_person(people, today)
    for person in people:
        person.scorecard = scorecards.get(person.pk, Scorecard({}))  # type: ignore[attr-defined]
    return people


def prosecutor_facts(person: Person, today: date) -> dict[str, Any]:
    """Gather one official's page in nine queries after the person and the terms.

    The pledges, what is stale of them, their ratings, the elections, who stood, the reports of
    the results, where they were read, replies, and whether looking at them is paused.
    """
    pledges = (
        Pledge.objects.published()
        .filter(person=person)
        .select_related("topic__parent", "term")
        .in_reading_order()
    )
    pledges_with_stale = Due.objects.attach(pledges, today)
    counts = scorecard(pledges_with_stale, today)
    elections = elections_of(person)
    updates = _ratings_of(pledges_with_stale)
    events = official_events(
        person,
        elections=elections,
        pledges=pledges_with_stale,
        updates=updates,
        today=today,
    )
    replies = Response.objects.published().filter(pledge__person=person)
    return {
        "person": person,
        "share": sharing.of_prosecutor(person, person.terms.all(), counts),
        "scorecard": counts,
        "pledges": pledges_with_stale,
        "labels": LABELS,
        "elections": elections,
        "terms": [(term, clock(term, today)) for term in person.terms.all()],
        "events": events,
        "strip": strip_of(person, events, today),
        "replies": list(replies.select_related("pledge", "evidence")),
        "pauses": Watched.objects.pauses_of(pledges_with_stale),
        "today": today,
    }


def _ratings_of(pledges: list[Pledge]) -> list[StatusUpdate]:
    """Return the public ratings of public pledges, the newest first. One query."""
    known = {pledge.pk: pledge for pledge in pledges}
    ratings = StatusUpdate.objects.published().filter(pledge__in=known)
    updates = list(ratings.newest_first().with_signatures())
    # Made once, not again for each of its ratings.
    for update in updates:
        update.pledge = known[update.pledge_id]
    return updates


def pledges_by_status(pledges: list[Pledge], today: date) -> list[tuple[str, list[Pledge]]]:
    """Group pledges by status, in the order of a scorecard."""
    keys = list(LABELS)

    def place(pledge: Pledge) -> int:
        return keys.index(pledge.shown_on(today))

    ordered = sorted(pledges, key=place)
    return [(keys[number], list(group)) for number, group in groupby(ordered, place)]


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
    """Return the elections the person stood in or faced in office, the newest first.

    Each comes with every report of the result, `sides`, what its two columns are, and `decided`.
    """
    terms = "office__terms"
    faced = Q(
        Q(**{f"{terms}__ends_on__isnull": True}) | Q(**{f"{terms}__ends_on__gte": F("held_on")}),
        outcome__in=RECALLS,
        **{f"{terms}__person": person, f"{terms}__started_on__lte": F("held_on")},
    )
    # By id: a join to who stood and who held the office would repeat an election.
    ids = Election.objects.filter(Q(candidacies__person=person) | faced).values("pk")
    elections = list(
        Election.objects.filter(pk__in=ids)
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
    for election in elections:
        election.sides = sides(election)  # type: ignore[attr-defined]
        election.decided = decided(election)  # type: ignore[attr-defined]
    return elections


def sides(election: Election) -> tuple[str, str]:
    """Return what the two shares of a result are: nobody wins a recall."""
    if election.outcome == ElectionOutcome.RECALLED:
        return _("For the recall"), _("Against it")
    if election.outcome == ElectionOutcome.NOT_RECALLED:
        return _("Against the recall"), _("For it")
    return _("Winner"), _("Runner-up")
