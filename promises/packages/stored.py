"""What the record holds now: rows by their public keys, and what an import last wrote of them."""

import json
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When

from promises.common.columns import Table
from promises.common.prepared import IsAny
from promises.editorial.choices import State
from promises.ledger.models import Entry
from promises.metrics.columns import OBSERVATIONS
from promises.packages.rows import Package, Row, Stored
from promises.packages.tables import Key, Shape, shape_of


def stored_rows(shape: Shape, keys: Iterable[Key]) -> dict[Key, Stored]:
    """Return the stored rows that share the first column of these keys, in one query."""
    firsts = {key[0] for key in keys}
    first = shape.table.column(shape.table.key[0])
    return _rows(shape, {f"{first.source}__in": firsts})


def target(package: Package, row: Row, field: str) -> Row | Stored | None:
    """Return what the foreign key `field` of a row points to once the package is loaded."""
    reference = shape_of(row.table).reference(field)
    return find(package, reference.target, reference.key_in(row.final))


def find(package: Package, table: Table, key: Key) -> Row | Stored | None:
    """Return the row with this key in the package, else in the record."""
    if key not in package.known(table) and None not in key:
        learn(package, table, [key])
    return package.known(table).get(key)


def learn(package: Package, table: Table, keys: Iterable[Key]) -> None:
    """Look these keys up on the stage and in the record; rows of the package stay in front."""
    keys = list(keys)
    if package.stage and package.stage.shape.table is table:
        for key, waiting in package.stage.rows(keys).items():
            package.known(table).setdefault(key, waiting)
    for key, stored in stored_rows(shape_of(table), keys).items():
        package.known(table).setdefault(key, stored)


def locked_rows(shape: Shape, ids: Collection[int]) -> dict[Key, Stored]:
    """Return these stored rows, locked in order of id until the transaction ends."""
    list(_locked(shape, ids).values_list("pk"))
    return _rows(shape, {"pk__in": ids})


def locked_states(shape: Shape, ids: Collection[int]) -> dict[int, str]:
    """Return the states of these stored records, locked in the same way."""
    return dict(_locked(shape, ids).values_list("pk", "state"))


def _locked(shape: Shape, ids: Collection[int]) -> QuerySet[Any]:
    rows = shape.table.model._default_manager.select_for_update(of=("self",), no_key=True)
    return rows.filter(IsAny("pk", list(ids))).order_by("pk")


def last_imported(subjects: Collection[str], *, by: str) -> dict[str, dict[str, Any]]:
    """Return the public row that an import last wrote of each subject, where it did.

    Reads the whole ledger once, so it is asked only for rows that differ from their file.
    """
    entries = Entry.objects.filter(subject__in=subjects, by=by).order_by("edition")
    return {
        subject: json.loads(data)
        for subject, event, data in entries.values_list("subject", "event", "data")
        if event.endswith((":imported", ":saved"))
    }


def _state_of(shape: Shape) -> Any:
    """Return the expression for the state of a row; what has none is public."""
    if shape.is_editorial:
        return F("state")
    public = Value(State.PUBLISHED.value)
    if shape.table is not OBSERVATIONS:
        return public
    return Case(When(retracted_at__isnull=True, then=public), default=Value(State.RETRACTED.value))


def _rows(shape: Shape, condition: dict[str, Any]) -> dict[Key, Stored]:
    rows = shape.table.model._default_manager.filter(**condition).order_by("pk")
    state = _state_of(shape)
    found: dict[Key, Stored] = {}
    for pk, now, *values in rows.values_list("pk", state, *shape.sources):
        stored = dict(zip(shape.names, values, strict=True))
        key = tuple(stored[column] for column in shape.table.key)
        found[key] = Stored(pk=pk, state=now, values=stored, before=found.get(key))
    return found
