"""A session that somebody left open: what waits for it, and since when it holds back others."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.test import Client

from tests.watching.test_figures import read

pytestmark = pytest.mark.django_db(transaction=True)
WAITS, IDLE = "tracker_lock_wait_seconds", "tracker_idle_transaction_seconds"


def session() -> psycopg.Connection:
    """A session of somebody else's, as psql opens one."""
    parameters = connection.get_connection_params()
    given = {name: value for name, value in parameters.items() if isinstance(value, str)}
    return psycopg.connect(**given)  # type: ignore[arg-type]


@pytest.fixture
def left_open() -> Iterator[psycopg.Connection]:
    """One that holds a table, in which nothing happens."""
    with session() as stranger:
        stranger.execute("LOCK TABLE pledges_topic")
        yield stranger
        stranger.rollback()


def until(client: Client, name: str) -> float:
    """Return a figure as soon as it is not nothing."""
    for _ in range(1000):
        if found := read(client)[name]:
            return found
    raise AssertionError(f"{name} stays 0.")


def test_what_is_left_open_and_who_waits_for_it_are_seen(
    client: Client, left_open: psycopg.Connection
) -> None:
    found = read(client)
    assert found[WAITS] == 0
    assert 0 < found[IDLE] < 600
    with session() as other:
        waiter = threading.Thread(target=other.execute, args=["SELECT FROM pledges_topic"])
        waiter.start()
        try:
            assert 0 < until(client, WAITS) < 600
        finally:
            left_open.rollback()
            waiter.join()
    found = read(client)
    assert (found[WAITS], found[IDLE]) == (0, 0)
