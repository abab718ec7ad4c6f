"""Two heartbeats: did our sweep run, and did the sources change?"""

import logging
import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client

from promises.accounts.models import User
from promises.common.clock import database_clock
from promises.metrics.actions import retract_observation, save_metric_source
from promises.metrics.models import MetricSource
from promises.staleness.heartbeats import note_missing_sweep, sweep_on_schedule
from promises.staleness.models import Lapse, SourceBeat, Sweep
from promises.staleness.rules import age_counts, sweep_is_late
from tests import record
from tests.desk.conftest import metric
from tests.site.reading import words
from tracker.beat import OneBeat, _ask, _session
from tracker.celery import app

NOW = record.NOW


def test_a_beat_that_starts_does_at_once_what_is_waited_for() -> None:
    schedule = OneBeat(app).schedule
    due = {name for name, entry in schedule.items() if entry.is_due().is_due}
    assert due == {"sweep-stale", "gather-words"}


@pytest.mark.django_db
def test_the_beat_connects_as_the_address_says(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"sslrootcert": "/etc/example/root.pem", "target_session_attrs": "read-write"}
    for name, value in asked.items():
        monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], name, value)
    with _session() as session:
        used = session.info.get_parameters()
        assert {name: used.get(name) for name in asked} == asked


@pytest.mark.django_db
def test_a_beat_that_stands_by_says_once_which_session_sends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    beat = OneBeat(app)
    with closing(_session()) as other, caplog.at_level(logging.INFO, "tracker.beat"):
        assert _ask(other)
        assert [beat._holds_the_lock(), beat._holds_the_lock()] == [False, False]
        said = f"This beat stands by: session {other.info.backend_pid} of PostgreSQL sends."
        assert caplog.messages == [said]
    beat.close()


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("pages rebuilt nightly; csv files in Git LFS", 1),
        ("about one report a year", 366),
        ("yearly", 366),
        ("Monthly", 31),
        ("every quarter", 92),
        ("one-off snapshot", None),
        ("YEARLY, in spring", 366),
        ("", None),
    ],
)
@pytest.mark.django_db
def test_a_cadence_in_words_is_so_many_days(words: str, days: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT staleness_cadence_days(%s)", [words])
        assert cursor.fetchone() == (days,)


@pytest.mark.django_db
def test_a_source_may_miss_one_turn(author: User) -> None:
    source = MetricSource(slug="example-county", publisher="Example County", cadence="monthly")
    source = save_metric_source(source=source, by=author, now=NOW)
    series = metric(record.pledge(by=author), author)
    values = {"period": "month", "value": 31, "source": "example-county/bail.csv"}
    series.observations.create(observed_on=date(2025, 2, 1), vintage_on=date(2026, 1, 1), **values)
    beat = SourceBeat.objects.by_source()["example-county"]
    assert (beat.newest_on, beat.silent_on) == (date(2026, 1, 1), date(2026, 3, 5))
    assert SourceBeat.objects.silent_on(date(2026, 3, 4)) == {}
    assert SourceBeat.objects.silent_on(date(2026, 3, 5)) == {"example-county": date(2026, 3, 5)}
    source.cadence = "one-off"
    save_metric_source(source=source, by=author, now=NOW)
    assert SourceBeat.objects.silent_on(date(2999, 1, 1)) == {}


def test_a_sweep_is_late_after_three_intervals() -> None:
    assert not sweep_is_late(age=timedelta(seconds=180), interval_seconds=60)
    assert sweep_is_late(age=timedelta(seconds=181), interval_seconds=60)


def test_ages_are_counted_by_steps() -> None:
    assert age_counts({0: 1, 29: 2, 30: 4, 729: 8, 5000: 16}) == [
        (0, 30, 3), (30, 90, 4), (90, 180, 0), (180, 365, 0), (365, 730, 8), (730, None, 16),
    ]  # fmt: skip


def an_hour_passes() -> None:
    """Sweeps are dated by the database, whose clock no test can set: so they move back."""
    Sweep.objects.update(finished_at=F("finished_at") - timedelta(hours=1))


@pytest.mark.django_db
def test_the_sweep_after_a_silence_writes_down_how_long_it_was(author: User) -> None:
    for _turn in range(2):
        sweep_on_schedule(by=author, now=database_clock())
    assert not Lapse.objects.exists()
    an_hour_passes()
    last = Sweep.objects.latest().finished_at
    back = database_clock()
    for _turn in range(2):
        sweep_on_schedule(by=author, now=back)
    lapse = Lapse.objects.get()
    assert (lapse.heartbeat, lapse.silent_since, lapse.ended_at) == ("sweep", last, back)


@pytest.mark.django_db
def test_a_missing_sweep_is_noted_while_it_is_missing(author: User) -> None:
    assert note_missing_sweep(by=author, now=NOW) is False
    sweep_on_schedule(by=author, now=NOW)
    last = Sweep.objects.get().finished_at

    def at(minutes: int) -> datetime:
        return last + timedelta(minutes=minutes)

    assert [note_missing_sweep(by=author, now=at(minutes)) for minutes in (3, 4, 5)] == [
        False,
        True,
        True,
    ]
    lapse = Lapse.objects.get()
    assert (lapse.silent_since, lapse.found_at, lapse.ended_at) == (last, at(4), None)
    sweep_on_schedule(by=author, now=at(9))
    lapse.refresh_from_db()
    assert (Lapse.objects.count(), lapse.found_at, lapse.ended_at) == (1, at(4), at(9))


@pytest.mark.django_db
def test_a_sweep_for_a_day_to_come_is_no_heartbeat_of_that_day(author: User) -> None:
    before = database_clock()
    call_command("sweep_stale", "--now", "2999-06-01")
    sweep = Sweep.objects.get()
    assert sweep.swept_for == datetime(2999, 6, 1, tzinfo=UTC)
    assert before < sweep.finished_at < database_clock()
    assert Sweep.objects.newest() == sweep
    assert note_missing_sweep(by=author, now=sweep.finished_at + timedelta(hours=1)) is True


@pytest.mark.django_db
def test_a_silent_source_is_one_episode_until_it_speaks(author: User) -> None:
    source = MetricSource(slug="example-county", publisher="Example County", cadence="monthly")
    save_metric_source(source=source, by=author, now=NOW)
    series = metric(record.pledge(by=author), author)
    values = {"period": "month", "value": 31, "source": "example-county/bail.csv"}
    series.observations.create(observed_on=date(2025, 2, 1), vintage_on=date(2026, 1, 1), **values)
    assert SourceBeat.objects.get(slug="example-county").newest_on == date(2026, 1, 1)
    for day in (4, 5, 6):
        sweep_on_schedule(by=author, now=datetime(2026, 3, day, tzinfo=UTC))
    lapse = Lapse.objects.get(heartbeat="source")
    assert (lapse.name, lapse.silent_since, lapse.found_at, lapse.ended_at) == (
        "example-county", datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC), None,
    )  # fmt: skip
    series.observations.create(observed_on=date(2025, 3, 1), vintage_on=date(2026, 3, 6), **values)
    sweep_on_schedule(by=author, now=datetime(2026, 3, 7, tzinfo=UTC))
    assert Lapse.objects.get(heartbeat="source").ended_at == datetime(2026, 3, 7, tzinfo=UTC)


@pytest.mark.django_db
def test_a_day_of_newest_figures_is_never_made_up(author: User, client: Client) -> None:
    source = MetricSource(slug="example-county", publisher="Example County", cadence="one-off")
    save_metric_source(source=source, by=author, now=NOW)
    series = metric(record.pledge(by=author), author)
    values = {"period": "year", "value": 31, "source": "example-county/bail.csv"}

    def said_after(year: int, vintage_on: date, precision: str) -> str:
        series.observations.create(
            observed_on=date(year, 1, 1),
            vintage_on=vintage_on,
            vintage_precision=precision,
            **values,
        )
        found = re.search(r"Example County (.*?) one-off", words(client.get("/stale/")))
        assert found is not None
        return found[1]

    assert said_after(2023, date(2023, 12, 30), "day") == "30 December 2023"
    assert said_after(2024, date(2024, 1, 1), "month") == "January 2024"
    assert said_after(2025, date(2025, 1, 1), "year") == "2025"
    newest = series.observations.get(vintage_precision="year")
    retract_observation(observation=newest, reason="A slip.", by=author, now=NOW)
    assert SourceBeat.objects.by_source()["example-county"].newest_in_words == "January 2024"
