"""The engine that DATABASES names: Django's own, its connections watched (silence.py)."""

from collections.abc import Callable, Generator
from typing import Any

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base

from tracker.postgres.silence import Server, SessionGone, the_server


class TakesNoChanges(psycopg.errors.ReadOnlySqlTransaction, psycopg.OperationalError):
    """The server refuses every change: an outage, while psycopg calls it a fault of the program."""


def asked_again(
    ask: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Ask, and once more where PostgreSQL ended it since a migration and it waited for each other.

    A question has some of its tables while it waits for the next. Outside a transaction nothing was
    done before it and nothing of it is left, so whoever reads need not hear of it.
    """
    try:
        return ask(sql, parameters, many, context)
    except OperationalError as error:
        is_ended = isinstance(error.__cause__, psycopg.errors.DeadlockDetected)
        if context["connection"].in_atomic_block or not is_ended:
            raise
    return ask(sql, parameters, many, context)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of Django that gives up when the server has fallen silent."""

    def __init__(self, *settings: Any, **named: Any) -> None:
        """Make it; it connects when it is first asked."""
        super().__init__(*settings, **named)
        self.execute_wrappers.append(asked_again)

    def is_usable(self) -> bool:
        """Tell whether it can be used for the next request.

        A session stays read only, and one with a copy would stay there when the server that the
        address names before it is back. Poolers do not say so.
        """
        if self.connection.is_read_only or not super().is_usable():
            return False
        leads_to_copy: bool = self.connection.pgconn.parameter_status(b"in_hot_standby") == b"on"
        return not leads_to_copy

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, unless the server is known to be silent: then raise OperationalError."""
        server = the_server(str(conn_params.get("host")), str(conn_params.get("port")))
        server.refuse_if_silent()
        # What psycopg alone knows is not needed to ask for a sign of life.
        where = {name: value for name, value in conn_params.items() if isinstance(value, str)}
        try:
            found = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            server.look(where)
            raise
        return watched(found, server, where)


def watched(connection: psycopg.Connection[Any], server: Server, where: dict[str, Any]) -> Any:
    """Have a connection wait for no silent server. Django names no class of its own to psycopg."""
    found: Any = connection
    found.__class__ = Watched
    found.server, found.where = server, where
    return found


class Watched(psycopg.Connection[Any]):
    """A connection of psycopg that waits for no answer of a silent server."""

    server: Server
    where: dict[str, Any]
    # Whether a change was refused here: the server may take them again, for sessions that begin.
    is_read_only = False

    def wait(self, gen: Generator[Any, Any, Any], *more: Any, **named: Any) -> Any:
        """Wait for the answer to a question."""
        try:
            asked = self.server.watched(gen, self.where, self.pgconn.backend_pid)
            return super().wait(asked, *more, **named)
        except psycopg.errors.ReadOnlySqlTransaction as error:
            self.is_read_only = True
            raise TakesNoChanges(str(error)) from error
        except BaseException as error:
            # What is still to come belongs to a question that nobody waits for any more.
            if self.server.is_silent or isinstance(error, SessionGone):
                self.pgconn.finish()
            raise
