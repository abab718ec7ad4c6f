"""Rows into the record, as few statements as possible; the database has the last word."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.models import Model

from promises.accounts.models import User
from promises.editorial.choices import State
from promises.editorial.models import Editorial
from promises.packages.report import Faults
from promises.packages.rows import Package, Row, Verdict
from promises.packages.stored import locked_rows, target
from promises.packages.tables import Shape
from promises.record_requests.models import Extension, RecordRequest
from promises.updates.models import StatusUpdate

BATCH = 1000

Write = Callable[[Sequence[Row]], None]


def write_rows(
    rows: Sequence[Row], *, shape: Shape, package: Package, by: User, now: datetime, faults: Faults
) -> None:
    """Write the changed rows of a table and then the new ones, if there are any."""
    if changed := [row for row in rows if row.verdict == Verdict.CHANGED]:
        change_rows(changed, shape=shape, package=package, faults=faults)
    if new := [row for row in rows if row.is_new]:
        add_rows(new, shape=shape, package=package, by=by, now=now, faults=faults)


def add_rows(
    rows: Sequence[Row], *, shape: Shape, package: Package, by: User, now: datetime, faults: Faults
) -> None:
    """Insert new rows, numbered in the order of the file; records with a state as public ones.

    What the database publishes only with what it rests on begins as a draft: publish_rows follows.
    """
    _number(rows, shape)
    fixed = workflow(shape.table.model, by=by, now=now)

    def insert(part: Sequence[Row]) -> None:
        model = shape.table.model
        model._default_manager.bulk_create(
            [model(**_fields(row, shape, package), **fixed) for row in part], batch_size=BATCH
        )

    _write(rows, insert, faults)


def change_rows(rows: Sequence[Row], *, shape: Shape, package: Package, faults: Faults) -> None:
    """Write the content of changed rows, unless someone else has changed one in the meantime."""
    now_stored = locked_rows(shape, [row.pk for row in rows if row.pk])
    for row in rows:
        if now_stored.get(row.key) != row.stored:
            faults.of(row, "Someone changed it on the desk just now. Load again.")

    def update(part: Sequence[Row]) -> None:
        model = shape.table.model
        model._default_manager.bulk_update(
            [model(**_fields(row, shape, package)) for row in part],
            shape.content,
            batch_size=BATCH,
        )

    _write(rows, update, faults)


def publish_rows(
    rows: Sequence[Row], *, shape: Shape, by: User, now: datetime, faults: Faults
) -> None:
    """Make imported drafts public, once what they rest on is stored; the statuses follow."""

    def publish(part: Sequence[Row]) -> None:
        rows_of = shape.table.model._default_manager
        rows_of.filter(pk__in=[row.pk for row in part]).update(
            state=State.PUBLISHED, published_by=by, published_at=now
        )

    _write(rows, publish, faults)


def _number(rows: Sequence[Row], shape: Shape) -> None:
    """Give each row its number, so that rows can point to each other before they are stored."""
    table = shape.table.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number


def workflow(model: type[Model], *, by: User, now: datetime) -> dict[str, Any]:
    """Return who brought a new record to which state, for the tables that say so."""
    if model is Extension:
        return {"recorded_by": by, "recorded_at": now}
    if not issubclass(model, Editorial):
        return {}
    written = {"created_by": by, "created_at": now}
    if issubclass(model, StatusUpdate):
        return {**written, "edited_by": by, "is_imported": True}
    if model is RecordRequest:
        return written
    return {**written, "state": State.PUBLISHED, "published_by": by, "published_at": now}


def _fields(row: Row, shape: Shape, package: Package) -> dict[str, Any]:
    """Return the model's fields for a row, foreign keys as the numbers they point to."""
    fields = {shape.fields[name].attname: row.values[name] for name in shape.own}
    for reference in shape.references:
        pointed = target(package, row, reference.field)
        fields[f"{reference.field}_id"] = pointed.pk if pointed else None
    return {"pk": row.pk, **fields}


def _write(rows: Sequence[Row], write: Write, faults: Faults) -> None:
    """Write rows at once; where the database objects, find out to which rows.

    A row may be in the way of another that is changed as well (two terms that share a day, the
    winner of an election), so what failed is tried again as long as that gets further.
    """
    waiting: Collection[Row] = rows
    refused = _refused(rows, write)
    while refused and len(refused) < len(waiting):
        waiting = [row for row, _error in refused]
        refused = _refused(waiting, write)
    for row, error in refused:
        faults.of(row, in_words(error))


def _refused(rows: Sequence[Row], write: Write) -> list[tuple[Row, IntegrityError | DataError]]:
    """Write rows and return those the database refuses, found by halving."""
    try:
        with transaction.atomic():
            write(rows)
    except (IntegrityError, DataError) as error:
        if len(rows) == 1:
            return [(rows[0], error)]
        middle = len(rows) // 2
        return _refused(rows[:middle], write) + _refused(rows[middle:], write)
    return []


def in_words(error: DatabaseError) -> str:
    """Return why the database refuses a row: the rule's name, or the sentence of a trigger."""
    told = getattr(error.__cause__, "diag", None)
    rule = getattr(told, "constraint_name", None)
    if rule:
        return f"The database refuses it by its rule “{rule}”."
    sentence = getattr(told, "message_primary", None) or next(islice(str(error).splitlines(), 1))
    return f"The database refuses it: {sentence}"
