"""Whether what readers see is what the ledger told of it last.

The chain of hashes says that no entry was changed (`verify_ledger`). A row that was changed past
the actions, by someone with the password of the database, leaves no entry at all: this finds it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from promises.common.canonical import canonical_json
from promises.common.columns import Table
from promises.common.snapshots import snapshot
from promises.editorial.choices import State
from promises.editorial.models import Editorial
from promises.ledger.models import Entry
from promises.metrics.columns import OBSERVATIONS
from promises.packages.leaving import (
    AUTHORS,
    LEAVING,
    STANDINGS,
    leaving_columns,
    public_numbers,
)
from promises.staleness.columns import STALE_FLAGS

CHUNK = 1000
# Worked out from other rows, of which the ledger tells; or told of by the sweep and by the file,
# not by the row: the database lets nobody change the values of figures.
NOT_BY_ROW = (STANDINGS, AUTHORS, STALE_FLAGS, OBSERVATIONS)
# How many rows of each table the ledger told of last, and not that they were withdrawn.
_TOLD = """
    SELECT split_part(subject, '/', 1), count(*) FROM (
        SELECT DISTINCT ON (subject) subject, event FROM ledger_entry
        ORDER BY subject, edition DESC
    ) last WHERE event NOT LIKE '%:retracted' GROUP BY 1
"""


@dataclass(frozen=True)
class Difference:
    """A row by the name that the ledger has for it, and how it differs: the end of a sentence."""

    subject: str
    says: str
    # Whether the ledger has it among what is public.
    is_told: bool = True


def differences(*, progress: Callable[[str], Any] | None = None) -> Iterator[Difference]:
    """Yield each public row that is not as the ledger told it last, and each told that is gone.

    All as of one moment: others may publish meanwhile. A thousand rows at a time are in memory.
    `progress` is told each table with the number of its public rows.
    """
    with snapshot():
        told = _told()
        for table in LEAVING:
            if table in NOT_BY_ROW:
                continue
            seen = known = 0
            for numbers in _public_chunks(table):
                found = list(_among(table, numbers))
                yield from found
                seen += len(numbers)
                known += len(numbers) - sum(not one.is_told for one in found)
            if known != told.get(table.name, 0):
                yield from _gone(table)
            if progress:
                progress(f"{table.name}: {seen}")


def _told() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_TOLD)
        return dict(cursor.fetchall())


def _public_chunks(table: Table) -> Iterator[list[int]]:
    numbers = public_numbers(table).iterator(chunk_size=CHUNK)
    while chunk := list(islice(numbers, CHUNK)):
        yield chunk


def _among(table: Table, numbers: list[int]) -> Iterator[Difference]:
    """Yield the differences of some public rows of a table. Two queries."""
    rows = {f"{table.name}/{table.row_name(row)}": row for row in table.snapshots(numbers)}
    last = Entry.objects.filter(subject__in=rows).order_by("subject", "-edition")
    entries = {entry.subject: entry for entry in last.distinct("subject")}
    for subject, row in rows.items():
        entry = entries.get(subject)
        if entry is None:
            yield Difference(subject, "is public, and the ledger never told of it", is_told=False)
        elif entry.event.endswith(":retracted"):
            says = f"is public, and edition {entry.edition} withdrew it"
            yield Difference(subject, says, is_told=False)
        elif changed := _changed(table, json.loads(entry.data), row):
            names = ", ".join(f"“{name}”" for name in changed)
            yield Difference(subject, f"is not as edition {entry.edition} told it: {names}")


def _changed(table: Table, then: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Return the columns of a row that an entry told otherwise.

    A column that is newer than the entry was not told, and people here may take another name.
    """
    now = json.loads(canonical_json(row))
    columns = [column for column in leaving_columns(table) if column.name in then]
    return [
        column.name
        for column in columns
        if then[column.name] != now[column.name] and not column.source.endswith("__display_name")
    ]


def _gone(table: Table) -> Iterator[Difference]:
    """Yield the rows of a table that the ledger told of last and readers do not see.

    A row that is there and was not withdrawn itself is hidden by another one, whose own
    withdrawal is told: the ratings of a withdrawn pledge are.
    """
    own = table.model._default_manager.all()
    if issubclass(table.model, Editorial):
        own = own.filter(state=State.PUBLISHED)
    last = Entry.objects.filter(subject__startswith=f"{table.name}/")
    told = last.order_by("subject", "-edition").distinct("subject").iterator(chunk_size=CHUNK)
    live = (entry for entry in told if not entry.event.endswith(":retracted"))
    while entries := list(islice(live, CHUNK)):
        public = _named(table, entries, public_numbers(table))
        unseen = [entry for entry in entries if entry.subject not in public]
        hidden = _named(table, unseen, own) if unseen else set()
        for entry in unseen:
            if entry.subject not in hidden:
                says = f"is not public, and edition {entry.edition} told of it"
                yield Difference(entry.subject, says)


def _named(table: Table, entries: Iterable[Entry], rows: QuerySet[Any, Any]) -> set[str]:
    """Return the names of those of these rows that the entries may be about. One query."""
    first = table.column(table.key[0])
    values = {json.loads(entry.data)[first.name] for entry in entries}
    numbers = rows.filter(**{f"{first.source}__in": values}).values_list("pk", flat=True)
    return {f"{table.name}/{table.row_name(row)}" for row in table.snapshots(numbers)}
