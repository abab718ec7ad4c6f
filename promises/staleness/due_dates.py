"""Every due date computed anew."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

# Pledges computed at once: who writes one of them waits so long.
PART = 1000


def recompute_due_dates() -> Iterator[tuple[int, int]]:
    """Compute every due date anew, a transaction a part; yield how many of how many are done.

    No write of the record: it makes derived rows what they are by definition. May be cut off and
    run again. For when someone switched the triggers off.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM pledges_pledge ORDER BY id")
        ids = [pk for (pk,) in cursor.fetchall()]
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        with connection.cursor() as cursor:
            cursor.execute("SELECT staleness_derive(%s)", [part])
        yield start + len(part), len(ids)


def compute_by_a_newer_rule(_apps: Any, _schema_editor: Any) -> None:
    """Do so in a migration after the one that changed the rule, which nothing else follows.

    A migration of its own, with `atomic = False`: whoever changes a table keeps everybody from it
    until the transaction ends, and computing locks the pledges.
    """
    for _part in recompute_due_dates():
        pass
