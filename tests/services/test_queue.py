"""A worker passes by what is no task in its queue: it neither ends by it nor hands it on."""

import json
import os
import re
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from redis import Redis

from tests.architecture.house import ROOT
from tracker.celery import app

SETTINGS = "tracker.settings"
# Known to no worker: Celery itself says so, and drops it.
UNKNOWN = "promises.nothing.tasks.nothing"
DROPPED = re.compile(r"Messages in the queue that were not ours, and were dropped: (\d+)\.")
NOT_READ = ["nothing", "[" * 200_000, "9" * 9_999, b"\xff", '{"__type__": "uuid", "__value__": 5}']
NO_MESSAGES = ["5", "[1]", "null", "{}", '{"properties": 5}']


def in_body(content: bytes) -> str:
    return b64encode(content).decode()


# What stands in a task in place of what Celery sends.
SPOILT: list[tuple[tuple[str, ...], Any]] = [
    (("body",), 7),
    (("body",), "%%%"),
    (("body",), in_body(b"nothing")),
    (("body",), in_body(b"{}")),
    (("body",), in_body(b"[" * 200_000)),
    (("body",), in_body(b"[[1], {}, {}]")),
    (("body",), in_body(b'[[], {"by": 1}, {}]')),
    (("body",), in_body(b'[[], {}, {"chain": [{"task": "x"}]}]')),
    (("content-type",), "application/x-python-serialize"),
    (("content-encoding",), 5),
    (("headers",), None),
    (("headers",), [1]),
    (("headers", "task"), [1]),
    (("headers", "id"), None),
    (("headers", "id"), [1]),
    (("headers", "timelimit"), "x"),
    (("headers", "timelimit"), ["x", "y"]),
    (("headers", "eta"), "2099-01-01T00:00:00+00:00"),
    (("headers", "stamped_headers"), 5),
    (("headers", "stamps"), 5),
    (("headers", "stamps"), {"a": 1}),
    (("headers", "root_id"), {"__type__": "uuid", "__value__": 5}),
    (("properties", "delivery_tag"), [1]),
    (("properties", "delivery_tag"), "\ud800"),
    (("properties", "delivery_info"), [1]),
    (("properties", "delivery_info"), {"a": 1}),
    (("properties", "delivery_info", "exchange"), [1]),
    (("properties", "body_encoding"), "rot13"),
]


def address() -> str:
    return settings.REDIS_URL.rpartition("/")[0] + "/12"


@pytest.fixture
def queue() -> Iterator[Redis]:
    """A database of its own: no worker of another test takes anything from there."""
    with Redis.from_url(address()) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def worker(queue: Redis, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """A worker on that database; called, it returns what it said once all was taken."""
    log = tmp_path / "worker.log"
    words = ["worker", "-c", "1", "-l", "INFO", "--without-gossip", "--without-mingle"]
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "tracker", *words],
            cwd=ROOT, env={**os.environ, "REDIS_URL": address()}, stdout=written, stderr=written,
        )  # fmt: skip

    def said() -> str:
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            if UNKNOWN in log.read_text() and not queue.exists("celery", "unacked"):
                break
            time.sleep(0.05)
        assert process.poll() is None, log.read_text()
        return log.read_text()

    yield said
    process.terminate()
    process.wait(30)


def spoilt(task: str, path: tuple[str, ...], value: Any) -> str:
    """A task in which something else stands in one place."""
    message = json.loads(task)
    *inner, last = path
    part = message
    for name in inner:
        part = part[name]
    part[last] = value
    return json.dumps(message)


def task_named(name: str, queue: Redis) -> str:
    """A message as Celery sends it."""
    with app.connection_for_write(address()) as connection:
        app.send_task(name, connection=connection)
    return queue.lpop("celery").decode()


def dropped(lines: str) -> int:
    """How many messages a worker said it dropped; it says so every few seconds at most."""
    return sum(map(int, DROPPED.findall(lines)))


def test_a_worker_outlives_what_is_no_task(queue: Redis, worker: Callable[[], str]) -> None:
    task = task_named(UNKNOWN, queue)
    foreign = [*NOT_READ, *NO_MESSAGES, *(spoilt(task, *one) for one in SPOILT)]
    # Taken from the other end: the task comes last.
    for message in [*foreign, task]:
        queue.lpush("celery", message)
    worker()
    until = time.monotonic() + 20
    while dropped(worker()) < len(foreign) and time.monotonic() < until:
        time.sleep(0.2)
    assert dropped(worker()) == len(foreign)
    assert not queue.exists("celery", "unacked", "unacked_index")


def test_a_flood_is_over_at_once_and_fills_no_log(queue: Redis, worker: Callable[[], str]) -> None:
    task = task_named(UNKNOWN, queue)
    for _ in range(10):
        queue.lpush("celery", *["nothing", spoilt(task, *SPOILT[1])] * 1500)
    # A worker may start slowly where much else runs: the time counts from the first it takes.
    until = time.monotonic() + 60
    while queue.llen("celery") == 30_000 and time.monotonic() < until:
        time.sleep(0.05)
    until = time.monotonic() + 15
    while queue.llen("celery") and time.monotonic() < until:
        time.sleep(0.05)
    assert queue.llen("celery") == 0
    queue.lpush("celery", task)
    assert len(worker().splitlines()) < 300


def test_of_a_long_queue_one_call_of_each_task_stays(queue: Redis) -> None:
    from tracker.queue import MOST, thin

    names = ["promises.outbox.tasks.deliver", "promises.alerts.tasks.tell", UNKNOWN]
    mail, alerts, unknown = [task_named(name, queue) for name in names]
    waiting = [mail, "nothing", alerts, "5", unknown, *[mail] * (MOST - 5)]
    queue.lpush("celery", *waiting)
    thin(queue)
    assert queue.llen("celery") == MOST
    queue.lpush("celery", alerts)
    thin(queue)
    assert queue.lrange("celery", 0, -1) == [alerts.encode(), mail.encode()]


def test_of_a_long_queue_the_calls_that_stay_are_not_out_of_date(queue: Redis) -> None:
    from tracker.queue import MOST, thin

    names = ["promises.outbox.tasks.deliver", "promises.alerts.tasks.tell"]
    new = [task_named(name, queue) for name in names]
    old = [spoilt(one, ("headers", "expires"), "2026-11-01T00:00:00+00:00") for one in new]
    queue.lpush("celery", *old * (MOST // 2), *new)
    thin(queue)
    assert queue.lrange("celery", 0, -1) == [one.encode() for one in reversed(new)]


def test_what_celery_sends_is_a_task(queue: Redis) -> None:
    from tracker.foreign import is_task

    with app.connection_for_write(address()) as connection:
        for name, entry in app.conf.beat_schedule.items():
            app.send_task(entry["task"], connection=connection, **entry.get("options", {}))
            assert is_task(json.loads(queue.lpop("celery"))), name


@pytest.mark.parametrize("place", ["celery", "unacked", "unacked_index"])
def test_a_worker_outlives_a_key_of_its_queue_that_becomes_another_one(
    queue: Redis, worker: Callable[[], str], place: str
) -> None:
    task = task_named(UNKNOWN, queue)
    queue.lpush("celery", task)
    worker()
    queue.set(place, "nothing of ours")
    until = time.monotonic() + 20
    while queue.exists("celery") and time.monotonic() < until:
        time.sleep(0.05)
    queue.lpush("celery", task)
    while worker().count("KeyError: ") < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert worker().count("KeyError: ") == 2
    assert worker().count(f"under {place} is not ours, and was removed") == 1
    # It took no notice but that.
    assert worker().count("Connected to") == 1


def test_whoever_sends_finds_the_queue_taken_and_sends_all_the_same(queue: Redis) -> None:
    ring = "from tracker.celery import ring; ring('promises.outbox.tasks.deliver')"
    environment = {**os.environ, "REDIS_URL": address(), "DJANGO_SETTINGS_MODULE": SETTINGS}
    for place in ("celery", "_kombu.binding.celery"):
        queue.set(place, "nothing of ours")
        subprocess.run(
            [sys.executable, "-c", f"import django; django.setup(); {ring}"],
            cwd=ROOT, env=environment, check=True,
        )  # fmt: skip
        assert queue.llen("celery") == 1
        queue.delete("celery")


def test_a_worker_looks_at_one_queue_and_no_other(queue: Redis, worker: Callable[[], str]) -> None:
    for step in (3, 6, 9):
        queue.set(f"celery\x06\x16{step}", "nothing of ours")
    queue.lpush("celery", task_named(UNKNOWN, queue))
    assert "ResponseError" not in worker()


def test_a_task_that_is_done_after_its_connection_was_closed_meets_an_outage() -> None:
    with app.connection_for_read() as connection:
        channel = connection.channel()
        errors = connection.connection_errors
        # Where Redis was gone, a channel is left as it was, and its transport without an address.
        left = connection.channel()
        left.connection = copy(left.connection)
        left.connection.client = None
    for each in (channel, left):
        with pytest.raises(errors, match="was closed meanwhile"):
            each.qos.ack("a-task-in-hand")
