"""Sweeps beside each other, and beside people who write."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from promises.ledger.chain import verify_chain
from promises.staleness.models import StaleFlag
from tests import record
from tests.staleness.test_sweep import open_flags, swept


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_at_once_open_each_episode_once() -> None:
    author = record.user("author")
    for _ in range(20):
        record.pledge(by=author)

    def run(_: int) -> tuple[int, int]:
        try:
            return swept(author, record.NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(run, range(8)))
    assert sorted(results) == [(0, 0)] * 7 + [(20, 0)]
    assert StaleFlag.objects.count() == 20
    assert verify_chain().fault == ""


@pytest.mark.django_db(transaction=True)
def test_what_begins_to_differ_while_a_sweep_runs_is_left_to_the_next() -> None:
    author = record.user("author")
    record.pledge(by=author, slug="held")
    editor = connection.copy()
    editor.set_autocommit(False)

    def run() -> tuple[int, int]:
        try:
            return swept(author, record.NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, editor.cursor() as cursor:
        cursor.execute("SELECT FROM pledges_pledge FOR NO KEY UPDATE")
        sweeping = pool.submit(run)
        while not somebody_waits():
            assert not sweeping.done()
        # The sweep has read what differs. This one it has not locked: an editor may hold it.
        record.pledge(by=author, slug="late")
        editor.rollback()
        assert sweeping.result() == (1, 0)
    editor.close()
    assert {slug for slug, _, _ in open_flags()} == {"held"}
    assert swept(author, record.NOW) == (1, 0)
    assert {slug for slug, _, _ in open_flags()} == {"held", "late"}


def somebody_waits() -> bool:
    """Tell whether a connection to this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        (waits,) = cursor.fetchone()
        return bool(waits)
