"""What hands do to officials, elections, topics and figures."""

from datetime import date, timedelta
from decimal import Decimal

from promises.evidence.actions import add_result_report_source
from promises.evidence.models import Evidence, ResultReportSource
from promises.metrics.actions import (
    add_observation,
    delete_metric_pledge,
    publish_metric,
    retract_metric,
    retract_observation,
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
from promises.officials.actions import (
    publish_person,
    remove_candidacy,
    retract_person,
    save_official_record,
    save_person,
)
from promises.officials.models import (
    Candidacy,
    Election,
    Jurisdiction,
    Office,
    Person,
    ResultReport,
    Term,
)
from promises.pledges.actions import save_general_term, save_topic
from promises.pledges.models import GeneralTerm, Pledge, Topic
from tests import record
from tests.mirror.hands import Deed, Hand


def add_term(hand: Hand) -> None:
    record.term(by=hand.by, now=hand.now())


def draft_person(hand: Hand) -> None:
    person = Person(slug=hand.slug("person"), name="Jane Example", background=hand.word())
    save_person(person=person, by=hand.by, now=hand.now())


def follow_on(hand: Hand) -> None:
    """A public term names someone, public or not, as the successor."""
    term, successor = hand.pick(Term.objects.published()), hand.pick(Person.objects.all())
    term.successor = successor if successor.pk != term.person_id else None
    save_official_record(record=term, by=hand.by, now=hand.now())


def draft_term(hand: Hand) -> None:
    """A term of someone who may not be public yet."""
    term = Term(
        slug=hand.slug("term"),
        person=hand.pick(Person.objects.all()),
        office=hand.pick(Office.objects.all()),
        started_on=date(1900, 1, 1) + timedelta(days=hand.chance.randrange(30_000)),
    )
    term.ends_on = term.started_on + timedelta(days=1)
    term.end_reason = "completed"
    save_official_record(record=term, by=hand.by, now=hand.now())


def publish_a_person(hand: Hand) -> None:
    drafts = Person.objects.filter(state="draft")
    publish_person(person=hand.pick(drafts), by=hand.by, now=hand.now())


def withdraw_person(hand: Hand) -> None:
    """Refused while pledges of theirs are public."""
    person = hand.pick(Person.objects.published())
    retract_person(person=person, reason=hand.word(), by=hand.by, now=hand.now())


def edit_person(hand: Hand) -> None:
    person = hand.pick(Person.objects.all())
    person.background = hand.word()
    save_person(person=person, by=hand.by, now=hand.now())


def edit_place(hand: Hand) -> None:
    place = hand.pick(Jurisdiction.objects.all())
    place.note = hand.word()
    save_official_record(record=place, by=hand.by, now=hand.now())


def add_election(hand: Hand) -> None:
    election = Election(
        slug=hand.slug("election"),
        office=hand.pick(Office.objects.all()),
        held_on=date(1900, 1, 1) + timedelta(days=hand.chance.randrange(40_000)),
        stage="general",
        outcome="elected",
    )
    save_official_record(record=election, by=hand.by, now=hand.now())
    report = ResultReport(election=election, position=1, as_of="election night", status="partial")
    save_official_record(record=report, by=hand.by, now=hand.now())


def stand(hand: Hand) -> None:
    election, person = hand.pick(Election.objects.all()), hand.pick(Person.objects.all())
    candidacy = Candidacy(election=election, person=person, party=hand.word())
    save_official_record(record=candidacy, by=hand.by, now=hand.now())


def edit_candidacy(hand: Hand) -> None:
    candidacy = hand.pick(Candidacy.objects.all())
    candidacy.party = hand.word()
    save_official_record(record=candidacy, by=hand.by, now=hand.now())


def take_out_candidacy(hand: Hand) -> None:
    candidacy = hand.pick(Candidacy.objects.all())
    remove_candidacy(candidacy=candidacy, reason="A slip.", by=hand.by, now=hand.now())


def count_votes(hand: Hand) -> None:
    last = hand.pick(ResultReport.objects.all())
    report = ResultReport(
        election=last.election,
        position=last.election.result_reports.count() + 1,
        as_of=hand.word(),
        status="unofficial",
        winner_votes=next_votes(hand),
        winner_percent=Decimal("51.50"),
    )
    save_official_record(record=report, by=hand.by, now=hand.now())


def next_votes(hand: Hand) -> int:
    return hand.chance.randrange(1_000_000)


def source_votes(hand: Hand) -> None:
    report, piece = hand.pick(ResultReport.objects.all()), hand.pick(Evidence.objects.all())
    source = ResultReportSource(result_report=report, evidence=piece)
    add_result_report_source(source=source, by=hand.by, now=hand.now())


def add_topic(hand: Hand) -> None:
    record.topic(by=hand.by, now=hand.now())


def edit_topic(hand: Hand) -> None:
    topic = hand.pick(Topic.objects.all())
    topic.about = hand.word()
    save_topic(topic=topic, by=hand.by, now=hand.now())


def save_term(hand: Hand) -> None:
    topic = hand.pick(Topic.objects.all())
    term = GeneralTerm.objects.filter(slug=topic.slug).first() or GeneralTerm(
        slug=topic.slug, language="es", english=f"{topic.slug}: {topic.name}"
    )
    term.words = hand.word()
    save_general_term(term=term, by=hand.by, now=hand.now())


def edit_metric_source(hand: Hand) -> None:
    source = MetricSource.objects.first() or MetricSource(slug="source")
    source.publisher = hand.word()
    save_metric_source(source=source, by=hand.by, now=hand.now())


def draft_metric(hand: Hand) -> None:
    metric = Metric(
        slug=hand.slug("metric"),
        jurisdiction=hand.pick(Jurisdiction.objects.all()),
        key=hand.slug("key"),
        name=hand.word(),
        unit="percent",
        description="By month.",
    )
    save_metric(metric=metric, by=hand.by, now=hand.now())


def publish_a_metric(hand: Hand) -> None:
    drafts = Metric.objects.filter(state="draft")
    publish_metric(metric=hand.pick(drafts), by=hand.by, now=hand.now())


def edit_metric(hand: Hand) -> None:
    metric = hand.pick(Metric.objects.all())
    metric.description = hand.word()
    save_metric(metric=metric, by=hand.by, now=hand.now())


def bear_on(hand: Hand) -> None:
    metric, pledge = hand.pick(Metric.objects.all()), hand.pick(Pledge.objects.all())
    link = MetricPledge(metric=metric, pledge=pledge)
    save_metric_pledge(link=link, by=hand.by, now=hand.now())


def bear_off(hand: Hand) -> None:
    link = hand.pick(MetricPledge.objects.all())
    delete_metric_pledge(link=link, reason="A slip.", by=hand.by, now=hand.now())


def observe(hand: Hand) -> None:
    observation = Observation(
        metric=hand.pick(Metric.objects.all()),
        observed_on=date(2020, 1, 1) + timedelta(days=hand.chance.randrange(2000)),
        period="day",
        value=Decimal(hand.chance.randrange(10_000)) / 100,
        vintage_on=date(2026, 1, 1),
        source=hand.word(),
    )
    add_observation(observation=observation, by=hand.by, now=hand.now())


def retract_a_metric(hand: Hand) -> None:
    metric = hand.pick(Metric.objects.published())
    retract_metric(metric=metric, reason=hand.word(), by=hand.by, now=hand.now())


def retract_a_value(hand: Hand) -> None:
    value = hand.pick(Observation.objects.filter(retracted_at__isnull=True))
    retract_observation(observation=value, reason=hand.word(), by=hand.by, now=hand.now())


def annotate(hand: Hand) -> None:
    """Mark a new stretch of time, or show or hide one that is marked."""
    if hand.chance.random() < 0.5:
        annotation = hand.pick(MetricAnnotation.objects.all())
        annotation.is_shown = not annotation.is_shown
    else:
        annotation = MetricAnnotation(
            slug=hand.slug("annotation"),
            metric=hand.pick(Metric.objects.all()),
            from_on=date(2020, 3, 1),
            to_on=date(2020, 6, 1),
            text=hand.word(),
            source="The court",
        )
    save_metric_annotation(annotation=annotation, by=hand.by, now=hand.now())


DEEDS = (
    Deed(add_term), Deed(draft_person), Deed(follow_on), Deed(draft_term, 2),
    Deed(publish_a_person), Deed(withdraw_person, 1), Deed(edit_person), Deed(edit_place, 2),
    Deed(add_election),
    Deed(stand), Deed(edit_candidacy, 2), Deed(take_out_candidacy, 1), Deed(count_votes, 2),
    Deed(source_votes), Deed(add_topic, 2), Deed(edit_topic, 2), Deed(save_term, 2),
    Deed(edit_metric_source, 1),
    Deed(draft_metric, 2), Deed(publish_a_metric, 2), Deed(edit_metric, 2), Deed(bear_on),
    Deed(bear_off, 1), Deed(observe, 6), Deed(annotate),
    Deed(retract_a_metric, 1), Deed(retract_a_value, 2),
)  # fmt: skip
