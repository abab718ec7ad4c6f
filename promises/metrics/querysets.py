from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import JSONObject, StrIndex
from django.db.models.lookups import GreaterThan

from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet
from promises.pledges.querysets import PUBLIC_PLEDGE

if TYPE_CHECKING:
    from promises.metrics.models import (  # noqa: F401 -- types only
        Metric,
        MetricAnnotation,
        MetricPledge,
        Observation,
    )
    from promises.pledges.models import Pledge


class MetricQuerySet(EditorialQuerySet["Metric"]):
    """Reads of metrics."""

    def most_general_first(self) -> Self:
        """Order by name, those first that count all: a part is named "whole, part"."""
        is_part = GreaterThan(StrIndex("name", Value(", ")), 0)
        return self.order_by(is_part, "name", "pk")

    def bearing_on(self, pledge: Pledge | OuterRef) -> Self:
        """Keep the metrics of a pledge, the most general first."""
        return self.filter(metric_pledges__pledge=pledge).most_general_first()

    def summaries_of_pledge(self, most: int) -> ArraySubquery:
        """Return a column for a query of pledges: the first `most` metrics that bear on each.

        Each is a dict of slug, name, unit and `of`, how many there are in all.
        """
        metrics = self.bearing_on(OuterRef("pk")).annotate(of=Window(Count("pk")))
        row = JSONObject(slug="slug", name="name", unit="unit", of="of")
        return ArraySubquery(metrics.values(row=row)[:most])


class MetricAnnotationQuerySet(QuerySet["MetricAnnotation"]):
    """Reads of the stretches of time that are marked on charts."""

    def published(self) -> Self:
        """Keep what is shown of all metrics and of public ones."""
        seen = Q(metric__isnull=True) | Q(metric__state=State.PUBLISHED)
        return self.filter(seen, is_shown=True)

    def rows_of_metric(self, metric: OuterRef) -> ArraySubquery:
        """Return a column for a query: what is marked on the chart of that metric."""
        return self._rows(Q(metric__isnull=True) | Q(metric=metric))

    def rows_of_pledge(self, pledge: OuterRef) -> ArraySubquery:
        """Return a column for a query: what is marked on the charts of a pledge's metrics."""
        return self._rows(Q(metric__isnull=True) | Q(metric__metric_pledges__pledge=pledge))

    def _rows(self, chosen: Q) -> ArraySubquery:
        row = JSONObject(
            metric="metric__slug", from_on="from_on", to_on="to_on", text="text", source="source",
            source_url="source_url",
        )  # fmt: skip
        found = self.published().filter(chosen).order_by("from_on", "pk")
        return ArraySubquery(found.values(row=row))


class MetricPledgeQuerySet(QuerySet["MetricPledge"]):
    """Reads of which metric bears on which pledge."""

    def published(self) -> Self:
        """Keep the links whose two ends the public may see."""
        return self.filter(PUBLIC_PLEDGE, metric__state=State.PUBLISHED)


class ObservationQuerySet(QuerySet["Observation"]):
    """Reads of observations."""

    def published(self) -> Self:
        """Keep the values of public metrics that were not retracted."""
        return self.filter(metric__state=State.PUBLISHED, retracted_at__isnull=True)

    def newest_first(self) -> Self:
        """Order by period, the last one first, and within a period by vintage, the last first."""
        return self.order_by("metric_id", "-observed_on", "period", "-vintage_on", "-pk")

    def latest_vintage(self) -> Self:
        """Keep, of these values, the one published last for each metric and period."""
        return self.exclude(self._later())

    def superseded(self) -> Self:
        """Keep, of these values, those that a later one of them took the place of."""
        return self.filter(self._later())

    def _later(self) -> Exists:
        """Return whether one of these is a later value of the same metric and period.

        Asked value by value: to find the last of all first takes longer than a page of them.
        """
        later = Q(vintage_on__gt=OuterRef("vintage_on"))
        later |= Q(vintage_on=OuterRef("vintage_on"), pk__gt=OuterRef("pk"))
        same = {name: OuterRef(name) for name in ("metric", "observed_on", "period")}
        return Exists(self.order_by().filter(later, **same))
