"""What is not ours in Redis, wherever we keep something there: as if there were nothing."""

import json
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from kombu import Connection
from redis import Redis

from promises.accounts.models import User
from promises.common.json_cache import JsonSerializer
from promises.common.vouched import unvouched, vouched
from promises.imports.waiting import rows_done, say_progress
from tests import record
from tracker.celery import app
from tracker.foreign import forget_foreign

DEEP = 200_000 * "["


@pytest.fixture
def redis() -> Iterator[Redis]:
    """What caches are kept in."""
    with Redis.from_url(settings.REDIS_URL) as client:
        yield client


def test_what_was_not_signed_for_a_name_is_nothing() -> None:
    kept = vouched("a", b"content")
    assert unvouched("a", kept) == b"content"
    others = [kept[:-1], kept + b"!", b"content", b"", None, b"\0" * 32 + b"content"]
    assert [unvouched("a", other) for other in others] == [None] * 6
    assert unvouched("b", kept) is None


def test_json_that_has_no_end_is_no_value() -> None:
    assert JsonSerializer().loads(DEEP.encode()) is None


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [5, "nothing of ours", "YWJj", "é", [1], None])
def test_a_card_that_is_not_ours_is_drawn_anew(
    client: Client, author: User, redis: Redis, kept: object
) -> None:
    address = f"/cards/pledges/{record.pledge(by=author).slug}.png"
    first = client.get(address)
    key = cache.make_key("card:" + first["ETag"].strip('"'))
    ours = redis.get(key)
    redis.delete(key)
    if kept is None:
        redis.rpush(key, "1")
    else:
        redis.set(key, json.dumps(kept))
    again = client.get(address)
    assert (again.status_code, again.content) == (200, first.content)
    assert redis.get(key) == ours


@pytest.mark.parametrize("kept", [b"nothing", b'"many"', b"[7]", b"{}", b"1e999", None])
def test_progress_that_is_not_ours_is_none(redis: Redis, kept: bytes | None) -> None:
    key = cache.make_key("imports:0:rows")
    redis.delete(key)
    if kept is None:
        redis.rpush(key, "1")
    else:
        redis.set(key, kept)
    assert rows_done(0) == 0
    say_progress(0, 7)
    assert rows_done(0) == 7
    redis.delete(key)


def _address() -> str:
    return settings.REDIS_URL.rpartition("/")[0] + "/11"


@pytest.fixture
def queue() -> Iterator[Redis]:
    """A database of its own: no worker of another test takes anything from there."""
    with Redis.from_url(_address()) as client:
        client.flushdb()
        yield client
        client.flushdb()


def test_a_worker_clears_the_way_to_its_queue(queue: Redis) -> None:
    for name in ("celery", "unacked", "unacked_index", "_kombu.binding.celery"):
        queue.set(name, "nothing of ours")
    queue.rpush("unacked_mutex", "1")
    queue.set("another program's", "its own")
    forget_foreign(_address())
    assert queue.keys() == [b"another program's"]
    queue.hset("unacked", mapping={"a": json.dumps([{}, "", "celery"]), "b": DEEP})
    queue.zadd("unacked_index", {"a": 1, "b": 2})
    forget_foreign(_address())
    assert queue.keys() == [b"another program's"]


def test_a_worker_leaves_what_is_ours(queue: Redis) -> None:
    with Connection(_address()) as broker, broker.SimpleQueue("celery") as waiting:
        for _ in range(2):
            app.send_task("promises.outbox.tasks.deliver", connection=broker)
        taken = waiting.get(timeout=5)
        before = {name: queue.dump(name) for name in queue.scan_iter()}
        forget_foreign(_address())
        assert {name: queue.dump(name) for name in queue.scan_iter()} == before
        assert {b"celery", b"unacked", b"unacked_index"} <= set(before)
        taken.ack()


def test_a_redis_that_is_away_does_not_keep_a_worker_from_starting() -> None:
    forget_foreign("redis://127.0.0.1:1/0")
