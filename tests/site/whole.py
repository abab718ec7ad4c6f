"""Builds records of which everything a page can show is known."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from promises.accounts.models import User
from promises.evidence.models import Evidence, ResultReportSource
from promises.metrics.actions import add_observation, publish_metric, save_metric
from promises.metrics.models import Metric, MetricPledge, Observation
from promises.officials.actions import publish_person, save_official_record, save_person
from promises.officials.models import Candidacy, Election, Person, ResultReport, Term
from promises.pledges.models import Pledge
from promises.updates.correcting import correct_pledge, correct_status_update
from promises.updates.models import Response, StatusUpdate
from promises.updates.responding import publish_response, save_response
from tests import record
from tests.record import NOW, record_review
from tests.record_requests.filed import request

_number = count(1)


def imported_update(*, by: User, of: Pledge, **content: Any) -> StatusUpdate:
    """Bring an update in as the seed record does: published, without approvals."""
    update = record.draft_update(by=by, of=of, is_imported=True, **content)
    StatusUpdate.objects.filter(pk=update.pk).update(
        state="published", published_at=NOW, published_by=by
    )
    return StatusUpdate.objects.get(pk=update.pk)


def election(*, by: User, of: Person, source: Evidence, **more: Any) -> Election:
    """An election that the person won, with two reports of the result, the first one sourced."""
    office = Term.objects.filter(person=of).latest("started_on").office
    stage = more.pop("stage", "general")
    held = Election(
        slug=f"election-{next(_number)}",
        office=office,
        held_on=date(2023, 11, 7),
        stage=stage,
        outcome="elected",
        **more,
    )
    save_official_record(record=held, by=by, now=NOW)
    won = Candidacy(election=held, person=of, party="Example Party", is_winner=True)
    save_official_record(record=won, by=by, now=NOW)
    first = ResultReport(
        election=held,
        position=1,
        as_of="election night, half of the precincts",
        status="partial",
        precincts_percent=Decimal("49.5"),
        winner_percent=71,
        runner_up_percent=29,
    )
    second = ResultReport(
        election=held,
        position=2,
        as_of="a week later",
        status="official",
        winner_percent=75,
        winner_votes=147559,
        margin_votes=97497,
    )
    for report in (first, second):
        save_official_record(record=report, by=by, now=NOW)
    ResultReportSource.objects.create(result_report=first, evidence=source)
    return held


def metric(*, by: User, about: Pledge, values: int = 3, **more: Any) -> Metric:
    """A published series of months with one value that a later vintage superseded."""
    number = next(_number)
    series = Metric(
        slug=f"metric-{number}",
        jurisdiction=(about.term or record.term(by=by)).office.jurisdiction,
        key=f"metric_{number}",
        unit="case_participants",
        **{"name": f"Cases with cash bail {number}", **more},
    )
    series = save_metric(metric=series, by=by, now=NOW)
    MetricPledge.objects.create(metric=series, pledge=about)
    series = publish_metric(metric=series, by=by, now=NOW)
    rows = [(date(2024, month + 1, 1), date(2025, 1, 10), 1000 + month) for month in range(values)]
    rows.append((date(2024, 1, 1), date(2024, 6, 1), 1234))
    for observed_on, vintage_on, value in rows:
        row = Observation(
            metric=series,
            observed_on=observed_on,
            period="month",
            value=Decimal(value) + Decimal("0.5"),
            vintage_on=vintage_on,
            source="example-dashboard",
        )
        add_observation(observation=row, by=by, now=NOW)
    return series


def pledge(*, by: User, **more: Any) -> Pledge:
    """A pledge of which everything is known: evidence of each stance, two ratings, the lot."""
    made = record.pledge(by=by, **more)
    for stance in ("supports", "contradicts", "context"):
        record.evidence(by=by, about=made, stance=stance)
    imported_update(by=by, of=made, status="stalled", effective_on=date(2025, 1, 8))
    update = record.published_update(by=by, of=made, status="compromise", reason="partly_done")
    record_review(
        pledge=made, note="Looked at the new figures.", by=by, now=NOW + timedelta(days=1)
    )
    reply = Response(
        slug=f"response-{made.slug}",
        pledge=made,
        said_by="Office of Jane Example",
        text="We did what could be done.",
        published_on=date(2025, 7, 1),
        evidence=made.evidence.first(),
    )
    publish_response(response=save_response(response=reply, by=by, now=NOW), by=by, now=NOW)
    correct_status_update(
        update=update,
        new_text="The evidence says so, mostly.",
        kind="clarification",
        note="A reader asked.",
        by=by,
        now=NOW,
    )
    made.title = f"{made.title} well"
    correct_pledge(pledge=made, kind="typo", note="A word was missing.", by=by, now=NOW)
    request(by=by, about=made)
    metric(by=by, about=made)
    election(by=by, of=made.person, source=made.evidence.first(), stage=f"stage {made.slug}")
    made.refresh_from_db()
    return made


def successor(*, by: User, term: Term, is_published: bool, **more: Any) -> Person:
    """Someone who follows in an office, public or not."""
    person = Person(slug=f"successor-{next(_number)}", **{"name": "Sam Successor", **more})
    person = save_person(person=person, by=by, now=NOW)
    if is_published:
        person = publish_person(person=person, by=by, now=NOW)
    term.successor = person
    save_official_record(record=term, by=by, now=NOW)
    return person
