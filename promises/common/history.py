"""Which rows keep a history: every insert, update and delete, by whatever door."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db.models import Model

_KEPT_FOR_GOOD = (
    "RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME"
    " USING ERRCODE = 'check_violation';"
)

SomeModel = TypeVar("SomeModel", bound=Model)


def with_history(
    *,
    leaving_out: Collection[str] = (),
    is_by_statement: bool = False,
    is_loaded_in_bulk: bool = False,
) -> Callable[[type[SomeModel]], type[SomeModel]]:
    """Give a model an append-only table of events, written by triggers of the database.

    `leaving_out` are columns that are derived from elsewhere and have their history there.
    `is_by_statement` is for tables written by the thousand: one trigger a statement, not a row.
    `is_loaded_in_bulk` is that for inserts alone: an update that changes a primary key can be told
    by a trigger a row only.
    """
    decorate: Callable[[type[SomeModel]], type[SomeModel]] = pghistory.track(
        pghistory.InsertEvent(level=pghistory.Statement if is_loaded_in_bulk else None),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(leaving_out),
        append_only=True,
        meta={"triggers": [never_truncated()]},
        level=pghistory.Statement if is_by_statement else pghistory.Row,
    )
    return decorate


def events_of(model: type[Model]) -> Any:
    """Return the table of events of a model, or None."""
    return next(iter(getattr(model, "pgh_event_models", {}).values()), None)


def never_truncated(refusal: str = _KEPT_FOR_GOOD) -> pgtrigger.Trigger:
    """Return the trigger by which a table is not emptied in one go, past the triggers of rows.

    `refusal` is the statement that says why.
    """
    return pgtrigger.Trigger(
        name="never_truncated",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=pgtrigger.Func(refusal),
    )
