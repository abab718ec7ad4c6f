"""Sessions of our own with PostgreSQL, and whether a pooler on the way keeps one for us.

A pooler in transaction or statement mode answers each question from whichever session is free.
A lock that is held by the session is then everybody's, and stays when all of us are gone: two
beats send, and later none does.
"""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
from django.conf import settings
from django.db.utils import DEFAULT_DB_ALIAS, ConnectionHandler
from psycopg import connect
from psycopg.conninfo import make_conninfo

IN_SESSION_MODE = "Let the pooler give out sessions (PgBouncer: pool_mode = session)."
NOT_KEPT = "A pooler gives each transaction whichever session is free, and locks go astray."


def given() -> dict[str, str]:
    """Return where PostgreSQL is and who we are, as libpq takes it."""
    parameters = ConnectionHandler(settings.DATABASES)[DEFAULT_DB_ALIAS].get_connection_params()
    # What psycopg alone knows is no text, and nothing to libpq.
    return {name: value for name, value in parameters.items() if isinstance(value, str)}


def session_of_our_own() -> psycopg.Connection[Any]:
    """Open a session that nothing but its owner closes, in which each question stands alone."""
    return connect(make_conninfo(**given()), autocommit=True)


def is_kept(session: Any, another: Callable[[], Any] = session_of_our_own) -> bool:
    """Tell whether a session stays the same from one question to the next.

    A pooler numbers sessions itself. Then one more is begun, which takes what the first let go.
    """
    number = _number(session)
    if number == session.info.backend_pid:
        return True
    if _number(session) != number:
        return False
    with closing(another()) as other:
        try:
            other.execute("BEGIN")
        except psycopg.Error:
            # In statement mode there are no transactions.
            return False
        return _number(other) != number and _number(session) == number


def _number(session: Any) -> int:
    (number,) = session.execute("SELECT pg_backend_pid()").fetchone()
    return int(number)
