from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from promises.common.canonical import canonical_json, timestamp
from promises.common.columns import Table
from promises.ledger.models import Entry, Head
from promises.ledger.rules import entry_hash


@dataclass(frozen=True)
class Change:
    """One public change: what happened, to which row, and the row as the public may read it."""

    event: str
    subject: str
    data: dict[str, Any]
    pledge: str = ""


@transaction.atomic(savepoint=False)
def append_entries(*, changes: Iterable[Change], by: AbstractBaseUser, now: datetime) -> int:
    """Append the changes to the ledger in order and return the newest edition.

    Takes the one lock that numbers editions, so call it last in a transaction: everyone else
    who publishes waits from here to the commit.
    """
    head = Head.objects.select_for_update().first() or _new_head()
    edition, previous_hash, entries = head.edition, head.hash, list[dict[str, Any]]()
    for change in changes:
        edition += 1
        columns: dict[str, Any] = {
            "edition": edition,
            "event": change.event,
            "subject": change.subject,
            "pledge": change.pledge,
            "by": str(by),
            "previous_hash": previous_hash,
        }
        data = canonical_json(change.data)
        previous_hash = entry_hash(**columns, at=timestamp(now), data=data)
        entries.append({**columns, "at": now, "data": data, "hash": previous_hash})
    if entries:
        _store(entries)
    return edition


@transaction.atomic(savepoint=False)
def record_rows(
    *, table: Table, ids: Iterable[int], verb: str, by: AbstractBaseUser, now: datetime
) -> None:
    """Append one entry `<kind>:<verb>` for each of these rows of a public table.

    The row's pledge is its `pledge` column, or its own slug when it is a pledge.
    """
    record_tables(rows=[(table, ids)], verb=verb, by=by, now=now)


@transaction.atomic(savepoint=False)
def record_tables(
    *,
    rows: Iterable[tuple[Table, Iterable[int]]],
    verb: str,
    by: AbstractBaseUser,
    now: datetime,
) -> None:
    """Append as `record_rows` does the rows of several tables, in this order.

    All are read before the ledger is taken, so that others wait for it a shorter while.
    """
    changes = [
        Change(
            event=f"{table.kind}:{verb}",
            subject=f"{table.name}/{table.row_name(row)}",
            pledge=_pledge_of(table, row),
            data=row,
        )
        for table, ids in rows
        for row in table.snapshots(ids)
    ]
    _append_any(changes, by, now)


@transaction.atomic(savepoint=False)
def record_tombstones(
    *, table: Table, ids: Iterable[int], reason: str, by: AbstractBaseUser, now: datetime
) -> None:
    """Append one entry `<kind>:retracted` for each row: its public name and why, nothing more."""
    changes = [
        Change(
            event=f"{table.kind}:retracted",
            subject=f"{table.name}/{table.row_name(row)}",
            pledge=_pledge_of(table, row),
            data={**{name: row[name] for name in table.key}, "reason": reason},
        )
        for row in table.snapshots(ids)
    ]
    _append_any(changes, by, now)


def _append_any(changes: Sequence[Change], by: AbstractBaseUser, now: datetime) -> None:
    """Append the changes. Where there is nothing to tell, nobody waits for the lock."""
    if changes:
        append_entries(changes=changes, by=by, now=now)


def _store(entries: Sequence[dict[str, Any]]) -> None:
    """Write entries by COPY, which takes a tenth of the time of an INSERT of thousands."""
    names = ", ".join(f'"{name}"' for name in entries[0])
    statement = f'COPY "{Entry._meta.db_table}" ({names}) FROM STDIN'
    # psycopg's errors as Django's, as everywhere: callers tell a refusal from a deadlock by them.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as into,
    ):
        for entry in entries:
            into.write_row(tuple(entry.values()))


def _new_head() -> Head:
    """Begin the ledger, or take the beginning that somebody else made at the same time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_head (id, edition, hash) VALUES (1, 0, repeat('0', 64))"
            " ON CONFLICT DO NOTHING"
        )
    return Head.objects.select_for_update().get()


def _pledge_of(table: Table, row: dict[str, Any]) -> str:
    """Return the slug of the pledge a public row is about, or ""."""
    return str(row["slug"] if table.kind == "pledge" else row.get("pledge") or "")
