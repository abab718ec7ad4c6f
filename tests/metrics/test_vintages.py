"""Every value keeps the date it was published; later values never overwrite earlier ones."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from promises.accounts.models import User
from promises.editorial.actions import NoReason
from promises.ledger.models import Entry
from promises.metrics.actions import (
    NotYetObserved,
    add_observation,
    delete_metric_pledge,
    publish_metric,
    save_metric,
    save_metric_pledge,
)
from promises.metrics.models import Metric, MetricPledge, Observation
from tests import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def metric(author: User) -> Metric:
    """A published metric without values."""
    place = record.term(by=author).office.jurisdiction
    metric = Metric(slug="m", jurisdiction=place, key="k", name="Example counts", unit="cases")
    return publish_metric(
        metric=save_metric(metric=metric, by=author, now=record.NOW), by=author, now=record.NOW
    )


def value(metric: Metric, amount: int, vintage_on: date, **more: Any) -> Observation:
    return Observation(
        metric=metric,
        observed_on=date(2020, 1, 1),
        period="month",
        value=amount,
        vintage_on=vintage_on,
        source="example",
        **more,
    )


def test_a_later_vintage_stands_beside_the_earlier_one(author: User, metric: Metric) -> None:
    for amount, day in ((100, date(2020, 2, 1)), (140, date(2021, 2, 1)), (90, date(2020, 8, 1))):
        add_observation(observation=value(metric, amount, day), by=author, now=record.NOW)
    everything = list(Observation.objects.values_list("value", "vintage_on"))
    assert everything == [
        (Decimal(100), date(2020, 2, 1)),
        (Decimal(90), date(2020, 8, 1)),
        (Decimal(140), date(2021, 2, 1)),
    ]
    assert [int(row.value) for row in Observation.objects.latest_vintage()] == [140]
    assert [int(row.value) for row in Observation.objects.superseded()] == [100, 90]
    by_then = Observation.objects.filter(vintage_on__lte=date(2020, 12, 31))
    assert [int(row.value) for row in by_then.latest_vintage()] == [90]
    assert [int(row.value) for row in by_then.superseded()] == [100]


def test_a_value_is_never_rewritten(
    author: User, metric: Metric, database_refuses: Callable
) -> None:
    first = value(metric, 100, date(2020, 2, 1))
    add_observation(observation=first, by=author, now=record.NOW)
    taken = "A value of this period, published on that day by that source, is here already."
    with pytest.raises(ValidationError, match=taken):
        add_observation(observation=value(metric, 101, date(2020, 2, 1)), by=author, now=record.NOW)
    stays = "A value stays as it was published. It is retracted at most."
    with database_refuses(stays):
        Observation.objects.update(value=101)
    with database_refuses(stays):
        Observation.objects.all()._raw_delete("default")
    assert Observation.objects.get().value == 100


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (
            {"vintage_on": date(2026, 3, 3)},
            "The day on which this value was published is still to come.",
        ),
        (
            {"vintage_on": date(2999, 1, 1), "observed_on": date(2999, 1, 1)},
            "The day on which this value was published is still to come.",
        ),
        (
            {"vintage_on": date(2026, 3, 2), "observed_on": date(2026, 3, 3), "period": "day"},
            "The period of this value has not begun.",
        ),
    ],
)
def test_what_is_still_to_come_hides_no_true_value(
    author: User, metric: Metric, days: dict[str, Any], words: str
) -> None:
    add_observation(observation=value(metric, 100, date(2026, 3, 2)), by=author, now=record.NOW)
    edition, wrong = Entry.objects.count(), value(metric, 1, date(2026, 3, 2))
    for name, day in days.items():
        setattr(wrong, name, day)
    with pytest.raises(NotYetObserved) as error:
        add_observation(observation=wrong, by=author, now=record.NOW)
    assert str(error.value) == words
    assert [int(row.value) for row in Observation.objects.latest_vintage()] == [100]
    assert Entry.objects.count() == edition


def test_a_metric_leaves_a_pledge_for_a_reason(author: User, metric: Metric) -> None:
    link = MetricPledge(metric=metric, pledge=record.pledge(by=author))
    save_metric_pledge(link=link, by=author, now=record.NOW)
    edition = Entry.objects.count()
    with pytest.raises(NoReason) as error:
        delete_metric_pledge(link=link, reason=" ", by=author, now=record.NOW)
    assert str(error.value) == "Say why this metric is taken off the pledge."
    assert (MetricPledge.objects.count(), Entry.objects.count()) == (1, edition)
    delete_metric_pledge(link=link, reason="Another one.", by=author, now=record.NOW)
    newest = Entry.objects.latest("edition")
    assert (newest.event, MetricPledge.objects.count()) == ("metric_pledge:retracted", 0)
    assert "Another one." in newest.data


def test_a_vintage_known_to_the_year_prints_no_day(metric: Metric) -> None:
    row = value(metric, 1, date(2013, 1, 1), vintage_precision="year")
    assert row.vintage_in_words == "2013"
