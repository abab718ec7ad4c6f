"""What hangs on a row is told to the ledger also when the two become public in one moment."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction

from promises.accounts.models import User
from promises.common.canonical import canonical_json
from promises.editorial.actions import WrongState
from promises.ledger.models import Entry
from promises.packages.leaving import AUTHORS, LEAVING, STANDINGS, public_rows
from tests import record
from tests.ledger import two_at_evidence, two_at_officials
from tests.ledger.two_at_officials import Two

pytestmark = pytest.mark.django_db(transaction=True)
ALL = [*two_at_officials.ALL, *two_at_evidence.ALL]


def in_public() -> Iterator[tuple[str, str]]:
    """Yield each row that readers may see, by the name that the ledger has for it."""
    for table in LEAVING:
        # Both are worked out from the others.
        if table in (AUTHORS, STANDINGS):
            continue
        for row in table.snapshots([numbers[-1] for numbers in public_rows(table)]):
            yield f"{table.name}/{table.row_name(row)}", canonical_json(row)


def told() -> dict[str, str]:
    """Return what the ledger told last of each row that is public by what it told."""
    entries = Entry.objects.order_by("edition").values_list("subject", "event", "data")
    last = {subject: (event, data) for subject, event, data in entries}
    return {
        subject: data for subject, (event, data) in last.items() if not event.endswith(":retracted")
    }


def is_waiting(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE pid = %s AND NOT granted", [pid])
        return cursor.fetchone() is not None


def begin(act: Callable[[], Any], number: Future[int]) -> None:
    """Act over a connection of one's own, and say first which one that is."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            number.set_result(cursor.fetchone()[0])
        # A pledge is taken off a request only before that is published.
        with suppress(WrongState):
            act()
    finally:
        connection.close()


def at_once(first: Callable[[], Any], *others: Callable[[], Any]) -> None:
    """Let the others begin, one after the other, while the first has written and not committed."""
    begun: list[Future[None]] = []
    with ThreadPoolExecutor(len(others)) as pool:
        with transaction.atomic():
            first()
            for act in others:
                number: Future[int] = Future()
                begun.append(pool.submit(begin, act, number))
                while not begun[-1].done() and not is_waiting(number.result()):
                    time.sleep(0.005)
        for other in begun:
            other.result()


@pytest.mark.parametrize("publishes_first", [False, True], ids=["hangs", "publishes"])
@pytest.mark.parametrize("two", ALL, ids=lambda two: two.__name__)
def test_the_ledger_tells_of_all_that_is_public(
    two: Callable[[User], Two], publishes_first: bool
) -> None:
    hang, publish = two(record.user())
    at_once(*((publish, hang) if publishes_first else (hang, publish)))
    assert told() == dict(in_public())
