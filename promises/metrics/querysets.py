from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet

if TYPE_CHECKING:
    from promises.metrics.models import Metric, Observation  # noqa: F401 -- types only


class MetricQuerySet(EditorialQuerySet["Metric"]):
    """Reads of metrics."""


class ObservationQuerySet(QuerySet["Observation"]):
    """Reads of observations."""

    def published(self) -> Self:
        """Keep the values of public metrics."""
        return self.filter(metric__state=State.PUBLISHED)

    def latest_vintage(self) -> Self:
        """Keep, for each metric and period, the value published last."""
        return self.order_by("metric", "observed_on", "period", "-vintage_on", "-pk").distinct(
            "metric", "observed_on", "period"
        )
