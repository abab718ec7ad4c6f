"""Redis for what goes on without it: one that does not answer makes nobody wait."""

import logging
from collections.abc import Callable
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)

# After a failure it is left alone for so many seconds.
_REST = 5.0
Result = TypeVar("Result")


class ImpatientRedis:
    """Asks Redis, and leaves it alone for a moment after it has failed.

    `patience` is for how many seconds an answer is waited for; `without` says in the log what goes
    on without it. Without an address nothing is asked.
    """

    def __init__(self, address: str, *, patience: float, without: str) -> None:
        self.address, self._patience, self._without = address, patience, without
        self._rests_until = 0.0

    @property
    def is_asked(self) -> bool:
        """Whether there is one, and it does not rest."""
        return bool(self.address) and monotonic() >= self._rests_until

    def ask(self, question: Callable[["Redis"], Result]) -> Result | None:
        """Return what Redis answers, None while it cannot be reached."""
        if not self.is_asked:
            return None
        # Read in with the first question: commands and checks read in every page and ask none.
        from redis import RedisError

        try:
            return question(self.client)
        except RedisError as error:
            self._rests_until = monotonic() + _REST
            log.warning("%s: Redis cannot be reached (%s)", self._without, error)
            return None

    @cached_property
    def client(self) -> "Redis":
        """The connections to it."""
        from redis import ConnectionError as Unconnected
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # Tried again once, at once: the connection may be left over from before a restart. Not
        # where an answer stays away: it may have been done, and nobody is to wait twice as long.
        return Redis.from_url(
            self.address,
            socket_timeout=self._patience,
            socket_connect_timeout=self._patience,
            retry=Retry(NoBackoff(), 1, supported_errors=(Unconnected,)),
        )
