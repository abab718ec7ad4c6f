"""Metrics: series of figures that bear on pledges."""

from typing import Any

from rest_framework import serializers

from promises.api.orders import BY_SLUG, by_text
from promises.api.parameters import NAMES, Among, Filter, named
from promises.api.resource import Resource
from promises.api.rows import RowSerializer, attached_names
from promises.api.searching import words_in
from promises.metrics.models import Metric, MetricPledge


class MetricSerializer(RowSerializer):
    """A series of figures for one jurisdiction."""

    slug = serializers.SlugField(help_text="Public name of the metric.")
    jurisdiction = serializers.SlugField(
        source="jurisdiction__slug", help_text="The place it measures."
    )
    key = serializers.CharField(help_text="Name in the source.")
    name = serializers.CharField(help_text="Name in plain words.")
    unit = serializers.CharField(help_text="Unit of its values.")
    description = serializers.CharField(help_text="What it counts; may be empty.")
    reading = serializers.CharField(
        help_text="Which direction speaks for a pledge, if any; may be empty."
    )
    pledges = serializers.ListField(child=serializers.SlugField(), help_text="Pledges it bears on.")

    attached = {
        "pledges": attached_names(
            lambda: MetricPledge.objects.published().order_by("pledge__slug"),
            "metric",
            "pledge__slug",
        )
    }


class Metrics(Resource):
    """Series of figures that bear on pledges."""

    section = "metrics"
    serializer = MetricSerializer
    orders = (BY_SLUG, by_text("name", "by name"))
    filters = (
        named("jurisdiction", "jurisdiction__slug", "Of one of these jurisdictions."),
        Filter(
            "pledge",
            NAMES,
            "That bear on one of these pledges.",
            narrow=Among(MetricPledge.objects.published, "pledge__slug__in", "metric"),
        ),
        words_in("name", "description"),
    )

    def rows(self) -> Any:
        """Return public metrics."""
        return Metric.objects.published()
