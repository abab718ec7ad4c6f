"""Which rows keep a history: every insert, update and delete, by whatever door."""

from collections.abc import Callable, Collection
from typing import TypeVar

import pghistory
from django.db.models import Model

SomeModel = TypeVar("SomeModel", bound=Model)


def with_history(
    *, leaving_out: Collection[str] = ()
) -> Callable[[type[SomeModel]], type[SomeModel]]:
    """Give a model an append-only table of events, written by triggers of the database.

    `leaving_out` are columns that are derived from elsewhere and have their history there.
    """
    decorate: Callable[[type[SomeModel]], type[SomeModel]] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(leaving_out),
        append_only=True,
    )
    return decorate
