"""One public record of every kind, made through the actions of the desk."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from promises.accounts.models import User
from promises.evidence.actions import add_result_report_source
from promises.evidence.models import Evidence, ResultReportSource
from promises.metrics.actions import add_observation, publish_metric, save_metric
from promises.metrics.models import Metric, MetricPledge, Observation
from promises.officials.actions import publish_person, save_official_record, save_person
from promises.officials.models import (
    Candidacy,
    Election,
    Jurisdiction,
    Office,
    Person,
    ResultReport,
    Term,
)
from promises.pledges.models import Pledge, Topic
from promises.staleness.actions import sweep_stale
from promises.updates.correcting import correct_evidence, correct_pledge
from promises.updates.models import Response, StatusUpdate
from promises.updates.responding import publish_response, save_response
from tests import record
from tests.record import record_review

NOW = record.NOW
MINUTE = timedelta(minutes=1)


@dataclass
class World:
    """What the tests ask for."""

    author: User
    person: Person
    term: Term
    topic: Topic
    pledge: Pledge
    evidence: Evidence
    update: StatusUpdate
    metric: Metric


def build_world() -> World:
    """Build a person in office with a pledge, its evidence, rating, review and all the rest."""
    author = record.user("author")
    person = public_person(author, "jane-example", "Jane Example")
    place, office, term = office_and_term(author, person)
    add_election(author, office, person)
    topic = record.topic(by=author, slug="bail", name="Bail", principle=3, position=2)
    pledge = record.pledge(
        by=author,
        of=term,
        topic=topic,
        slug="end-cash-bail",
        title="End cash bail",
        statement="She said she would end cash bail.",
        quote="No more cash bail.",
        quote_attribution="Campaign page",
        due_on=date(2026, 6, 1),
    )
    evidence = record.evidence(
        by=author,
        about=pledge,
        slug="bail-report",
        title="Bail report",
        url="https://news.example.org/bail",
        published_on=date(2025, 5, 1),
        date_precision="month",
        summary="Cash bail was asked for less often.",
    )
    update = record.published_update(
        by=author, of=pledge, cited=evidence, slug="bail-update", status="in_the_works"
    )
    metric = add_metric(author, place, pledge)
    add_what_follows(author, pledge, evidence)
    # The same moment a year later: the review is overdue and the deadline has passed.
    sweep_stale(by=author, now=NOW + timedelta(days=365))
    return World(author, person, term, topic, pledge, evidence, update, metric)


def public_person(by: User, slug: str, name: str, **more: Any) -> Person:
    """A published person."""
    person = save_person(person=Person(slug=slug, name=name, **more), by=by, now=NOW)
    return publish_person(person=person, by=by, now=NOW)


def office_and_term(by: User, person: Person) -> tuple[Jurisdiction, Office, Term]:
    """An office in a place, and a person's term in it."""
    place = Jurisdiction(
        slug="example-county", name="Example County", kind="county", state="PA", fips="42999"
    )
    save_official_record(record=place, by=by, now=NOW)
    office = Office(
        slug="example-da",
        title="District Attorney of Example County",
        jurisdiction=place,
        term_years=4,
        selection="partisan election",
    )
    save_official_record(record=office, by=by, now=NOW)
    term = Term(slug="example-term", person=person, office=office, started_on=date(2024, 1, 1))
    return place, office, save_official_record(record=term, by=by, now=NOW)


def add_election(by: User, office: Office, winner: Person) -> Election:
    """An election with two candidates and one report of its result, with a source."""
    election = Election(
        slug="example-2023",
        office=office,
        held_on=date(2023, 11, 7),
        stage="general",
        outcome="elected",
    )
    save_official_record(record=election, by=by, now=NOW)
    loser = public_person(by, "joe-example", "Joe Example")
    for person, is_winner in ((winner, True), (loser, False)):
        candidacy = Candidacy(
            election=election, person=person, party="Example Party", is_winner=is_winner
        )
        save_official_record(record=candidacy, by=by, now=NOW)
    report = ResultReport(
        election=election,
        position=1,
        as_of="election night",
        status="partial",
        winner_percent=Decimal("71.50"),
        runner_up_percent=Decimal("28.50"),
        winner_votes=1000,
    )
    save_official_record(record=report, by=by, now=NOW)
    piece = record.draft_evidence(
        by=by,
        slug="count-report",
        title="Count report",
        kind="election_result",
        url="https://news.example.org/count",
        published_on=date(2023, 11, 7),
        summary="The count so far.",
    )
    piece = record.publish_evidence(evidence=piece, by=by, now=NOW)
    source = ResultReportSource(result_report=report, evidence=piece)
    add_result_report_source(source=source, by=by, now=NOW)
    return election


def add_metric(by: User, place: Jurisdiction, pledge: Pledge) -> Metric:
    """A metric with two vintages of one month and one of the next."""
    metric = save_metric(
        metric=Metric(
            slug="cash-bail-share",
            jurisdiction=place,
            key="cash_bail",
            name="Share of cases with cash bail",
            unit="percent",
            description="By month of arraignment.",
        ),
        by=by,
        now=NOW,
    )
    MetricPledge.objects.create(metric=metric, pledge=pledge)
    for month, vintage_on, value in (
        (date(2025, 1, 1), date(2025, 2, 1), "41.5"),
        (date(2025, 1, 1), date(2025, 3, 1), "40.25"),
        (date(2025, 2, 1), date(2025, 3, 1), "39"),
    ):
        observation = Observation(
            metric=metric,
            observed_on=month,
            period="month",
            value=Decimal(value),
            vintage_on=vintage_on,
            source="dashboard/bail",
        )
        add_observation(observation=observation, by=by, now=NOW)
    return publish_metric(metric=metric, by=by, now=NOW)


def add_what_follows(by: User, pledge: Pledge, evidence: Evidence) -> None:
    """A review, a reply and two corrections."""
    now: datetime = NOW + MINUTE
    record_review(pledge=pledge, note="Read the newest figures.", by=by, now=now)
    response = Response(
        slug="bail-reply",
        pledge=pledge,
        said_by="Jane Example",
        text="The office asks for cash bail in few cases now.",
        published_on=date(2026, 2, 1),
        evidence=evidence,
    )
    response = save_response(response=response, by=by, now=now)
    publish_response(response=response, by=by, now=now)
    pledge.refresh_from_db()
    pledge.title = "End all cash bail"
    correct_pledge(pledge=pledge, kind="clarification", note="Too short.", by=by, now=now)
    evidence.refresh_from_db()
    evidence.publisher = "The Example Gazette"
    correct_evidence(evidence=evidence, kind="correction", note="Wrong paper.", by=by, now=now)
    pledge.refresh_from_db()
