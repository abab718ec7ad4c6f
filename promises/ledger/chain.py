"""Reads of the chain: the current edition, and whether every entry stands as written."""

import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Max

from promises.common.canonical import canonical_json, timestamp
from promises.common.columns import Table
from promises.ledger.models import START_OF_CHAIN, Entry, Head
from promises.ledger.rules import entry_hash


@dataclass(frozen=True)
class Verdict:
    """What checking the chain found: how many entries stand, and the first that does not."""

    entries: int
    edition: int | None = None
    fault: str = ""


def current_edition() -> int:
    """Return the number of the newest entry; 0 for an empty record."""
    return Head.objects.values_list("edition", flat=True).first() or 0


def is_told_of(table: Table, pk: int) -> bool:
    """Return whether the ledger has ever told of this row, by the name that it has now."""
    subjects = [f"{table.name}/{table.row_name(row)}" for row in table.snapshots([pk])]
    return Entry.objects.filter(subject__in=subjects).exists()


def verify_chain() -> Verdict:
    """Read the whole ledger in order and return the first entry that is not as it was written.

    Others may append meanwhile: what counts is that the ledger reaches the head as it stood
    before the reading, and does not reach beyond the head as it stands after it. Head and entries
    may have been cut off together: rows that are of a later edition tell.
    """
    head = Head.objects.first() or Head()
    carried = _carried()
    expected, previous_hash, hash_at_head = 1, START_OF_CHAIN, START_OF_CHAIN
    for entry in Entry.objects.order_by("edition").iterator(chunk_size=2000):
        if entry.edition != expected:
            return Verdict(expected - 1, expected, f"is missing; {entry.edition} comes next")
        if fault := _fault(entry, previous_hash):
            return Verdict(expected - 1, entry.edition, fault)
        if entry.edition == head.edition:
            hash_at_head = entry.hash
        expected, previous_hash = expected + 1, entry.hash
    last = expected - 1
    if last < head.edition:
        return Verdict(last, expected, f"is missing; the head says {head.edition}")
    if hash_at_head != head.hash:
        return Verdict(last - 1, head.edition, "does not have the hash that the head says")
    newest = current_edition()
    if last > newest:
        return Verdict(newest, newest + 1, f"stands behind the head, which says {newest}")
    for table, edition in carried.items():
        if edition > newest:
            return Verdict(last, last + 1, f"is missing; {table} holds a row of edition {edition}")
    return Verdict(last)


def _carried() -> dict[str, int]:
    """Return the newest edition of each table whose rows say of which edition they are.

    A backup of an older version is read before it is migrated: what came later is not there yet.
    """
    models: dict[str, Any] = {
        model._meta.db_table: model for model in map(apps.get_model, settings.OF_AN_EDITION)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
            " WHERE relname = ANY (%s) AND relnamespace = current_schema()::regnamespace"
            " AND attname = 'edition' AND NOT attisdropped",
            [list(models)],
        )
        are_there = [name for (name,) in cursor.fetchall()]
    return {
        table: models[table]._default_manager.aggregate(edition=Max("edition"))["edition"] or 0
        for table in sorted(are_there)
    }


def _fault(entry: Entry, previous_hash: str) -> str:
    """Return what is wrong with an entry, or "" when it is as it was written."""
    if entry.previous_hash != previous_hash:
        return "does not name the hash of the entry before it"
    try:
        data = json.loads(entry.data)
    except ValueError:
        return "holds data that is not JSON"
    if canonical_json(data) != entry.data:
        return "holds data that is not canonical JSON"
    computed = entry_hash(
        edition=entry.edition,
        event=entry.event,
        subject=entry.subject,
        pledge=entry.pledge,
        at=timestamp(entry.at),
        by=entry.by,
        data=entry.data,
        previous_hash=previous_hash,
    )
    return "" if computed == entry.hash else "does not match its hash"
