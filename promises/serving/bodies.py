"""The bodies of requests, read whole before Django sees any of it (PEP 3333).

Whoever sends a body may take for ever over it, and a thread of the server waits for them. So few
are read at once, fewer of one network, and some threads are always left to those who only read.
What ends too soon is not taken for whole, and what is longer than anything sent here is not read.

Nobody is given up here: the server (granian 2.8) stands still, for everybody, when a request is
answered while its body is being read. The proxy in front ends what takes too long.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO

from promises.common.clients import address_in
from promises.serving.aside import is_kept_aside, place_aside
from promises.serving.front import Application, Environ, StartResponse

# Set in the environment of a request whose body was not read: the status of its answer.
REFUSED = "serving.refused_body"
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_IN_MEMORY, _PIECE = 1_000_000, 64_000


class Bodies:
    """A WSGI application before another one, which gets bodies that are there."""

    def __init__(
        self, application: Application, *, at_once: int, of_one: int, largest: Mapping[str, int]
    ) -> None:
        """`largest`: how long a body may be at addresses that begin so; the first one counts."""
        self.application, self.at_once, self.of_one = application, at_once, of_one
        self.largest = largest
        self._read_of: Counter[str] = Counter()
        self._guard = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Read the body, or say to whoever answers why not."""
        length = _length(environ)
        if not length or environ["REQUEST_METHOD"] in _BODILESS:
            return self.application(environ, start_response)
        with _place_for(length) as body:
            if refused := self._read(environ, length, body):
                environ |= {REFUSED: refused, "CONTENT_LENGTH": "", "wsgi.input": BytesIO()}
            else:
                body.seek(0)
                environ["wsgi.input"] = body
            return self.application(environ, start_response)

    def _read(self, environ: Environ, length: int, body: BinaryIO) -> int:
        """Copy the body; return the status that refuses it, or 0."""
        path = environ["PATH_INFO"]
        if length > next(most for start, most in self.largest.items() if path.startswith(start)):
            return 413
        with self._place(address_in(environ)) as refused:
            if refused:
                return refused
            return _copied(environ["wsgi.input"], length, body)

    @contextmanager
    def _place(self, client: str) -> Iterator[int]:
        """Hold a place among those who are read; yield the status that says there is none, or 0."""
        with self._guard:
            refused = self._refused(client)
            if not refused:
                self._read_of[client] += 1
        try:
            yield refused
        finally:
            if not refused:
                with self._guard:
                    self._read_of[client] -= 1
                    self._read_of += Counter()  # Forgets whoever is at nought.

    def _refused(self, client: str) -> int:
        if self._read_of[client] >= self.of_one:
            return 429
        return 503 if self._read_of.total() >= self.at_once else 0


def _length(environ: Environ) -> int:
    """Return how long the body is said to be; without that word it has no end, and is none."""
    said: str = environ.get("CONTENT_LENGTH") or ""
    return int(said) if said.isdecimal() else 0


def _place_for(length: int) -> Any:
    """Return where a body is kept."""
    return BytesIO() if length <= _IN_MEMORY else place_aside()


def _copied(source: Any, length: int, body: BinaryIO) -> int:
    """Copy so many bytes; return the status that refuses them, or 0.

    Where there is no room for them the rest is read all the same: nobody is answered before.
    """
    missing, has_room = length, True
    try:
        while missing and (piece := source.read(min(missing, _PIECE))):
            has_room = has_room and is_kept_aside(piece, body)
            missing -= len(piece)
    except OSError:
        return 400
    if missing:
        return 400
    return 0 if has_room else 503
