"""Whether PostgreSQL still answers: a server that is stopped or hangs keeps its connections open.

Nothing ends a question to such a server, since the system at the other end confirms every byte;
a few readers would take all threads of a web process. So whoever has waited for a while has the
server asked for a new connection, by a thread beside. A slow answer to a question is no silence.
While the server is silent every question is refused at once. Where it answers, and does not know
the session that waits, or has long had nothing to do for it, nobody will ever answer that: a proxy
between us and a server that is gone, or a proxy that hangs, keeps our end open.
"""

import os
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import psycopg

# So long a question waits before the server is looked after, and so long between two looks.
DOUBTED_AFTER, DOUBTED_AGAIN = 3.0, 5.0
# So long nothing is on its way: whoever has waited longer for a session that has been idle for
# longer gets no answer.
ON_ITS_WAY = 5.0
# So long a new connection may take, and so long until a silent server is asked for the next.
PATIENCE, PAUSE = 2, 1.0
_SAYS = f"PostgreSQL is there and does not answer: no connection within {PATIENCE} seconds."
# Since when each session has been idle, in seconds; 0 if it is at work, or hidden from us.
_ASKED = """
SELECT pg_backend_pid(), pg_is_in_recovery(), array_agg(pid), array_agg(
    CASE WHEN state LIKE 'idle%'
    THEN extract(epoch FROM clock_timestamp() - state_change)::float ELSE 0 END
) FROM pg_stat_activity
"""
_GONE = "PostgreSQL does not know this session any more, or is idle in it, and nobody said so."
T = TypeVar("T")


class SessionGone(psycopg.OperationalError):
    """PostgreSQL answers others, and knows nothing of this session or has nothing to do for it."""


@dataclass(frozen=True)
class Doubt:
    """A session that waits, by its number at the server, since when, and how it is told to end.

    Told is the question, not the number: PostgreSQL gives that to another session later.
    """

    session: int
    asked_at: float
    gone: threading.Event = field(default_factory=threading.Event)

    def settle(self, idle: dict[int, float]) -> None:
        """Tell the question that no answer will come, by how long which session has been idle."""
        waited = time.monotonic() - self.asked_at
        if self.session not in idle or min(waited, idle[self.session]) >= ON_ITS_WAY:
            self.gone.set()


class Server:
    """A server, and whether it is silent."""

    def __init__(self) -> None:
        self.is_silent = False
        self._looks = threading.Lock()
        self._doubted: list[Doubt] = []

    def refuse_if_silent(self) -> None:
        """Raise OperationalError while the server does not answer."""
        if self.is_silent:
            raise psycopg.OperationalError(_SAYS)

    def watched(
        self, gen: Generator[Any, Any, T], where: dict[str, Any], session: int
    ) -> Generator[Any, Any, T]:
        """Pass a question of a session on; look after the server when it waits.

        Gives up when the server is silent, or will not answer this session: SessionGone.
        """
        self.refuse_if_silent()
        doubt = Doubt(session, time.monotonic())
        doubted_at = doubt.asked_at + DOUBTED_AFTER

        def meanwhile() -> None:
            nonlocal doubted_at
            self.refuse_if_silent()
            if doubt.gone.is_set():
                raise SessionGone(_GONE)
            if time.monotonic() >= doubted_at:
                doubted_at = time.monotonic() + DOUBTED_AGAIN
                self._doubted.append(doubt)
                self.look(where)

        return _passed_on(gen, meanwhile)

    def look(self, where: dict[str, Any]) -> None:
        """Begin to look whether the server takes connections, unless somebody does."""
        if self._looks.acquire(blocking=False):
            threading.Thread(target=self._look, args=(where,), daemon=True).start()

    def _look(self, where: dict[str, Any]) -> None:
        """Look until it answers, and what it does for the sessions that wait."""
        doubted, self._doubted = self._doubted, []
        try:
            while (known := _sessions(where)) is None:
                self.is_silent = True
                time.sleep(PAUSE)
            self.is_silent = False
            for doubt in doubted if known else ():
                doubt.settle(known)
        finally:
            self._looks.release()


def _passed_on(
    gen: Generator[Any, Any, T], meanwhile: Callable[[], None]
) -> Generator[Any, Any, T]:
    """Pass a question of psycopg on, and do something each time that nothing has come.

    psycopg wakes us ten times a second while nothing comes, with a zero.
    """
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready:
                meanwhile()
            wanted = gen.send(ready)
    except StopIteration as done:
        answer: T = done.value
        return answer


class _Impatient(psycopg.Connection[Any]):
    """A connection that is asked one thing, and not waited for."""

    def wait(self, gen: Generator[Any, Any, T], *more: Any, **named: Any) -> T:
        until = time.monotonic() + PATIENCE

        def meanwhile() -> None:
            if time.monotonic() >= until:
                raise psycopg.errors.ConnectionTimeout(_SAYS)

        return super().wait(_passed_on(gen, meanwhile), *more, **named)


def _sessions(where: dict[str, Any]) -> dict[int, float] | None:
    """Return how long the sessions of the server have been idle, by number.

    Of the one that writes; of none if it refuses us, or behind a pooler.

    Of copies that only read there may be several at one address: nothing follows from one of them.
    None if it takes a connection and says nothing.
    """
    parameters = {**where, "connect_timeout": PATIENCE, "autocommit": True}
    try:
        # Closed and nothing else: a rollback would have to be waited for as well.
        with closing(_Impatient.connect(**parameters)) as one:
            ((own, is_copy, sessions, idle),) = one.execute(_ASKED)
            # A pooler numbers sessions itself.
            is_unknown = is_copy or own != one.info.backend_pid
            return {} if is_unknown else dict(zip(sessions, idle, strict=True))
    except psycopg.errors.ConnectionTimeout:
        return None
    except psycopg.Error:
        return {}


@cache
def the_server(host: str, port: str) -> Server:
    """Return what this process knows of the server at an address."""
    return Server()


# A thread does not outlive a fork: the child finds out for itself.
os.register_at_fork(after_in_child=the_server.cache_clear)
