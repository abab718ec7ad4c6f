from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.common.dates import lies_ahead
from promises.common.refusals import Refused, refuse
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.actions import record_rows, record_tombstones
from promises.metrics import columns, rules
from promises.metrics.models import (
    Metric,
    MetricAnnotation,
    MetricPledge,
    MetricSource,
    Observation,
)
from promises.pledges.actions import lock_pledges, locked_with_pledges

CONTENT = [column.field for column in columns.METRICS.columns]


@write
def save_metric(*, metric: Metric, by: User, now: datetime) -> Metric:
    """Save a metric; a new one is a draft. Raises ValidationError."""
    if metric.pk is None:
        metric.created_by, metric.created_at = by, now
        editorial.store(metric)
        return metric
    editorial.store(metric, fields=CONTENT)
    if metric.state == State.PUBLISHED:
        record_rows(table=columns.METRICS, ids=[metric.pk], verb="saved", by=by, now=now)
    return metric


@write
def publish_metric(*, metric: Metric, by: User, now: datetime) -> Metric:
    """Make a metric public, with its values and the pledges it bears on. Raises WrongState."""
    _locked_with_pledges(metric)
    metric = editorial.publish(record=metric, by=by, now=now)
    record_rows(table=columns.METRICS, ids=[metric.pk], verb="published", by=by, now=now)
    for table, rows in (
        (columns.METRIC_PLEDGES, metric.metric_pledges.published().values_list("pk", flat=True)),
        (columns.OBSERVATIONS, metric.observations.published().values_list("pk", flat=True)),
        (columns.METRIC_ANNOTATIONS, metric.annotations.published().values_list("pk", flat=True)),
    ):
        record_rows(table=table, ids=rows, verb="published", by=by, now=now)
    return metric


@write
def retract_metric(*, metric: Metric, reason: str, by: User, now: datetime) -> Metric:
    """Withdraw a series with its values, for a reason. Raises WrongState, NoReason."""
    _locked_with_pledges(metric)
    metric = editorial.retract(record=metric, reason=reason, by=by, now=now)
    reason = metric.retraction_reason
    record_tombstones(table=columns.METRICS, ids=[metric.pk], reason=reason, by=by, now=now)
    return metric


@write
def save_metric_source(*, source: MetricSource, by: User, now: datetime) -> MetricSource:
    """Save where figures come from; it is public at once. Raises ValidationError."""
    editorial.store(source)
    record_rows(table=columns.METRIC_SOURCES, ids=[source.pk], verb="saved", by=by, now=now)
    return source


@write
def save_metric_annotation(
    *, annotation: MetricAnnotation, by: User, now: datetime
) -> MetricAnnotation:
    """Mark a stretch of time on charts, at once where its metric is public. ValidationError.

    What is no longer shown leaves a tombstone in the ledger.
    """
    # Nobody publishes its metric, or the one it had, between our reading and our entry.
    before = MetricAnnotation.objects.filter(pk=annotation.pk).values("metric")
    metrics = Metric.objects.filter(Q(pk=annotation.metric_id) | Q(pk__in=before))
    list(metrics.select_for_update(of=("self",), no_key=True).order_by("pk"))
    table, published = columns.METRIC_ANNOTATIONS, MetricAnnotation.objects.published()
    was_public = published.filter(pk=annotation.pk).exists()
    editorial.store(annotation)
    ids = [annotation.pk]
    if published.filter(pk=annotation.pk).exists():
        record_rows(table=table, ids=ids, verb="saved", by=by, now=now)
    elif was_public:
        reason = "It is no longer shown on charts."
        record_tombstones(table=table, ids=ids, reason=reason, by=by, now=now)
    return annotation


@write
def save_metric_pledge(*, link: MetricPledge, by: User, now: datetime) -> MetricPledge:
    """Say that a metric bears on a pledge. Raises ValidationError."""
    lock_pledges([link.pledge_id])
    link.full_clean()
    editorial.locked(link.metric)
    link.save()
    if MetricPledge.objects.published().filter(pk=link.pk).exists():
        record_rows(table=columns.METRIC_PLEDGES, ids=[link.pk], verb="saved", by=by, now=now)
    return link


@write
def delete_metric_pledge(*, link: MetricPledge, reason: str, by: User, now: datetime) -> None:
    """Take a metric off a pledge; the ledger keeps a tombstone where it was public. NoReason."""
    if not reason.strip():
        raise editorial.NoReason(_("Say why this metric is taken off the pledge."))
    lock_pledges([link.pledge_id])
    if MetricPledge.objects.published().filter(pk=link.pk).exists():
        record_tombstones(
            table=columns.METRIC_PLEDGES, ids=[link.pk], reason=reason.strip(), by=by, now=now
        )
    link.delete()


@write
def record_metrics_of(*, pledge_ids: Collection[int], by: User, now: datetime) -> None:
    """Write what bears on newly published pledges into the ledger (settings.PLEDGE_EFFECTS)."""
    links = MetricPledge.objects.published().filter(pledge__in=pledge_ids)
    ids = links.values_list("pk", flat=True)
    record_rows(table=columns.METRIC_PLEDGES, ids=ids, verb="published", by=by, now=now)


def _locked_with_pledges(metric: Metric) -> Metric:
    """Return a metric, locked after the pledges whose due dates follow from its values."""
    links = MetricPledge.objects.filter(metric=metric).values_list("pledge_id", flat=True)
    stored, _pledges = locked_with_pledges(metric, lambda: set(links.all()))
    return stored


class NotYetObserved(Refused):
    """A value is published, of a time that has begun: what has not been yet hides what is true."""


class NotItsFirstDay(Refused):
    """A value is dated by the first day of its period, and a month begins on its first."""


@write
def add_observation(*, observation: Observation, by: User, now: datetime) -> Observation:
    """Add a value with its vintage; earlier ones stay.

    Raises ValidationError; else NotYetObserved, NotItsFirstDay, or both as SeveralFaults.
    """
    observation.full_clean(validate_constraints=False)
    refuse(_faults_of_days(observation, now))
    observation.validate_constraints()
    metric = _locked_with_pledges(observation.metric)
    observation.save(force_insert=True)
    if metric.state == State.PUBLISHED:
        record_rows(table=columns.OBSERVATIONS, ids=[observation.pk], verb="saved", by=by, now=now)
    return observation


def _faults_of_days(value: Observation, now: datetime) -> Iterator[Refused]:
    begins = value.observed_on
    if lies_ahead(value.vintage_on, now):
        said = _("The day on which this value was published is still to come.")
        yield NotYetObserved(said, field="vintage_on")
    elif lies_ahead(begins, now):
        said = _("The period of this value has not begun.")
        yield NotYetObserved(said, field="observed_on")
    elif not rules.can_be_published(value.vintage_on, value.vintage_precision, begins):
        yield NotYetObserved(str(rules.PUBLISHED_TOO_EARLY), field="vintage_on")
    if not rules.fits_period(begins, value.period):
        yield NotItsFirstDay(str(rules.BEGINS_ELSEWHERE), field="observed_on")


@write
def retract_observation(
    *, observation: Observation, reason: str, by: User, now: datetime
) -> Observation:
    """Withdraw a value that was never published so: a slip of ours. The reason is shown.

    What an office changes itself is a newer vintage. The right value may then be added under the
    same day and source. Raises NoReason, and WrongState for a value that was retracted before.
    """
    if not reason.strip():
        raise editorial.NoReason(_("Say why it is withdrawn: readers will see the reason."))
    metric = _locked_with_pledges(observation.metric)
    observation = Observation.objects.select_for_update(no_key=True).get(pk=observation.pk)
    if observation.retracted_at is not None:
        raise editorial.WrongState(_("This value has been retracted already."))
    observation.retracted_by, observation.retracted_at = by, now
    observation.retraction_reason = reason.strip()
    observation.save(update_fields=["retracted_by", "retracted_at", "retraction_reason"])
    if metric.state == State.PUBLISHED:
        ids, why = [observation.pk], observation.retraction_reason
        record_tombstones(table=columns.OBSERVATIONS, ids=ids, reason=why, by=by, now=now)
    return observation
