"""Two who write of officials and metrics in one moment: what hangs, and what it hangs on."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from promises.accounts.models import User
from promises.metrics.actions import (
    add_observation,
    delete_metric_pledge,
    publish_metric,
    save_metric,
    save_metric_annotation,
    save_metric_pledge,
)
from promises.metrics.models import Metric, MetricAnnotation, MetricPledge, Observation
from promises.officials.actions import (
    publish_person,
    remove_candidacy,
    save_official_record,
    save_person,
)
from promises.officials.models import Candidacy, Election, Person, Term
from tests import record
from tests.record import NOW

# What an editor does, and who publishes what it hangs on in the same moment.
Two = tuple[Callable[[], Any], Callable[[], Any]]


def draft_metric(by: User) -> Metric:
    place = record.term(by=by).office.jurisdiction
    metric = Metric(slug="bail", jurisdiction=place, key="bail", name="Bail", unit="cases")
    return save_metric(metric=metric, by=by, now=NOW)


def annotation(by: User, **more: Any) -> MetricAnnotation:
    return MetricAnnotation(
        **{
            "slug": "closed-courts",
            "from_on": date(2024, 2, 1),
            "to_on": date(2024, 3, 31),
            "text": "the courts were closed",
            "source": "Example County",
            **more,
        }
    )


def draft_person(by: User) -> Person:
    return save_person(person=Person(slug="john-sample", name="John Sample"), by=by, now=NOW)


def election(by: User) -> Election:
    office = record.term(by=by).office
    held = Election(
        slug="vote", office=office, held_on=date(2023, 11, 7), stage="general", outcome="elected"
    )
    return save_official_record(record=held, by=by, now=NOW)


def publishing_metric(metric: Metric, by: User) -> Callable[[], Any]:
    return lambda: publish_metric(metric=metric, by=by, now=NOW)


def publishing_person(person: Person, by: User) -> Callable[[], Any]:
    return lambda: publish_person(person=person, by=by, now=NOW)


def marking(mark: MetricAnnotation, by: User) -> Callable[[], Any]:
    return lambda: save_metric_annotation(annotation=mark, by=by, now=NOW)


def mark_a_stretch_of_time(by: User) -> Two:
    metric = draft_metric(by)
    mark = annotation(by, metric=metric)
    return marking(mark, by), publishing_metric(metric, by)


def hide_a_stretch_of_time(by: User) -> Two:
    metric = draft_metric(by)
    mark = save_metric_annotation(annotation=annotation(by, metric=metric), by=by, now=NOW)
    mark.is_shown = False
    return marking(mark, by), publishing_metric(metric, by)


def let_a_mark_be_of_all_metrics(by: User) -> Two:
    metric = draft_metric(by)
    mark = save_metric_annotation(annotation=annotation(by, metric=metric), by=by, now=NOW)
    mark.metric = None
    return marking(mark, by), publishing_metric(metric, by)


def let_a_mark_be_of_one_metric(by: User) -> Two:
    metric = draft_metric(by)
    mark = save_metric_annotation(annotation=annotation(by), by=by, now=NOW)
    mark.metric = metric
    return marking(mark, by), publishing_metric(metric, by)


def observe(by: User) -> Two:
    metric = draft_metric(by)
    value = Observation(
        metric=metric,
        observed_on=date(2024, 1, 1),
        period="month",
        value=Decimal(7),
        vintage_on=date(2024, 2, 1),
        source="Example County",
    )
    return (
        lambda: add_observation(observation=value, by=by, now=NOW),
        publishing_metric(metric, by),
    )


def say_that_a_metric_bears_on_a_pledge(by: User) -> Two:
    metric = draft_metric(by)
    link = MetricPledge(metric=metric, pledge=record.pledge(by=by))
    return (
        lambda: save_metric_pledge(link=link, by=by, now=NOW),
        publishing_metric(metric, by),
    )


def say_that_it_does_not(by: User) -> Two:
    metric = draft_metric(by)
    link = MetricPledge(metric=metric, pledge=record.pledge(by=by))
    link = save_metric_pledge(link=link, by=by, now=NOW)
    return (
        lambda: delete_metric_pledge(link=link, reason="A slip.", by=by, now=NOW),
        publishing_metric(metric, by),
    )


def stand(by: User) -> Two:
    person = draft_person(by)
    candidacy = Candidacy(election=election(by), person=person, party="Example")
    return (
        lambda: save_official_record(record=candidacy, by=by, now=NOW),
        publishing_person(person, by),
    )


def stand_no_more(by: User) -> Two:
    person = draft_person(by)
    candidacy = Candidacy(election=election(by), person=person, party="Example")
    candidacy = save_official_record(record=candidacy, by=by, now=NOW)
    return (
        lambda: remove_candidacy(candidacy=candidacy, reason="A slip.", by=by, now=NOW),
        publishing_person(person, by),
    )


def hold_an_office(by: User) -> Two:
    person, office = draft_person(by), record.term(by=by, ends_on=date(2026, 1, 1)).office
    term = Term(slug="next", person=person, office=office, started_on=date(2026, 1, 1))
    return (
        lambda: save_official_record(record=term, by=by, now=NOW),
        publishing_person(person, by),
    )


def hold_it_no_more(by: User) -> Two:
    """A term was typed under someone who is a draft still, and goes to whose it is."""
    person, other = draft_person(by), record.term(by=by, ends_on=date(2026, 1, 1))
    term = Term(slug="next", person=person, office=other.office, started_on=date(2026, 1, 1))
    term = save_official_record(record=term, by=by, now=NOW)
    term.person = other.person
    return (
        lambda: save_official_record(record=term, by=by, now=NOW),
        publishing_person(person, by),
    )


def be_followed(by: User) -> Two:
    person, term = draft_person(by), record.term(by=by)
    term.successor = person
    return (
        lambda: save_official_record(record=term, by=by, now=NOW),
        publishing_person(person, by),
    )


ALL = [
    mark_a_stretch_of_time, hide_a_stretch_of_time, let_a_mark_be_of_all_metrics,
    let_a_mark_be_of_one_metric, observe, say_that_a_metric_bears_on_a_pledge,
    say_that_it_does_not, stand, stand_no_more, hold_an_office, hold_it_no_more, be_followed,
]  # fmt: skip
