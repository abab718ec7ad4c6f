"""What the public sees of metrics and their values."""

from promises.common.columns import Column, Table
from promises.metrics.models import (
    Metric,
    MetricAnnotation,
    MetricPledge,
    MetricSource,
    Observation,
)

METRIC_SOURCES = Table(
    name="metric_sources",
    kind="metric_source",
    model=MetricSource,
    key=("slug",),
    about="Where the figures come from.",
    columns=(
        Column("slug", "Public name of the source."),
        Column("publisher", "Who published the figures."),
        Column("landing_url", "Page of the source."),
        Column("repository_url", "Repository of the source."),
        Column("taken_from", "Which copy was read."),
        Column("licence", "Licence as stated by the source."),
        Column("cadence", "How often the source changes."),
        Column("redistribution", "How the figures may be passed on."),
    ),
)
METRICS = Table(
    name="metrics",
    kind="metric",
    model=Metric,
    key=("slug",),
    about="Series of figures that bear on pledges.",
    columns=(
        Column("slug", "Public name of the metric."),
        Column("jurisdiction", "The place it measures.", "jurisdiction__slug"),
        Column("key", "Name in the source."),
        Column("name", "Name in plain words."),
        Column("unit", "Unit of its values."),
        Column("description", "What it counts."),
        Column("reading", "Which direction speaks for a pledge, if any."),
    ),
)
METRIC_PLEDGES = Table(
    name="metric_pledges",
    kind="metric_pledge",
    model=MetricPledge,
    key=("metric", "pledge"),
    about="Which metric bears on which pledge.",
    columns=(
        Column("metric", "The metric.", "metric__slug"),
        Column("pledge", "The pledge.", "pledge__slug"),
    ),
)
METRIC_ANNOTATIONS = Table(
    name="metric_annotations",
    kind="metric_annotation",
    model=MetricAnnotation,
    key=("slug",),
    about="Stretches of time in which figures mean something else, marked on charts.",
    columns=(
        Column("slug", "Public name of the annotation."),
        Column("metric", "The metric it is about; empty for all of them.", "metric__slug"),
        Column("from_on", "The first day."),
        Column("to_on", "The last day."),
        Column("text", "What is different in these days."),
        Column("source", "Who says so."),
        Column("source_url", "Where it can be read."),
    ),
)
OBSERVATIONS = Table(
    name="observations",
    kind="observation",
    model=Observation,
    key=("metric", "observed_on", "period", "vintage_on", "source"),
    about="Values of metrics, each with the date it was published.",
    columns=(
        Column("metric", "The metric.", "metric__slug"),
        Column("observed_on", "First day of the period; the last for quarter_end."),
        Column("period", "The stretch of time the value covers."),
        Column("value", "The value."),
        Column("vintage_on", "When this value was published or read."),
        Column("vintage_precision", "How far the date of publication is known."),
        Column("source", "Which page or file it was read from."),
    ),
)
