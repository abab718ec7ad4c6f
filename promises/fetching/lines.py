"""A connection that stays open from one fetch to the next, to a server that was checked."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpcore2

from promises.fetching.door import Door, Meter, Rules
from promises.fetching.urls import Place


class Line:
    """At most one open connection. It leads to the address that was checked when it was opened.

    `is_used` says whether the present connection has carried an answer before.
    """

    def __init__(self) -> None:
        self.is_used = False
        self._place: tuple[str, str, int] | None = None
        self._door: Door | None = None
        self._pool: httpcore2.ConnectionPool | None = None

    def to(self, place: Place, rules: Rules, meter: Meter) -> tuple[httpcore2.ConnectionPool, Door]:
        """Return the connection to a place, on which the next bytes count for this meter."""
        wanted = (place.scheme, place.host, place.port)
        if self._pool is None or self._door is None or self._place != wanted:
            self.hang_up()
            self._place, self._door = wanted, Door(rules, meter)
            self._pool = httpcore2.ConnectionPool(
                ssl_context=rules.trust() if place.scheme == "https" else None,
                network_backend=self._door,
                max_connections=1,
            )
        self._door.begin(meter)
        return self._pool, self._door

    def hang_up(self) -> None:
        """Close the connection; the next fetch opens, and checks, another."""
        if self._pool is not None:
            self._pool.close()
        self._pool, self.is_used = None, False


@contextmanager
def kept_line() -> Iterator[Line]:
    """Give fetches of the block a connection that stays open between them.

    Keep the block short: where a name leads is looked at when the connection is opened.
    """
    line = Line()
    try:
        yield line
    finally:
        line.hang_up()
