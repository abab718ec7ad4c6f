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


def test_a_value_is_never_rewritten(
    author: User, metric: Metric, database_refuses: Callable
) -> None:
    first = value(metric, 100, date(2020, 2, 1))
    add_observation(observation=first, by=author, now=record.NOW)
    with pytest.raises(ValidationError, match="already exists"):
        add_observation(observation=value(metric, 101, date(2020, 2, 1)), by=author, now=record.NOW)
    with database_refuses("Cannot update or delete"):
        Observation.objects.update(value=101)
    with database_refuses("Cannot update or delete"):
        Observation.objects.all()._raw_delete("default")
    assert Observation.objects.get().value == 100


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
