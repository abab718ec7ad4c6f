"""What is withdrawn of figures: a value that was a slip of ours, and a whole series."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.editorial.actions import NoReason, WrongState
from promises.ledger.models import Entry
from promises.metrics.actions import (
    add_observation,
    publish_metric,
    retract_metric,
    retract_observation,
    save_metric_source,
)
from promises.metrics.models import Metric, MetricAnnotation, MetricSource, Observation
from promises.staleness import policies
from promises.staleness.models import MetricLimit, SourceBeat
from tests import record
from tests.site import whole
from tests.site.reading import words
from tests.staleness.test_reasons import due

NOW = record.NOW
LATER = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def metric(author: User) -> Metric:
    """A public series of three months, of which one was superseded."""
    return whole.metric(by=author, about=record.pledge(by=author))


def newest(metric: Metric) -> Observation:
    return metric.observations.get(observed_on=date(2024, 3, 1))


def again(original: Observation, **changed: Any) -> Observation:
    """Return the same value as a new row, but for what changed."""
    names = ("metric", "observed_on", "period", "value", "vintage_on", "source")
    return Observation(**{**{name: getattr(original, name) for name in names}, **changed})


def retract(value: Observation, by: User, reason: str = "The sheet says 102.5.") -> Observation:
    return retract_observation(observation=value, reason=reason, by=by, now=LATER)


def test_a_slip_is_withdrawn_with_its_reason_and_the_right_value_takes_its_place(
    author: User, metric: Metric
) -> None:
    slip = retract(newest(metric), author, " The sheet says 102.5. ")
    entry = Entry.objects.latest("edition")
    name = f"observations/{metric.slug}/2024-03-01/month/2025-01-10/example-dashboard"
    assert (entry.event, entry.subject) == ("observation:retracted", name)
    assert json.loads(entry.data) == {
        "metric": metric.slug,
        "observed_on": "2024-03-01",
        "period": "month",
        "vintage_on": "2025-01-10",
        "source": "example-dashboard",
        "reason": "The sheet says 102.5.",
    }
    slip.refresh_from_db()
    assert (slip.value, slip.retracted_by, slip.retracted_at) == (Decimal("1002.5"), author, LATER)
    assert Observation.objects.published().count() == 3
    right = again(slip, value=Decimal("102.5"))
    add_observation(observation=right, by=author, now=LATER)
    entry = Entry.objects.latest("edition")
    assert (entry.event, entry.subject) == ("observation:saved", name)
    assert list(
        Observation.objects.published().latest_vintage().values_list("value", flat=True)
    ) == [
        Decimal("1000.5"),
        Decimal("1001.5"),
        Decimal("102.5"),
    ]


@pytest.mark.parametrize("reason", ["", " \n"])
def test_it_needs_a_reason(author: User, metric: Metric, reason: str) -> None:
    edition = Entry.objects.count()
    with pytest.raises(NoReason) as error:
        retract(newest(metric), author, reason)
    assert str(error.value) == "Say why it is withdrawn: readers will see the reason."
    assert (Observation.objects.published().count(), Entry.objects.count()) == (4, edition)


def test_it_is_withdrawn_once(author: User, metric: Metric) -> None:
    slip = newest(metric)
    retract(slip, author)
    edition = Entry.objects.count()
    with pytest.raises(WrongState) as error:
        retract(slip, author, "Once more.")
    assert str(error.value) == "This value has been retracted already."
    slip.refresh_from_db()
    assert (slip.retraction_reason, Entry.objects.count()) == ("The sheet says 102.5.", edition)


def test_the_database_keeps_what_was_withdrawn(
    author: User, metric: Metric, database_refuses: Callable
) -> None:
    slip = retract(newest(metric), author)
    stays = "A value stays as it was published. It is retracted at most."
    one = Observation.objects.filter(pk=slip.pk)
    other = Observation.objects.filter(retracted_at__isnull=True)
    with database_refuses(stays):
        one.update(retracted_at=None, retracted_by=None, retraction_reason="")
    with database_refuses(stays):
        one.update(retraction_reason="Another reason.")
    with database_refuses(stays):
        other.update(retracted_at=LATER, retracted_by=author, retraction_reason="A slip.", value=1)
    with database_refuses("metrics_observation_retracted_for_a_reason"):
        other.update(retracted_at=LATER, retracted_by=author)
    with database_refuses("metrics_observation_retracted_at_is_paired"):
        other.update(retracted_at=LATER, retraction_reason="A slip.")
    with database_refuses("metrics_observation_once_per_vintage"):
        Observation.objects.bulk_create([again(other.first())])  # type: ignore[arg-type]
    with database_refuses(stays):
        one._raw_delete("default")
    slip.refresh_from_db()
    assert (slip.retraction_reason, other.count()) == ("The sheet says 102.5.", 3)


def test_a_value_of_a_draft_leaves_no_word(author: User, client: Client) -> None:
    draft = whole.metric(by=author, about=record.pledge(by=author), values=0)
    hidden = Metric(slug="draft", key="draft", name="Draft", unit="cases")
    hidden.jurisdiction, hidden.created_by, hidden.created_at = draft.jurisdiction, author, NOW
    hidden.save()
    value = again(draft.observations.get(), metric=hidden)
    add_observation(observation=value, by=author, now=NOW)
    edition = Entry.objects.count()
    retract(value, author)
    assert Entry.objects.count() == edition
    publish_metric(metric=hidden, by=author, now=LATER + timedelta(days=1))
    told = Entry.objects.filter(edition__gt=edition).values_list("event", flat=True)
    assert list(told) == ["metric:published"]
    assert "Withdrawn values" not in words(client.get("/metrics/draft/"))


def test_readers_see_what_stood_there_and_why_it_went(
    author: User, metric: Metric, client: Client
) -> None:
    before = words(client.get(f"/metrics/{metric.slug}/"))
    assert "Withdrawn values" not in before
    assert "March 2024 1,002.5" in before
    retract(newest(metric), author)
    page = words(client.get(f"/metrics/{metric.slug}/"))
    assert (
        "Withdrawn values These stood here by mistake: the source never published them so. No chart"
        " and no file has them any more. March 2024: 1,002.5 10 January 2025, example-dashboard"
        " Withdrawn on 3 March 2026: The sheet says 102.5."
    ) in page
    assert "March 2024 1,002.5" not in page
    rows = client.get(f"/metrics/{metric.slug}/values.csv").content.decode().splitlines()
    assert [row.split(",")[1] for row in rows[1:]] == ["2024-01-01", "2024-02-01", "2024-01-01"]
    listed = client.get(f"/api/v1/observations/?metric={metric.slug}").json()["results"]
    assert sorted(row["value"] for row in listed) == ["1000.5", "1001.5", "1234.5"]


def test_a_withdrawn_value_passes_no_limit_and_wakes_no_source(author: User) -> None:
    pledge = record.pledge(by=author)
    series = whole.metric(by=author, about=pledge, values=0)
    given = {"by": author, "now": NOW}
    source = MetricSource(slug="example-dashboard", publisher="Example", cadence="monthly")
    save_metric_source(source=source, **given)
    limit = MetricLimit(pledge=pledge, metric=series, direction="above", value=Decimal(2000))
    policies.save_metric_limit(limit=limit, **given)
    beat = SourceBeat.objects.get()
    silent = due(pledge, "import_not_run")
    assert (str(beat.newest_on), silent) == (
        "2024-06-01",
        (beat.silent_on, {"newest": "2024-06-01", "days": 31}),
    )
    slip = again(series.observations.get(), value=Decimal(3000), vintage_on=date(2026, 3, 2))
    add_observation(observation=slip, by=author, now=LATER)
    assert str(SourceBeat.objects.get().newest_on) == "2026-03-02"
    assert due(pledge, "import_not_run") != silent
    retract(slip, author)
    assert SourceBeat.objects.values().get() == {
        "id": SourceBeat.objects.get().pk,
        "slug": "example-dashboard",
        "newest_on": beat.newest_on,
        "newest_precision": "day",
        "silent_on": beat.silent_on,
    }
    assert due(pledge, "import_not_run") == silent
    retract(series.observations.get(retracted_at__isnull=True), author)
    assert (SourceBeat.objects.count(), due(pledge, "import_not_run")) == (0, None)


def test_a_withdrawn_value_moves_no_figure(author: User) -> None:
    pledge = record.pledge(by=author)
    series = whole.metric(by=author, about=pledge, values=0)
    limit = MetricLimit(pledge=pledge, metric=series, direction="above", value=Decimal(2000))
    policies.save_metric_limit(limit=limit, by=author, now=NOW)
    slip = again(series.observations.get(), value=Decimal(3000), vintage_on=LATER.date())
    add_observation(observation=slip, by=author, now=LATER)
    moved = {"figures": 1, "first": "2026-03-03"}
    assert due(pledge, "metric_moved") == (LATER.date(), moved)
    retract(slip, author)
    assert due(pledge, "metric_moved") is None


def test_a_series_is_withdrawn_with_all_that_hangs_on_it(
    author: User, metric: Metric, client: Client
) -> None:
    pledge = metric.pledges.get()
    assert metric.name in words(client.get(f"/pledges/{pledge.slug}/"))
    edition = Entry.objects.count()
    with pytest.raises(NoReason):
        retract_metric(metric=metric, reason=" ", by=author, now=LATER)
    assert Entry.objects.count() == edition
    retract_metric(metric=metric, reason=" It counts something else. ", by=author, now=LATER)
    entry = Entry.objects.get(edition__gt=edition)
    assert (entry.event, entry.subject) == ("metric:retracted", f"metrics/{metric.slug}")
    assert json.loads(entry.data) == {"slug": metric.slug, "reason": "It counts something else."}
    assert metric.name not in words(client.get(f"/pledges/{pledge.slug}/"))
    gone = client.get(f"/metrics/{metric.slug}/")
    assert gone.status_code == 410
    assert "It counts something else." in words(gone)
    assert client.get(f"/metrics/{metric.slug}/values.csv").status_code == 410
    assert client.get(f"/api/v1/metrics/{metric.slug}/").status_code == 404
    assert Observation.objects.published().count() == 0
    assert MetricAnnotation.objects.published().count() == 0
    with pytest.raises(WrongState) as error:
        retract_metric(metric=metric, reason="Again.", by=author, now=LATER)
    assert str(error.value) == "This is retracted; it must be published for that."
