"""The room that all processes share, in Redis. Without it answers are made more often, not wrong.

An answer stands under the code that made it, the state of the record and the request. Nothing is
ever removed here: what belongs to an older state is asked for no more, and goes after an hour.
"""

import hashlib
import logging
import time
from functools import cached_property

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from promises.serving.answers import Answer, as_bytes, from_bytes
from promises.serving.rules import Asked
from promises.serving.state import Standing

log = logging.getLogger(__name__)

KEPT_SECONDS = 3600
LARGEST = 500_000
# A Redis that does not answer must not make every reader wait for it, in seconds.
_PATIENCE = 0.1
_PAUSE_AFTER_FAILURE = 5.0


class SharedRoom:
    """Answers in Redis, for as long as Redis is there."""

    def __init__(self, address: str, build: str) -> None:
        self._address, self._build = address, build
        self._rests_until = 0.0

    def get(self, asked: Asked, standing: Standing) -> Answer | None:
        """Return the answer that another process has made in this state."""
        if not self._address or time.monotonic() < self._rests_until:
            return None
        try:
            kept = self._client.get(self._name(asked, standing))
            answer = from_bytes(kept) if isinstance(kept, bytes) else None
        except redis.RedisError as error:
            self._rest(error)
            return None
        except (ValueError, KeyError, TypeError, OSError, EOFError) as error:
            log.warning("What Redis holds is no answer: %s", error)
            return None
        if answer is not None and answer.work not in {None, standing.work}:
            return None
        return answer

    def add(self, asked: Asked, standing: Standing, answer: Answer) -> None:
        """Share an answer that was made in this state."""
        if not self._address or time.monotonic() < self._rests_until:
            return
        kept = as_bytes(answer)
        if len(kept) > LARGEST:
            return
        try:
            self._client.set(self._name(asked, standing), kept, ex=KEPT_SECONDS)
        except redis.RedisError as error:
            self._rest(error)

    @cached_property
    def _client(self) -> redis.Redis:
        # Tried again once, at once: the connection may be left over from before a restart.
        return redis.Redis.from_url(
            self._address,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 1),
        )

    def _name(self, asked: Asked, standing: Standing) -> str:
        digest = hashlib.sha256("\0".join(asked).encode("utf-8", "surrogateescape")).hexdigest()
        return f"serving:{self._build}:{standing.name}:{digest}"

    def _rest(self, error: Exception) -> None:
        self._rests_until = time.monotonic() + _PAUSE_AFTER_FAILURE
        log.warning("Answers are not shared: Redis cannot be reached (%s)", error)
