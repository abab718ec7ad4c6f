"""Series of figures: which there are, and one with all its values and vintages."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from promises.metrics.models import Metric, Observation
from promises.pledges.models import Pledge
from promises.site.charts import Chart, line_chart
from promises.site.parameters import Parameters, listing
from promises.site.serving import BadAddressError, not_in_record, public, published_or_gone


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the series, those of one pledge with `?pledge=`. Three queries: pledge, count, page."""
    parameters = Parameters(request)
    slug = parameters.words("pledge")
    if parameters.faults:
        raise BadAddressError(" ".join(parameters.faults))
    found = Metric.objects.published().select_related("jurisdiction").order_by("name", "pk")
    pledge = None
    if slug:
        pledge = Pledge.objects.published().filter(slug=slug).first()
        if pledge is None:
            raise not_in_record(slug)
        found = found.filter(metric_pledges__pledge=pledge)
    return render(
        request, "site/metrics.html", {"pledge": pledge, "listing": listing(request, found, 100)}
    )


@public
def metric(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one series: a chart of the latest values, then every value with its vintage."""
    found = published_or_gone(Metric.objects.select_related("jurisdiction"), slug)
    return render(request, "site/metric.html", metric_facts(found))


@dataclass(frozen=True)
class Value:
    """The value of one period: the one published last, and those it superseded."""

    latest: Observation
    superseded: list[Observation]


def metric_facts(metric: Metric) -> dict[str, Any]:
    """Gather the page in two queries after the metric: the values and the pledges."""
    newest_first = Observation.objects.published().order_by(
        "-observed_on", "period", "-vintage_on", "-pk"
    )
    values = by_period(list(newest_first.filter(metric=metric)))
    pledges = Pledge.objects.published().filter(metric_pledges__metric=metric)
    return {
        "metric": metric,
        "values": values,
        "superseded": sum(len(value.superseded) for value in values),
        "chart": chart_of(values),
        "pledges": pledges.select_related("person").in_reading_order(),
    }


def by_period(newest_first: list[Observation]) -> list[Value]:
    """Group values by the period they are about, the latest vintage before the superseded."""

    def period(observation: Observation) -> tuple[date, str]:
        return observation.observed_on, observation.period

    return [
        Value(latest, superseded)
        for _period, (latest, *superseded) in groupby(newest_first, key=period)
    ]


def chart_of(values: list[Value]) -> Chart | None:
    """Return a chart of the latest values of the most frequent sort of period, if it has two."""
    if not values:
        return None
    ((period, _count),) = Counter(value.latest.period for value in values).most_common(1)
    points = [
        (value.latest.observed_on, value.latest.value)
        for value in reversed(values)
        if value.latest.period == period
    ]
    return line_chart(points) if len(points) > 1 else None
