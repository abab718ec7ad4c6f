"""Whether PostgreSQL still answers: a server that is stopped or hangs keeps its connections open.

Nothing ends a question to such a server, since the system at the other end confirms every byte;
a few readers would take all threads of a web process. So whoever has waited for a while has the
server asked for a new connection, by a thread beside. A slow answer to a question is no silence.
While the server is silent every question is refused at once.
"""

import os
import threading
import time
from collections.abc import Generator
from functools import cache
from typing import Any, TypeVar

import psycopg

# So long a question waits before the server is looked after, and so long between two looks.
DOUBTED_AFTER, DOUBTED_AGAIN = 3.0, 10.0
# So long a new connection may take, and so long until a silent server is asked for the next.
PATIENCE, PAUSE = 2, 1.0
_SAYS = f"PostgreSQL is there and does not answer: no connection within {PATIENCE} seconds."
T = TypeVar("T")


class Server:
    """A server, and whether it is silent."""

    def __init__(self) -> None:
        self.is_silent = False
        self._looks = threading.Lock()

    def refuse_if_silent(self) -> None:
        """Raise OperationalError while the server does not answer."""
        if self.is_silent:
            raise psycopg.OperationalError(_SAYS)

    def watched(self, gen: Generator[Any, Any, T], where: dict[str, Any]) -> Generator[Any, Any, T]:
        """Pass a question on; look after the server when it waits, and give up when it is silent.

        psycopg wakes us ten times a second while nothing comes, with a zero.
        """
        self.refuse_if_silent()
        doubted_at = time.monotonic() + DOUBTED_AFTER
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready:
                    self.refuse_if_silent()
                    if time.monotonic() >= doubted_at:
                        doubted_at = time.monotonic() + DOUBTED_AGAIN
                        self.look(where)
                wanted = gen.send(ready)
        except StopIteration as done:
            answer: T = done.value
            return answer

    def look(self, where: dict[str, Any]) -> None:
        """Begin to look whether the server takes connections, unless somebody does."""
        if self._looks.acquire(blocking=False):
            threading.Thread(target=self._look, args=(where,), daemon=True).start()

    def _look(self, where: dict[str, Any]) -> None:
        """Look until it answers."""
        try:
            while _is_silent(where):
                self.is_silent = True
                time.sleep(PAUSE)
            self.is_silent = False
        finally:
            self._looks.release()


def _is_silent(where: dict[str, Any]) -> bool:
    """Tell whether a server takes a connection and says nothing. What refuses us is not silent."""
    try:
        psycopg.connect(**{**where, "connect_timeout": PATIENCE}).close()
    except psycopg.errors.ConnectionTimeout:
        return True
    except psycopg.Error:
        return False
    return False


@cache
def the_server(host: str, port: str) -> Server:
    """Return what this process knows of the server at an address."""
    return Server()


# A thread does not outlive a fork: the child finds out for itself.
os.register_at_fork(after_in_child=the_server.cache_clear)
