"""Figures and answers that are overdue, translations behind: what calls for a look besides time."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from promises.accounts.models import User
from promises.metrics.actions import (
    add_observation,
    delete_metric_pledge,
    publish_metric,
    save_metric,
    save_metric_pledge,
    save_metric_source,
)
from promises.metrics.models import Metric, MetricPledge, MetricSource, Observation
from promises.pledges.models import PledgeTranslation
from promises.pledges.rules import words_digest
from promises.pledges.translating import publish_translation, save_translation
from promises.record_requests.stages import answer_request
from promises.staleness import actions, policies
from promises.staleness.models import MetricLimit, StaleFlag
from promises.updates.correcting import correct_pledge
from tests import record
from tests.desk.conftest import metric
from tests.record_requests.filed import draft_request, request
from tests.staleness.test_reasons import due

DAY = timedelta(days=1)
NOW = record.NOW


@pytest.mark.django_db
def test_a_figure_past_its_limit_asks_for_a_look(author: User) -> None:
    pledge = record.pledge(by=author)
    assert pledge.term is not None
    given = {"by": author, "now": NOW}
    series = save_metric(
        metric=Metric(
            slug="bail", jurisdiction=pledge.term.office.jurisdiction, key="bail", name="Bail",
            unit="percent",
        ), **given,
    )  # fmt: skip
    series = publish_metric(metric=series, **given)
    save_metric_pledge(link=MetricPledge(metric=series, pledge=pledge), **given)
    limit = policies.save_metric_limit(
        limit=MetricLimit(pledge=pledge, metric=series, direction="above", value=Decimal(40)),
        **given,
    )

    def publish(value: int, month: int) -> None:
        value_of_month = Observation(
            metric=series, observed_on=date(2026, month, 1), period="month", value=value,
            vintage_on=date(2026, month + 1, 5), source="office/bail.csv",
        )  # fmt: skip
        then = NOW.replace(month=month + 1, day=5)
        add_observation(observation=value_of_month, by=author, now=then)

    # The limit itself is not past it.
    publish(40, 3)
    assert due(pledge, "metric_moved") is None
    publish(42, 4)
    assert due(pledge, "metric_moved") == (date(2026, 5, 5), {"figures": 1, "first": "2026-05-05"})
    policies.delete_metric_limit(limit=limit, **given)
    assert due(pledge, "metric_moved") is None


@pytest.mark.django_db
def test_figures_that_do_not_come_ask_why(author: User) -> None:
    pledge = record.pledge(by=author)
    series = metric(pledge, author, values=0)
    publish_metric(metric=series, by=author, now=NOW)
    source = MetricSource(slug="example-county", publisher="Example County", cadence="monthly")
    save_metric_source(source=source, by=author, now=NOW)

    def bring_in(month: int) -> None:
        value = Observation(
            metric=series, observed_on=date(2025, month, 1), period="month", value=30,
            vintage_on=date(2026, month, 1), source="example-county/bail.csv",
        )  # fmt: skip
        add_observation(observation=value, by=author, now=NOW)

    assert due(pledge, "import_not_run") is None
    bring_in(1)
    facts = {"newest": "2026-01-01", "days": 31}
    assert due(pledge, "import_not_run") == (date(2026, 3, 5), facts)
    actions.sweep_stale(by=author, now=NOW + 30 * DAY)
    flag = StaleFlag.objects.get(reason="import_not_run")
    rests_on = "newest figures 1 January 2026; days from one release to the next: 31"
    assert flag.rests_on == rests_on
    bring_in(3)
    assert due(pledge, "import_not_run") == (
        date(2026, 5, 3),
        {"newest": "2026-03-01", "days": 31},
    )
    source.cadence = "one-off snapshot"
    save_metric_source(source=source, by=author, now=NOW)
    assert due(pledge, "import_not_run") is None


@pytest.mark.django_db
def test_a_series_taken_off_a_pledge_no_longer_concerns_it(author: User) -> None:
    pledge = record.pledge(by=author)
    series = metric(pledge, author, values=0)
    publish_metric(metric=series, by=author, now=NOW)
    source = MetricSource(slug="example-county", publisher="Example County", cadence="weekly")
    save_metric_source(source=source, by=author, now=NOW)
    value = Observation(
        metric=series, observed_on=date(2025, 1, 1), period="month", value=30,
        vintage_on=date(2026, 1, 1), source="example-county/bail.csv",
    )  # fmt: skip
    add_observation(observation=value, by=author, now=NOW)
    assert due(pledge, "import_not_run") == (
        date(2026, 1, 16),
        {"newest": "2026-01-01", "days": 7},
    )
    delete_metric_pledge(link=series.metric_pledges.get(), reason="Else.", by=author, now=NOW)
    assert due(pledge, "import_not_run") is None


@pytest.mark.django_db
def test_changed_english_words_ask_for_a_translation(author: User) -> None:
    pledge = record.pledge(by=author, title="Do the thing")
    spanish = PledgeTranslation(pledge=pledge, language="es", title="Hacerlo", statement="Lo hará.")
    save_translation(translation=spanish, by=author, now=NOW)
    pledge.title = "Do the other thing"
    later = NOW + 10 * DAY
    correct_pledge(pledge=pledge, kind="correction", note="Misheard.", by=author, now=later)
    # Nobody reads a draft.
    assert due(pledge, "translation_behind") is None
    spanish.refresh_from_db()
    publish_translation(translation=spanish, by=author, now=later)
    behind = (date(2026, 3, 19), {"translations": 1, "behind": "2026-03-12"})
    assert due(pledge, "translation_behind") == behind
    actions.sweep_stale(by=author, now=NOW + 30 * DAY)
    flag = StaleFlag.objects.get(reason="translation_behind")
    assert flag.rests_on == "translations behind: 1; the first since 12 March 2026"
    spanish.refresh_from_db()
    spanish.title = "Hacer lo otro"
    read = words_digest(pledge.title, pledge.statement)
    save_translation(translation=spanish, read=read, by=author, now=NOW + 31 * DAY)
    assert due(pledge, "translation_behind") is None
    flag.refresh_from_db()
    assert flag.closed_at == NOW + 31 * DAY


@pytest.mark.django_db
def test_a_request_for_records_is_overdue_the_day_after_its_answer_was_due(author: User) -> None:
    pledge = record.pledge(by=author)
    asked = request(by=author, about=pledge)
    assert due(pledge, "request_overdue") == (
        date(2026, 3, 13),
        {"requests": 1, "due": "2026-03-12"},
    )
    draft_request(by=author, about=pledge)
    actions.sweep_stale(by=author, now=NOW + 11 * DAY)
    flag = StaleFlag.objects.get(reason="request_overdue")
    assert flag.rests_on == "requests without an answer: 1; the first was due on 12 March 2026"
    answer_request(
        record_request=asked, on=date(2026, 3, 13), outcome="granted", answer="Figures came.",
        not_recorded="", by=author, now=NOW + 11 * DAY,
    )  # fmt: skip
    assert due(pledge, "request_overdue") is None
