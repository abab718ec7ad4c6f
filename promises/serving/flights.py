"""One caller has an answer made, and the others who ask for the same wait for it."""

import threading
from contextlib import contextmanager
from typing import Any

from promises.serving.rules import Asked

# So long a caller waits for another who has the same answer made.
WAITS_SECONDS = 5.0


class Flights:
    """Lets one caller at a time ask for the same thing; after a while the others ask as well."""

    def __init__(self) -> None:
        self._locks: dict[Asked, threading.Lock] = {}
        self._waiting: dict[Asked, int] = {}
        self._guard = threading.Lock()

    @contextmanager
    def first(self, asked: Asked) -> Any:
        """Wait for whoever asks for the same, but not for ever."""
        with self._guard:
            lock = self._locks.setdefault(asked, threading.Lock())
            self._waiting[asked] = self._waiting.get(asked, 0) + 1
        has_it = lock.acquire(timeout=WAITS_SECONDS)
        try:
            yield
        finally:
            if has_it:
                lock.release()
            with self._guard:
                self._waiting[asked] -= 1
                if not self._waiting[asked]:
                    del self._waiting[asked], self._locks[asked]
