"""Everything that nobody outside may see, tied to the public record wherever it can be.

Every text of it holds the word "secret". What was never public is called secret-…; what was
public once is called withdrawn-…, and of that only tombstones tell.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from promises.editorial import actions as editorial
from promises.evidence.actions import (
    add_result_report_source,
    retract_evidence,
    save_evidence_link,
)
from promises.evidence.models import EvidenceLink, ResultReportSource
from promises.metrics.actions import add_observation, publish_metric, save_metric
from promises.metrics.models import Metric, MetricPledge, Observation
from promises.officials.actions import retract_person, save_official_record, save_person
from promises.officials.models import Candidacy, Election, Jurisdiction, Office, Person, Term
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.updates.actions import retract_status_update, submit_status_update
from promises.updates.correcting import correct_evidence, correct_pledge, correct_status_update
from promises.updates.models import Response
from promises.updates.responding import publish_response, save_response
from tests import record
from tests.api.world import NOW, World, public_person
from tests.record import record_review

WORDS = {
    "title": "A secret title",
    "statement": "A secret statement",
    "quote": "A secret quote",
    "quote_attribution": "A secret place",
}
PAPER = {"title": "A secret title", "publisher": "Secret Times", "summary": "A secret summary."}


def add_hidden(world: World) -> None:
    """Build it all, and leave flags open on what is withdrawn."""
    _never_public(world)
    _withdrawn(world)
    _withdrawn_person(world)
    sweep_stale(by=world.author, now=NOW + timedelta(days=700))


def _metric(world: World, slug: str, about: Pledge, **more: Any) -> Metric:
    by = world.author
    metric = Metric(
        slug=slug, jurisdiction=world.term.office.jurisdiction, key=f"{slug} secret",
        name="Secret name", unit="secret", description="Secret",
    )  # fmt: skip
    metric = save_metric(metric=metric, by=by, now=NOW)
    MetricPledge.objects.create(metric=metric, pledge=about)
    observation = Observation(
        metric=metric, observed_on=date(2025, 1, 1), period="month", value=Decimal(1),
        vintage_on=date(2025, 2, 1), source="secret",
    )  # fmt: skip
    add_observation(observation=observation, by=by, now=NOW)
    return metric


def _response(world: World, slug: str, **more: Any) -> Response:
    response = Response(
        slug=slug, pledge=world.pledge, said_by="Secret person", text="A secret reply",
        date_precision="unknown", **more,
    )  # fmt: skip
    return save_response(response=response, by=world.author, now=NOW)


def _never_public(world: World) -> None:
    """Drafts of every kind, each tied to something public."""
    by, public = world.author, world.pledge
    person = Person(slug="secret-person", name="Secret Person", background="Secret")
    person = save_person(person=person, by=by, now=NOW)
    election = Election.objects.get(slug="example-2023")
    Candidacy.objects.create(election=election, person=person, party="Secret Party")
    term = Term(
        slug="secret-term", person=person, office=world.term.office,
        started_on=date(2000, 1, 1), ends_on=date(2004, 1, 1), note="Secret",
    )  # fmt: skip
    save_official_record(record=term, by=by, now=NOW)
    draft = record.draft_pledge(by=by, of=world.term, topic=world.topic, slug="secret-pledge",
                                **WORDS)  # fmt: skip
    link = EvidenceLink(pledge=draft, evidence=world.evidence, stance="supports", note="secret")
    save_evidence_link(link=link, by=by, now=NOW)
    MetricPledge.objects.create(metric=world.metric, pledge=draft)
    paper = record.draft_evidence(by=by, slug="secret-paper", **PAPER)
    link = EvidenceLink(pledge=public, evidence=paper, stance="contradicts", note="secret")
    save_evidence_link(link=link, by=by, now=NOW)
    more: dict[str, Any] = {"of": public, "cited": world.evidence, "reasoning": "Secret reasons"}
    record.draft_update(by=by, slug="secret-draft", status="kept", **more)
    review = record.draft_update(by=by, slug="secret-review", status="broken", **more)
    submit_status_update(update=review, by=by, now=NOW)
    _response(world, "secret-reply", evidence=paper)
    plain = Response(
        slug="plain-reply", pledge=public, said_by="Jane Example", text="Plain.", evidence=paper,
        date_precision="unknown",
    )  # fmt: skip
    plain = save_response(response=plain, by=by, now=NOW)
    publish_response(response=plain, by=by, now=NOW)
    report = election.result_reports.get()
    add_result_report_source(
        source=ResultReportSource(result_report=report, evidence=paper), by=by, now=NOW
    )
    _metric(world, "secret-metric", public)


def _withdrawn(world: World) -> None:
    """What was public and is not any more, with all that hung on it."""
    by, public = world.author, world.pledge
    pledge = record.pledge(by=by, of=world.term, topic=world.topic, slug="withdrawn-pledge",
                           **WORDS)  # fmt: skip
    update = record.published_update(
        by=by, of=pledge, cited=world.evidence, slug="withdrawn-child", reasoning="Secret"
    )
    record_review(pledge=pledge, note="A secret look", by=by, now=NOW)
    pledge.refresh_from_db()
    pledge.title = "A second secret title"
    correct_pledge(pledge=pledge, kind="typo", note="Secret", by=by, now=NOW)
    correct_status_update(update=update, new_text="Secret 2", kind="typo", note="Secret", by=by,
                          now=NOW)  # fmt: skip
    _metric(world, "withdrawn-metric", pledge)
    paper = record.evidence(by=by, about=public, slug="withdrawn-paper", **PAPER)
    paper.title = "A second secret title"
    correct_evidence(evidence=paper, kind="typo", note="Secret", by=by, now=NOW)
    wrong = record.published_update(
        by=by, of=public, cited=paper, slug="withdrawn-update", status="stalled",
        effective_on=date(2025, 1, 1), reasoning="Secret reasons",
    )  # fmt: skip
    correct_status_update(update=wrong, new_text="Secret 3", kind="typo", note="Secret", by=by,
                          now=NOW)  # fmt: skip
    reply = _response(world, "withdrawn-reply")
    reply = publish_response(response=reply, by=by, now=NOW)
    metric = _metric(world, "withdrawn-series", public)
    metric = publish_metric(metric=metric, by=by, now=NOW)
    sweep_stale(by=by, now=NOW + timedelta(days=600))
    for row in (reply, metric):
        editorial.retract(record=row, reason="Wrong.", by=by, now=NOW)
    retract_status_update(update=wrong, reason="Wrong.", by=by, now=NOW)
    retract_evidence(evidence=paper, reason="Wrong.", by=by, now=NOW)
    retract_pledge(pledge=pledge, reason="Wrong.", by=by, now=NOW)


def _withdrawn_person(world: World) -> None:
    """Someone who is public no more, with a term, a pledge and a successor's place."""
    by = world.author
    person = public_person(by, "withdrawn-person", "Secret Name", background="Secret")
    place = Jurisdiction(slug="plain-county", name="Plain County", kind="county", state="OH")
    save_official_record(record=place, by=by, now=NOW)
    office = Office(slug="plain-da", title="Prosecutor", jurisdiction=place, term_years=4,
                    selection="election")  # fmt: skip
    save_official_record(record=office, by=by, now=NOW)
    term = Term(slug="withdrawn-term", person=person, office=office,
                started_on=date(2020, 1, 1), note="Secret")  # fmt: skip
    term = save_official_record(record=term, by=by, now=NOW)
    pledge = record.pledge(by=by, of=term, topic=world.topic, slug="withdrawn-2", **WORDS)
    record.evidence(by=by, about=pledge, slug="public-paper", summary="Plain.")
    earlier = Term(
        slug="earlier-term", person=world.person, office=office, started_on=date(2016, 1, 1),
        ends_on=date(2020, 1, 1), end_reason="did_not_run", successor=person,
    )  # fmt: skip
    save_official_record(record=earlier, by=by, now=NOW)
    retract_pledge(pledge=pledge, reason="Wrong.", by=by, now=NOW)
    retract_person(person=person, reason="Wrong.", by=by, now=NOW)
