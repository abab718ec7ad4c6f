"""A value is dated by a day on which its period can begin, and published once it had begun."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from promises.accounts.models import User
from promises.common.refusals import SeveralFaults
from promises.ledger.models import Entry
from promises.metrics.actions import (
    NotItsFirstDay,
    NotYetObserved,
    add_observation,
    retract_observation,
)
from promises.metrics.models import Metric, Observation
from promises.packages.unkept import unkept
from tests import record
from tests.packages.test_unkept import standing_before
from tests.site import whole

BEGINS = "metrics_observation_begins_with_its_period"
PUBLISHED = "metrics_observation_published_after_it_began"
ELSEWHERE = (
    "A month, a quarter, a half-year, a year and a year to date begin on the first day of a month,"
    " and the end of a quarter is the last day of one: give that day. What begins on another day"
    " is a day, a week or part of a year: choose that period."
)
TOO_EARLY = (
    "The day on which this value was published lies before its period: check both. What an office"
    " only expects is no value."
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def metric(author: User) -> Metric:
    """A public series of one value."""
    return whole.metric(by=author, about=record.pledge(by=author), values=0)


def value(metric: Metric, **days: Any) -> Observation:
    given = {"period": "month", "observed_on": date(2025, 3, 1), "vintage_on": date(2025, 9, 1)}
    return Observation(metric=metric, value=1, source="example", **{**given, **days})


def written() -> tuple[int, int]:
    return Observation.objects.count(), Entry.objects.count()


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("month", date(2025, 3, 15)),
        ("quarter", date(2025, 1, 2)),
        ("half_year", date(2024, 12, 31)),
        ("year", date(2025, 1, 6)),
        ("year_to_date", date(2025, 2, 28)),
        ("quarter_end", date(2025, 3, 30)),
        ("quarter_end", date(2024, 2, 28)),
    ],
)
def test_what_begins_on_another_day_is_another_period(
    author: User, metric: Metric, database_refuses: Callable, period: str, day: date
) -> None:
    before, wrong = written(), value(metric, period=period, observed_on=day)
    with pytest.raises(NotItsFirstDay) as error:
        add_observation(observation=wrong, by=author, now=record.NOW)
    assert str(error.value) == ELSEWHERE
    with pytest.raises(ValidationError) as fault:
        wrong.validate_constraints()
    assert fault.value.messages == [ELSEWHERE]
    with database_refuses(BEGINS):
        Observation.objects.bulk_create([wrong])
    assert written() == before


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("day", date(2025, 3, 15)),
        ("week", date(2025, 3, 9)),
        ("partial_year", date(2025, 1, 6)),
        # A fiscal year, and twelve months that a newer value moves on.
        ("year", date(2024, 7, 1)),
        ("year", date(2024, 4, 1)),
        ("year_to_date", date(2024, 7, 1)),
        ("half_year", date(2025, 1, 1)),
        ("quarter", date(2025, 2, 1)),
        ("month", date(2025, 3, 1)),
        ("quarter_end", date(2024, 2, 29)),
        ("quarter_end", date(2024, 12, 31)),
    ],
)
def test_a_period_begins_where_offices_let_it_begin(
    author: User, metric: Metric, period: str, day: date
) -> None:
    values, entries = written()
    right = value(metric, period=period, observed_on=day)
    add_observation(observation=right, by=author, now=record.NOW)
    assert written() == (values + 1, entries + 1)


@pytest.mark.parametrize(
    ("observed_on", "vintage_on", "precision", "is_early"),
    [
        (date(2025, 3, 1), date(2025, 3, 1), "day", False),
        (date(2025, 3, 1), date(2025, 2, 28), "day", True),
        (date(2025, 3, 1), date(2020, 1, 1), "day", True),
        # Published within the month, or the year, in which the day lies.
        (date(2025, 3, 31), date(2025, 3, 1), "month", False),
        (date(2025, 3, 31), date(2025, 2, 1), "month", True),
        (date(2025, 3, 1), date(2024, 12, 1), "month", True),
        (date(2024, 12, 31), date(2025, 1, 1), "month", False),
        (date(2025, 12, 31), date(2025, 1, 1), "year", False),
        (date(2025, 1, 1), date(2024, 1, 1), "year", True),
    ],
)
def test_no_value_is_published_before_its_period(
    author: User,
    metric: Metric,
    database_refuses: Callable,
    observed_on: date,
    vintage_on: date,
    precision: str,
    is_early: bool,
) -> None:
    days = {"period": "day", "observed_on": observed_on, "vintage_on": vintage_on}
    one = value(metric, **days, vintage_precision=precision)
    if not is_early:
        add_observation(observation=one, by=author, now=record.NOW)
        return
    before = written()
    with pytest.raises(NotYetObserved) as error:
        add_observation(observation=one, by=author, now=record.NOW)
    assert str(error.value) == TOO_EARLY
    with database_refuses(PUBLISHED):
        Observation.objects.bulk_create([one])
    assert written() == before


def test_all_that_is_wrong_is_said_at_once(author: User, metric: Metric) -> None:
    wrong = value(metric, observed_on=date(2025, 3, 15), vintage_on=date(2025, 3, 14))
    with pytest.raises(SeveralFaults) as error:
        add_observation(observation=wrong, by=author, now=record.NOW)
    assert [str(fault) for fault in error.value.faults] == [TOO_EARLY, ELSEWHERE]
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        (BEGINS, "observed_on = observed_on + 14"),
        (PUBLISHED, "vintage_on = observed_on - 1"),
    ],
)
def test_what_stood_before_the_rule_is_named_and_can_be_retracted(
    author: User, metric: Metric, rule: str, change: str
) -> None:
    standing_before(rule, f"UPDATE metrics_observation SET {change}")
    old = metric.observations.get()
    assert [str(one) for one in unkept()] == [f"metrics.observation {old.pk}: {rule}"]
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Observation.objects.bulk_create([value(metric, **_days_of(old))])
    later = record.NOW + timedelta(days=1)
    retract_observation(observation=old, reason="A slip.", by=author, now=later)
    assert list(unkept()) == []
    add_observation(observation=value(metric), by=author, now=later)
    assert list(Observation.objects.published().values_list("observed_on", "value")) == [
        (date(2025, 3, 1), 1)
    ]


def _days_of(old: Observation) -> dict[str, date]:
    return {"observed_on": old.observed_on, "vintage_on": old.vintage_on}
