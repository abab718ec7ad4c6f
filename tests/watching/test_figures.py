"""/internal/metrics: who may read it, and that what it says is so."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import redis
import time_machine
from django.conf import settings as site
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from promises.accounts.models import User
from promises.common.clock import database_clock
from promises.ledger.models import Head
from promises.outbox.models import Delivery
from promises.staleness.models import Sweep
from promises.watching import figures
from tests import record
from tests.conftest import without_database
from tests.record import NOW

QUEUE = "tests-of-figures"
ADDRESS = "/internal/metrics"


def read(client: Client, **environ: Any) -> dict[str, float]:
    """Return the figures that have no label, or one called kind."""
    response = client.get(ADDRESS, **environ)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in response.headers["Cache-Control"]
    return {
        f"{each.name} {each.labels.get('kind', '')}".strip(): each.value
        for family in text_string_to_metric_families(response.content.decode())
        for each in family.samples
        if not set(each.labels) - {"kind"}
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "198.51.100.9"}, 404),
        ({"REMOTE_ADDR": "10.0.0.5"}, 404),
        # Through a proxy that nobody vouches for: who asks is not known.
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 404),
        ({"REMOTE_ADDR": "10.9.9.9", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "10.9.9.9", "HTTP_X_FORWARDED_FOR": "198.51.100.9"}, 404),
        ({"REMOTE_ADDR": "198.51.100.9", "HTTP_AUTHORIZATION": "Bearer a-token"}, 200),
        ({"REMOTE_ADDR": "198.51.100.9", "HTTP_AUTHORIZATION": "Bearer another"}, 404),
        ({"REMOTE_ADDR": "198.51.100.9", "HTTP_AUTHORIZATION": "Bearer ü"}, 404),
        ({"REMOTE_ADDR": "198.51.100.9", "HTTP_AUTHORIZATION": ""}, 404),
    ],
)
def test_only_machines_of_ours_read_the_figures(
    client: Client, settings: Any, environ: dict[str, str], status: int
) -> None:
    settings.METRICS_TOKEN = "a-token"
    settings.TRUSTED_PROXIES = ["10.9.9.9"]
    response = client.get(ADDRESS, **environ)
    assert response.status_code == status
    assert (b"tracker_edition" in response.content) is (status == 200)


@pytest.mark.django_db
def test_without_a_token_an_empty_one_opens_nothing(client: Client) -> None:
    environ = {"REMOTE_ADDR": "198.51.100.9", "HTTP_AUTHORIZATION": "Bearer "}
    assert client.get(ADDRESS, **environ).status_code == 404


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    """A queue that nobody else writes to."""
    monkeypatch.setattr(figures, "QUEUE", QUEUE)
    with redis.Redis.from_url(site.REDIS_URL) as client:
        client.delete(QUEUE)
        yield client
        client.delete(QUEUE)


def mails_of(now: datetime) -> None:
    """A mail that waits, one that is late by two minutes and one that was set aside."""
    for number, state in enumerate(("waits", "is late", "is set aside")):
        Delivery.objects.create(
            key=f"key-{number}",
            courier="mail",
            address="jane@example.org",
            content={},
            created_at=now - timedelta(hours=1),
            next_try_at={
                "waits": now + timedelta(hours=1),
                "is late": now - timedelta(seconds=120),
            }.get(state),
            set_aside_at=now if state == "is set aside" else None,
        )


def test_the_figures_are_those_of_the_record(
    client: Client, author: User, queue: redis.Redis
) -> None:
    record.pledge(by=author)
    now = database_clock()
    Sweep.objects.create(swept_for=now, finished_at=now - timedelta(seconds=30), opened=1, closed=0)
    mails_of(now)
    queue.lpush(QUEUE, json.dumps({"headers": {"sent_at": queue.time()[0] - 60}}))
    queue.lpush(QUEUE, json.dumps({"headers": {}}))
    # The clock of this host counts for nothing.
    with time_machine.travel(now + timedelta(hours=1)):
        found = read(client)
    ages = {
        "tracker_sweep_age_seconds": 30,
        "tracker_queue_age_seconds": 60,
        "tracker_waiting_age_seconds mails": 120,
    }
    assert {name: found[name] // 10 * 10 for name in ages} == ages
    edition = Head.objects.get().edition
    assert edition > 0
    assert (
        found.items()
        >= {
            "tracker_edition": edition,
            "tracker_queue_tasks": 2,
            "tracker_waiting mails": 2,
            "tracker_waiting webhooks": 0,
            "tracker_waiting_age_seconds webhooks": 0,
            "tracker_waiting captures": 0,
            "tracker_set_aside": 1,
            "tracker_files_damaged": 0,
            "tracker_database_up": 1,
            "tracker_redis_up": 1,
        }.items()
    )


@pytest.mark.parametrize(
    ("last_error", "age"),
    [
        ("ConnectionRefusedError: [Errno 111] Connection refused", 3600),
        ("SMTPAuthenticationError: (535, b'no')", 3600),
        ("SMTPRecipientsRefused: {'jane@example.org': (550, b'no such mailbox')}", 0),
        ("NotTaken: SMTPRecipientsRefused: {'(address)': (550, b'no such mailbox')}", 0),
        ("", 0),
    ],
)
@pytest.mark.django_db
def test_a_mail_server_that_takes_nothing_is_seen_though_no_try_is_late(
    client: Client, last_error: str, age: int
) -> None:
    mails_of(database_clock())
    Delivery.objects.filter(key="key-0").update(last_error=last_error, attempts=3)
    Delivery.objects.exclude(key="key-0").delete()
    found = read(client)
    assert found["tracker_waiting_age_seconds mails"] == 0
    assert found["tracker_refused_age_seconds"] // 10 * 10 == age


@pytest.mark.django_db
def test_what_is_away_is_said_and_the_rest_goes_on(client: Client, settings: Any) -> None:
    with connection.execute_wrapper(without_database):
        found = read(client)
    assert (found["tracker_database_up"], found["tracker_redis_up"]) == (0, 1)
    assert "tracker_edition" not in found
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    found = read(client)
    assert (found["tracker_database_up"], found["tracker_redis_up"]) == (1, 0)
    assert "tracker_queue_tasks" not in found


@pytest.mark.django_db
def test_each_figure_takes_one_question(client: Client, django_assert_num_queries: Any) -> None:
    # Clock, head, sweep, flags, lapses, four kinds of what waits, mails refused and set aside,
    # damaged files, locks and what holds them.
    with django_assert_num_queries(13):
        client.get(ADDRESS)


@pytest.mark.parametrize(
    "message",
    [
        b"nothing",
        b"[]",
        b'{"headers": 5}',
        b'{"headers": {"sent_at": []}}',
        b'{"headers": {"sent_at": 1%s}}' % (400 * b"0"),
        200_000 * b"[",
    ],
    ids=lambda message: message[:20].decode(),
)
def test_a_message_that_is_not_ours_has_no_age(message: bytes) -> None:
    assert figures._age(message, NOW.timestamp()) == 0
