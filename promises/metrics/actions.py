from datetime import datetime

from django.db import transaction

from promises.accounts.models import User
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.actions import record_rows
from promises.metrics import columns
from promises.metrics.models import Metric, Observation

CONTENT = [column.field for column in columns.METRICS.columns]


@transaction.atomic
def save_metric(*, metric: Metric, by: User, now: datetime) -> Metric:
    """Save a metric; a new one is a draft. Raises ValidationError."""
    if metric.pk is None:
        metric.created_by, metric.created_at = by, now
        metric.full_clean()
        metric.save()
        return metric
    metric.full_clean()
    metric.save(update_fields=CONTENT)
    if metric.state == State.PUBLISHED:
        record_rows(table=columns.METRICS, ids=[metric.pk], verb="saved", by=by, now=now)
    return metric


@transaction.atomic
def publish_metric(*, metric: Metric, by: User, now: datetime) -> Metric:
    """Make a metric public, with its values and the pledges it bears on. Raises WrongState."""
    metric = editorial.publish(record=metric, by=by, now=now)
    record_rows(table=columns.METRICS, ids=[metric.pk], verb="published", by=by, now=now)
    for table, rows in (
        (columns.METRIC_PLEDGES, metric.metric_pledges.values_list("pk", flat=True)),
        (columns.OBSERVATIONS, metric.observations.values_list("pk", flat=True)),
    ):
        record_rows(table=table, ids=rows, verb="published", by=by, now=now)
    return metric


@transaction.atomic
def add_observation(*, observation: Observation, by: User, now: datetime) -> Observation:
    """Add a value with its vintage; earlier vintages stay. Raises ValidationError."""
    observation.full_clean()
    observation.save(force_insert=True)
    if observation.metric.state == State.PUBLISHED:
        record_rows(table=columns.OBSERVATIONS, ids=[observation.pk], verb="saved", by=by, now=now)
    return observation
