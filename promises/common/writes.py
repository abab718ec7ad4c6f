"""What makes a function a write of the record: one transaction, and a history that names it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pghistory
from django.db import transaction

from promises.common.canonical import timestamp

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# The request a write came from, for the history: method and path. Set by the desk.
current_request: ContextVar[str] = ContextVar("current_request", default="")
# The write that is under way: writes call writes, and the history names the outermost.
_under_way: ContextVar[str] = ContextVar("_under_way", default="")


def write(action: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Run a keyword-only action with `by` and `now` in one transaction.

    Every row it changes gets an entry in its history table with the name of the action, who
    called it, when, from which request and why (its `reason` or `note`).
    """

    @wraps(action)
    def written(*args: Arguments.args, **named: Arguments.kwargs) -> Result:
        # A write within a write lives and dies with it: whoever wants to go on after a refusal
        # opens a savepoint around the call. One for each would be half of all statements.
        is_outermost = not _under_way.get()
        with transaction.atomic(savepoint=is_outermost), _named_in_history(action.__name__, named):
            return action(*args, **named)

    return written


@contextmanager
def _named_in_history(action: str, named: dict[str, Any]) -> Iterator[None]:
    """Give the history of this transaction its context, unless an outer write has done so."""
    if _under_way.get():
        yield
        return
    token = _under_way.set(action)
    by = named["by"]
    try:
        with pghistory.context(
            action=action,
            by=by.pk,
            by_name=str(by),
            at=timestamp(named["now"]),
            request=current_request.get(),
            why=str(named.get("reason") or named.get("note") or ""),
        ):
            yield
    finally:
        _under_way.reset(token)
