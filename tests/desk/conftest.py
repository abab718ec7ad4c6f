"""A whole small record, and people at the desk."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model
from django.test import Client

from promises.accounts.keys import make_key
from promises.accounts.models import User
from promises.accounts.security import record_security_event
from promises.captures.actions import ask_for_capture
from promises.captures.deciding import waive_capture
from promises.evidence.actions import add_result_report_source
from promises.evidence.models import ResultReportSource
from promises.imports.actions import upload_file
from promises.metrics.actions import (
    add_observation,
    save_metric,
    save_metric_annotation,
    save_metric_pledge,
    save_metric_source,
)
from promises.metrics.models import (
    Metric,
    MetricAnnotation,
    MetricPledge,
    MetricSource,
    Observation,
)
from promises.newsroom.actions import assign, comment_on, plan_publication, set_embargo
from promises.officials.actions import declare_conflict, save_official_record
from promises.officials.models import Candidacy, Election, ResultReport
from promises.outbox.actions import put_in_outbox
from promises.outbox.models import Delivery
from promises.pledges.actions import save_general_term
from promises.pledges.models import GeneralTerm, Pledge, PledgeTranslation
from promises.pledges.translating import save_translation
from promises.sources.entering import follow_evidence
from promises.staleness.actions import sweep_stale
from promises.staleness.models import Lapse, MetricLimit
from promises.staleness.policies import save_metric_limit, set_review_by
from promises.updates.correcting import correct_pledge
from promises.updates.models import Response
from promises.updates.responding import save_response
from promises.webhooks.actions import add_endpoint
from tests import record
from tests.alerts.followed import ask
from tests.discovery.found import candidate
from tests.record import record_review
from tests.record_requests.filed import draft_request
from tests.suggestions.challenged import challenge
from tests.suggestions.suggested import suggestion


@pytest.fixture
def person(db: None) -> User:
    """An editor with every right."""
    return record.user("editor", is_staff=True, is_superuser=True)


@pytest.fixture
def other(db: None) -> User:
    """Another editor with every right."""
    return record.user("second-editor", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(person: User) -> Client:
    """The browser of the editor."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def second_desk(other: User) -> Client:
    """The browser of the other editor."""
    client = Client()
    client.force_login(other)
    return client


def election(of: Pledge, by: User) -> Election:
    """An election with a winner, and one result with its source."""
    assert of.term is not None
    given = {"by": by, "now": record.NOW}
    vote = Election(
        slug=f"example-election-{of.pk}",
        office=of.term.office,
        held_on=date(2023, 11, 7),
        stage="general",
    )
    save_official_record(record=vote, **given)
    winner = Candidacy(election=vote, person=of.person, is_winner=True)
    save_official_record(record=winner, **given)
    report = ResultReport(election=vote, position=1, as_of="election night", status="partial")
    save_official_record(record=report, **given)
    piece = record.evidence(by=by, about=of, kind="election_result")
    add_result_report_source(
        source=ResultReportSource(result_report=report, evidence=piece), **given
    )
    return vote


def metric(of: Pledge, by: User, values: int = 1) -> Metric:
    """A metric that bears on a pledge, with its source and some values."""
    assert of.term is not None
    given = {"by": by, "now": record.NOW}
    source = MetricSource(slug=f"example-source-{of.pk}", publisher="Example County")
    save_metric_source(source=source, **given)
    series = Metric(
        slug=f"example-metric-{of.pk}",
        jurisdiction=of.term.office.jurisdiction,
        key="bail",
        name="Share of cases with cash bail",
        unit="percent",
    )
    save_metric(metric=series, **given)
    save_metric_pledge(link=MetricPledge(metric=series, pledge=of), **given)
    annotation = MetricAnnotation(
        slug=f"example-annotation-{of.pk}",
        metric=series,
        from_on=date(2025, 1, 1),
        to_on=date(2025, 1, 31),
        text="The courts were closed",
        source="Example County",
    )
    save_metric_annotation(annotation=annotation, **given)
    for month in range(1, values + 1):
        value = Observation(
            metric=series,
            observed_on=date(2025, month, 1),
            period="month",
            value=30,
            vintage_on=date(2026, 1, 1),
            source="bail.csv",
        )
        add_observation(observation=value, **given)
    return series


def newsroom(by: User) -> Pledge:
    """A draft pledge of which much is said, with one row in every table of the newsroom."""
    draft, given = record.draft_pledge(by=by), {"by": by, "now": record.NOW}
    later = record.NOW + timedelta(days=2)
    comment_on(item=draft, text="Which memo?", **given)
    assign(item=draft, to=by, task="review", due_on=later.date(), note="Please.", **given)
    set_embargo(item=draft, ends_at=later, reason="Agreed with the court.", **given)
    plan_publication(item=draft, publish_at=later, **given)
    return draft


def everything(by: User) -> None:
    """A pledge with all that can hang on it."""
    given = {"by": by, "now": record.NOW}
    pledge = record.pledge(by=by, due_on=date(2024, 6, 1))
    record.published_update(by=by, of=pledge, status="stalled")
    record_review(pledge=pledge, note="Read the news.", **given)
    words(pledge, by)
    election(pledge, by)
    series = metric(pledge, by, values=3)
    save_metric_limit(
        limit=MetricLimit(pledge=pledge, metric=series, direction="above", value=40), **given
    )
    set_review_by(
        pledge=pledge, review_by_on=date(2999, 5, 1), reason="The court decides.", **given
    )
    silent_since = record.NOW - timedelta(minutes=Lapse.objects.count())
    Lapse.objects.create(heartbeat="sweep", silent_since=silent_since, found_at=record.NOW,
        ended_at=record.NOW)  # fmt: skip
    assert pledge.term is not None
    place = pledge.term.office.jurisdiction
    kin = record.user()
    declare_conflict(person=kin, jurisdiction=place, nature="Kin.", by=kin, now=record.NOW)
    challenge(of=pledge)
    copies(pledge, by)
    follow_evidence(**given)
    ask(pledge)
    suggestion(pledge=pledge)
    sweep_stale(**given)
    newsroom(by)
    record_security_event(kind="logged_in", person=by, now=record.NOW)
    add_endpoint(owner=by, url="https://watch.example.org/hook", **given)
    make_key(owner=by, name="A mirror", scopes=["read"], days=30, **given)
    draft_request(by=by, about=pledge)
    candidate(by=by, about=pledge)
    letter = Delivery(key="letter:1", courier="mail", address="jane@example.org", content={})
    put_in_outbox(deliveries=[letter], **given)
    csv = b"id,title\n1,Do example thing\n"
    upload_file(name="a.csv", content=csv, kind="pledge", source="Example tracker", **given)


def words(pledge: Pledge, by: User) -> None:
    """A correction of the title, a reply, a draft in Spanish, and a topic's name in Spanish."""
    given = {"by": by, "now": record.NOW}
    pledge.refresh_from_db()
    pledge.title = "Do another thing"
    correct_pledge(pledge=pledge, kind="clarification", note="It was unclear.", **given)
    reply = Response(
        slug=f"reply-{pledge.pk}", pledge=pledge, said_by="Jane Example", text="I did.",
        date_precision="unknown",
    )  # fmt: skip
    save_response(response=reply, **given)
    spanish = PledgeTranslation(
        pledge=pledge, language="es", title="Hacer otra cosa", statement="Lo haría."
    )
    save_translation(translation=spanish, **given)
    term = GeneralTerm(slug=f"term-{pledge.pk}", language="es", english=f"Topic of {pledge.pk}",
        words="Tema")  # fmt: skip
    save_general_term(term=term, **given)


def copies(of: Pledge, by: User) -> None:
    """A copy of the pledge's evidence, a wish for one, and a waiver."""
    piece = of.evidence.earliest("pk")
    given = {"by": by, "now": record.NOW}
    record.copy_of(piece, text=f"A copy for {of.slug}.", **given)
    ask_for_capture(evidence=piece, **given)
    waive_capture(evidence=piece, reason="It is a book.", **given)


@pytest.fixture(scope="module")
def whole_record(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Three rows at least in every table of the desk, built once for all tests of a file."""
    with django_db_blocker.unblock(), transaction.atomic():
        writer = record.user("writer")
        for number in range(3):
            everything(writer)
            Group.objects.create(name=f"Group {number}")
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Two jurisdictions and everybody, built once for all tests of this file."""
    from tests.desk.world_of_roles import build

    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def registered() -> list[type[Model]]:
    """Return every table that has a page on the desk."""
    from django.contrib.admin import site

    return list(site._registry)
