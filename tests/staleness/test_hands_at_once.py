"""Who hands episodes on beside somebody who ends them: neither waits for the other for ever."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from promises.staleness import actions
from promises.staleness.models import StaleFlag
from tests import record
from tests.record import record_review
from tests.staleness.test_sweep import swept

DAYS = timedelta(days=200)
pytestmark = pytest.mark.django_db(transaction=True)


def in_a_thread(pool: ThreadPoolExecutor, step: Callable[[], Any]) -> Future[Any]:
    def run() -> Any:
        try:
            return step()
        finally:
            connection.close()

    return pool.submit(run)


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("held", ["first", "last"])
@pytest.mark.parametrize("step", ["assign", "snooze"])
def test_episodes_are_handed_on_beside_a_review(step: str, held: str) -> None:
    author, jane = record.user("author"), record.user("jane")
    pledge = record.pledge(by=author)
    later = record.NOW + DAYS
    assert swept(author, later)[0] > 1
    flags = list(StaleFlag.objects.order_by("pk"))
    # An episode that was written later stands behind the others in its table.
    record.assign_flag(flag=flags[0], to=jane, by=author, now=later)
    deeds = {
        "assign": lambda: actions.assign_flags(flags=flags, to=author, by=author, now=later),
        "snooze": lambda: actions.snooze_flags(
            flags=flags, until=later + DAYS, reason="Later.", by=author, now=later
        ),
    }
    holder = connection.copy()
    holder.set_autocommit(False)
    one = flags[0 if held == "first" else -1]
    with ThreadPoolExecutor(2) as pool, holder.cursor() as cursor:
        cursor.execute("SELECT FROM staleness_staleflag WHERE id = %s FOR UPDATE", [one.pk])
        handing = in_a_thread(pool, deeds[step])
        wait_until(lambda: waiting() == 1)
        reviewing = in_a_thread(
            pool, lambda: record_review(pledge=pledge, note="Seen.", by=author, now=record.NOW)
        )
        wait_until(lambda: waiting() == 2)
        holder.rollback()
        handing.result()
        reviewing.result()
    holder.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.01)
