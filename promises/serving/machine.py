"""What the web processes of one machine tell each other, in a few bytes of shared memory."""

import mmap
import os
import time
from contextlib import suppress
from pathlib import Path

_SIZE = 16


class Machine:
    """The highest state that any process here has learnt, and when a form was last sent.

    Without a file that can be shared, each process knows only of itself; then another process may
    be behind by the tenth of a second between two questions to the database.
    """

    def __init__(self, path: Path | None) -> None:
        memory = self._shared(path) if path else None
        self._memory = memory or mmap.mmap(-1, _SIZE)
        self._numbers = memoryview(self._memory).cast("q")
        self._moments = memoryview(self._memory).cast("d")
        # The clock of a machine begins anew when it is started: what lies ahead is from before.
        if self._moments[1] > time.monotonic():
            self._moments[1] = 0.0

    @property
    def highest(self) -> int:
        """The highest state that was learnt."""
        return self._numbers[0]

    def learnt(self, total: int, *, is_reset: bool) -> None:
        """Say which state was learnt."""
        if is_reset or total > self._numbers[0]:
            self._numbers[0] = total

    def doubt(self, moment: float) -> None:
        """Say that something may have been written until now."""
        self._moments[1] = moment

    def knows_more(self, total: int, verified_at: float) -> bool:
        """Tell whether this state may be behind."""
        return self._numbers[0] > total or self._moments[1] >= verified_at

    @staticmethod
    def _shared(path: Path) -> mmap.mmap | None:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                if os.fstat(file).st_size < _SIZE:
                    os.ftruncate(file, _SIZE)
                return mmap.mmap(file, _SIZE)
            finally:
                os.close(file)
        return None
