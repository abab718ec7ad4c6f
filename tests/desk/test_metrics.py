"""The pages of metrics and their values: where they lead, and what their icons say."""

import re
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.metrics.models import Metric, MetricAnnotation, Observation
from promises.metrics.rules import BEGINS_ELSEWHERE, PUBLISHED_TOO_EARLY
from promises.pledges.models import Pledge
from tests import record
from tests.desk import sent
from tests.desk.conftest import election, metric
from tests.site import whole

VALUES = "/admin/metrics/observation/"
ICON = re.compile(r'<img src="[^"]*/icon-(?:yes|no|unknown)[^"]*" alt="([^"]*)"')

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(author: User) -> Pledge:
    return record.pledge(by=author)


@pytest.fixture
def series(author: User, pledge: Pledge) -> Metric:
    """A public series of one value."""
    return metric(pledge, author)


def test_the_values_of_a_metric_lead_back_to_it(
    desk: Client, author: User, pledge: Pledge, series: Metric
) -> None:
    other = whole.metric(by=author, about=pledge, values=2)
    there = f"/admin/metrics/metric/{series.pk}/change/"
    (address,) = re.findall(rf'href="({VALUES}\?[^"]*)"', desk.get(there).text)
    shown = desk.get(address)
    assert f'<a href="{there}">Only the values of {series.name}.</a>' in shown.text
    assert [row.metric for row in shown.context["cl"].result_list] == [series]
    every = desk.get(VALUES)
    assert "Only the values of" not in every.text
    assert {row.metric for row in every.context["cl"].result_list} == {series, other}


@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 30])
def test_a_metric_that_is_not_there_has_no_list(desk: Client, number: str) -> None:
    assert desk.get(f"{VALUES}?metric__id__exact={number}").headers["Location"] == f"{VALUES}?e=1"


def test_icons_say_what_they_show(desk: Client, author: User, pledge: Pledge) -> None:
    series = metric(pledge, author, values=2)
    sent.step(
        desk, f"{VALUES}{series.observations.latest('pk').pk}/step/retract/", reason="A slip."
    )
    assert ICON.findall(desk.get(VALUES).text) == ["yes", "no"]
    assert ICON.findall(desk.get(_list(MetricAnnotation)).text) == ["yes"]
    # Its share is at least so much: no; its votes are approximate: no.
    report = election(pledge, author).result_reports.get()
    reported = desk.get(f"/admin/officials/resultreport/{report.pk}/change/").text
    assert ICON.findall(reported) == ["no", "no"]


def test_a_value_on_a_day_that_cannot_be_is_refused_in_words_and_kept(
    desk: Client, series: Metric
) -> None:
    typed: dict[str, Any] = {
        "metric": series.pk,
        "observed_on": "2025-03-15",
        "period": "month",
        "value": "12",
        "vintage_on": "2025-03-14",
        "source": "example",
    }
    there = f"{VALUES}add/?metric={series.pk}"
    answer = desk.post(there, sent.page(desk, there, **typed))
    assert answer.status_code == 200
    # Each beside the field that it is about.
    assert answer.context["adminform"].form.errors == {
        "observed_on": [str(BEGINS_ELSEWHERE)],
        "vintage_on": [str(PUBLISHED_TOO_EARLY)],
    }
    assert 'value="2025-03-15"' in answer.text
    assert Observation.objects.count() == 1
    right = sent.page(desk, there, **{**typed, "period": "week", "vintage_on": "2025-04"})
    assert desk.post(there, right).status_code == 302
    assert Observation.objects.count() == 2


def _list(model: Any) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
