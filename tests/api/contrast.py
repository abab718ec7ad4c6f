"""A second official whose record differs from the first in everything a filter can ask for."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from promises.accounts.models import User
from promises.metrics.actions import add_observation, publish_metric, save_metric
from promises.metrics.models import Metric, MetricPledge, Observation
from promises.officials.actions import save_official_record
from promises.officials.models import Candidacy, Election, Jurisdiction, Office, Person, Term
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.updates.correcting import correct_status_update
from promises.updates.models import Response
from promises.updates.responding import publish_response, save_response
from tests import record
from tests.api.world import NOW, World, public_person
from tests.record import record_review

HOUR = timedelta(hours=1)


def add_contrast(world: World) -> None:
    """Build John Sample: resigned, broke one pledge, and two more that nobody has rated."""
    by = world.author
    john = public_person(by, "john-sample", "John Sample", background="Former teacher.")
    place, term = _office_and_term(by, john, successor=world.person)
    topic = record.topic(
        by=by, slug="charging", name="Charging", parent=world.topic, principle=2, position=1
    )
    broken = record.pledge(
        by=by, of=term, topic=topic, slug="never-overcharge", title="Never overcharge",
        kind="standing", origin="in_office", made_on=date(2020, 2, 2),
    )  # fmt: skip
    _measure(by, place, broken)
    _rate(by, broken)
    waiting = record.pledge(by=by, of=term, topic=topic, slug="open-data")
    record.pledge(by=by, of=term, topic=topic, slug="forgotten")
    # A flag that a piece of evidence closed again.
    sweep_stale(by=by, now=NOW + timedelta(days=366))
    record.evidence(
        by=by, about=waiting, slug="data-portal", kind="official_data", stance="context",
        published_on=None, date_precision="unknown", now=NOW + timedelta(days=367),
    )  # fmt: skip


def _office_and_term(by: User, john: Person, successor: Person) -> tuple[Jurisdiction, Term]:
    place = Jurisdiction(slug="sample-county", name="Sample County", kind="county", state="NJ")
    save_official_record(record=place, by=by, now=NOW)
    office = Office(
        slug="sample-da", title="Prosecutor of Sample County", jurisdiction=place, term_years=4,
        selection="appointment",
    )  # fmt: skip
    save_official_record(record=office, by=by, now=NOW)
    election = Election(
        slug="sample-2025", office=office, held_on=date(2025, 3, 4), stage="recall",
        outcome="recalled",
    )  # fmt: skip
    save_official_record(record=election, by=by, now=NOW)
    candidacy = Candidacy(election=election, person=john)
    save_official_record(record=candidacy, by=by, now=NOW)
    term = Term(
        slug="sample-term", person=john, office=office, started_on=date(2020, 1, 1),
        ends_on=date(2025, 4, 1), end_reason="recalled", successor=successor,
    )  # fmt: skip
    return place, save_official_record(record=term, by=by, now=NOW)


def _rate(by: User, pledge: Pledge) -> None:
    memo = record.evidence(
        by=by, about=pledge, slug="charge-memo", title="Charge memo", kind="policy_memo",
        provenance="self_reported", stance="contradicts", published_on=date(2024, 1, 1),
    )  # fmt: skip
    update = record.published_update(
        by=by, of=pledge, cited=memo, slug="charge-update", status="broken", reason="reversed",
        confidence="high", effective_on=date(2024, 2, 1), assessed_on=date(2024, 3, 1),
        reasoning="The memo was withdrawn.", now=NOW + HOUR,
    )  # fmt: skip
    record_review(pledge=pledge, note="Read the memo again.", by=by, now=NOW + 2 * HOUR)
    response = Response(
        slug="charge-reply", pledge=pledge, said_by="A spokesperson", text="No comment.",
        published_on=date(2024, 4, 1),
    )  # fmt: skip
    response = save_response(response=response, by=by, now=NOW + 2 * HOUR)
    publish_response(response=response, by=by, now=NOW + 2 * HOUR)
    correct_status_update(
        update=update, new_text="The memo was replaced.", kind="typo", note="A slip.", by=by,
        now=NOW + 2 * HOUR,
    )  # fmt: skip


def _measure(by: User, place: Jurisdiction, pledge: Pledge) -> None:
    values: dict[str, Any] = {"key": "charges", "name": "Charges", "unit": "cases"}
    metric = save_metric(
        metric=Metric(slug="charge-count", jurisdiction=place, **values), by=by, now=NOW
    )
    MetricPledge.objects.create(metric=metric, pledge=pledge)
    observation = Observation(
        metric=metric, observed_on=date(2024, 1, 1), period="year", value=Decimal(10),
        vintage_on=date(2025, 1, 1), source="report",
    )  # fmt: skip
    add_observation(observation=observation, by=by, now=NOW)
    publish_metric(metric=metric, by=by, now=NOW)
