"""Observations: values of metrics, each with the date it was published."""

from datetime import date
from typing import Any

from django.db.models.functions import MD5, Left
from rest_framework import serializers

from promises.api.addresses import IdField
from promises.api.paging import Key, Order, day
from promises.api.parameters import Filter, by
from promises.api.resource import Resource
from promises.api.rows import MadeField, RowSerializer
from promises.api.values import Day, Flag, OneOf, Several, Slug
from promises.common.dates import DatePrecision, in_words
from promises.metrics.choices import Period
from promises.metrics.models import Observation


class ObservationSerializer(RowSerializer):
    """One value of a metric as published on one date. A later value never replaces it."""

    id = IdField(
        "metric__slug",
        "observed_on",
        "period",
        "vintage_on",
        "source_mark",
        help_text="Public name: metric, day, period, vintage, and a short mark of the source.",
    )
    metric = serializers.SlugField(source="metric__slug", help_text="The metric.")
    observed_on = serializers.DateField(
        help_text="First day of the period; the last for quarter_end."
    )
    period = serializers.ChoiceField(
        choices=Period.choices, help_text="The stretch of time the value covers."
    )
    value = serializers.DecimalField(
        max_digits=16, decimal_places=4, help_text="The value, as text so that no digit is lost."
    )
    vintage_on = serializers.DateField(
        help_text="When this value was published or read; the first day of the period if"
        " `vintage_precision` is not day."
    )
    vintage_precision = serializers.ChoiceField(
        choices=DatePrecision.choices, help_text="How far the date of publication is known."
    )
    vintage_in_words = MadeField(
        paths=["vintage_on", "vintage_precision"],
        make=in_words,
        help_text="The date of publication as far as it is known, to be printed as it is.",
    )
    source = serializers.CharField(  # type: ignore[assignment]  # a public field
        help_text="Which page or file it was read from."
    )


def _latest(rows: Any, value: bool, today: date) -> Any:
    return rows.latest_vintage() if value else rows.superseded()


class Observations(Resource):
    """Values of metrics, each with the date it was published."""

    section = "observations"
    serializer = ObservationSerializer
    orders = (
        Order(
            "observed_on",
            (
                Key("metric__slug"),
                Key("observed_on", day),
                Key("period"),
                Key("vintage_on", day),
                Key("source"),
            ),
            "by metric, and of each by day, period, vintage and source",
        ),
    )
    filters = (
        Filter(
            "metric",
            Slug(),
            "Of this metric; the list of `metrics` has their names.",
            narrow=by("metric__slug"),
        ),
        Filter(
            "period",
            Several(OneOf(tuple(Period.values))),
            "That cover one of these stretches of time.",
            narrow=by("period__in"),
        ),
        Filter("observed_after", Day(), "Of this day or later.", narrow=by("observed_on__gte")),
        Filter("observed_before", Day(), "Of this day or before.", narrow=by("observed_on__lte")),
        Filter(
            "vintage_before",
            Day(),
            "Published on this day or before: with `latest` the series as it stood that day.",
            narrow=by("vintage_on__lte"),
        ),
        Filter(
            "latest",
            Flag(),
            "The value published last for each day and period, or only those it replaced.",
            narrow=_latest,
        ),
    )
    route = "<slug:metric>/<day:observed_on>/<slug:period>/<day:vintage_on>/<slug:source_mark>"
    parts = {
        "metric": "The metric.",
        "observed_on": "The day, as in `observed_on`.",
        "period": "The stretch of time.",
        "vintage_on": "The day of publication, as in `vintage_on`.",
        "source_mark": "First twelve digits of the MD5 of `source`.",
    }

    def rows(self) -> Any:
        """Return the values of public metrics."""
        return Observation.objects.published().annotate(source_mark=Left(MD5("source"), 12))

    def one(self, **parts: str) -> Any:
        """Return the value at an address."""
        metric = parts.pop("metric")
        return self.rows().filter(metric__slug=metric, **parts)
