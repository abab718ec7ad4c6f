"""Redis holds what is not ours, or what is no more: pages are as if it held nothing."""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from redis import Redis

from promises.api import limits
from promises.api.callers import Caller
from promises.serving.front import Front
from promises.serving.rules import Asked
from tests.serving.conftest import an_address, asker
from tests.serving.test_front import HIT, MADE, PAGE, pledge

__all__ = ["pledge"]
HEAD = {
    "headers": [["Content-Type", "text/html"]],
    "etag": "a",
    "vary": "",
    "cache_control": "",
    "work": None,
    "route": "none",
    "is_packed": False,
}
FORGED = json.dumps(HEAD).encode() + b"\n<p>Forged"
CUT = json.dumps(HEAD | {"is_packed": True}).encode() + b"\n" + gzip.compress(bytes(999))[:40]
# What may stand under any name, by what it is.
FOREIGN: dict[str, Callable[[Redis, str], Any]] = {
    "words": lambda redis, name: redis.set(name, "nothing of ours"),
    "bytes": lambda redis, name: redis.set(name, bytes(range(256))),
    "no JSON of a head": lambda redis, name: redis.set(name, b"[1, 2]\n<p>"),
    "deep JSON": lambda redis, name: redis.set(name, 200_000 * b"["),
    "another shape": lambda redis, name: redis.set(name, json.dumps({**HEAD, "headers": 5})),
    "the right shape": lambda redis, name: redis.set(name, FORGED),
    "half of one": lambda redis, name: redis.set(name, CUT),
    "much": lambda redis, name: redis.set(name, bytes(30_000_000)),
    "a list": lambda redis, name: redis.rpush(name, "1"),
    "a hash": lambda redis, name: redis.hset(name, "a", "1"),
    "a set": lambda redis, name: redis.sadd(name, "1"),
}
foreign = pytest.mark.parametrize("write", FOREIGN.values(), ids=FOREIGN)


@pytest.fixture
def redis() -> Iterator[Redis]:
    """What the site keeps its answers in."""
    with Redis.from_url(settings.REDIS_URL) as client:
        yield client


@foreign
def test_an_answer_that_is_not_ours_is_made_anew_and_replaced(
    new_front: Callable[[], Front], pledge: Any, redis: Redis, write: Callable[..., Any]
) -> None:
    first, second, third = new_front(), new_front(), new_front()
    made = asker(first)(PAGE)
    standing = first.knowledge.now()
    assert standing is not None
    name = first.shared._name(Asked(PAGE, "", "127.0.0.1:8000", "http", ""), standing)
    redis.delete(name)
    write(redis, name)
    again = asker(second)(PAGE)
    assert (again.status, again.cache, again.body) == (200, MADE, made.body)
    # At once: nothing was taken for a Redis that is gone.
    shared = asker(third)(PAGE)
    assert (shared.cache, shared.body) == (HIT, made.body)


def test_an_answer_under_another_name_is_not_given(
    new_front: Callable[[], Front], pledge: Any, redis: Redis
) -> None:
    first, second = new_front(), new_front()
    other = asker(first)("/methodology/")
    made = asker(first)(PAGE)
    standing = first.knowledge.now()
    assert standing is not None
    names = [
        first.shared._name(Asked(path, "", "127.0.0.1:8000", "http", ""), standing)
        for path in (PAGE, "/methodology/")
    ]
    assert redis.copy(names[1], names[0], replace=True)
    assert asker(second)(PAGE).body == made.body != other.body


@foreign
def test_a_quota_that_is_no_count_is_counted_from_the_start(
    redis: Redis, write: Callable[..., Any]
) -> None:
    caller = Caller("anonymous", 3, f"api:quota:{an_address()}")

    def spoil() -> None:
        redis.delete(caller.counter)
        write(redis, caller.counter)

    spoil()
    looked = limits.look(caller)
    assert looked is not None
    assert (looked.is_granted, looked.remaining) == (True, 3)
    spoil()
    taken = [limits.take_some(caller, 1) for _ in range(4)]
    assert [found and (found[0], found[1].remaining) for found in taken] == [
        (1, 2), (1, 1), (1, 0), (0, 0),
    ]  # fmt: skip
    assert 3590 < redis.ttl(caller.counter) <= 3600


@pytest.mark.parametrize("lasts", [None, 86_400], ids=["for ever", "a day"])
def test_a_quota_that_is_used_up_is_so_for_an_hour_at_most(redis: Redis, lasts: int | None) -> None:
    caller = Caller("anonymous", 3, f"api:quota:{an_address()}")
    redis.set(caller.counter, 3, ex=lasts)
    found = limits.take_some(caller, 1)
    assert found is not None
    assert (found[0], found[1].remaining) == (1, 2)
    assert 3590 < redis.ttl(caller.counter) <= 3600
