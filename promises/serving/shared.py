"""The room that all processes share, in Redis. Without it answers are made more often, not wrong.

An answer stands under the code that made it, the state of the record and the request. Nothing is
ever removed here: what belongs to an older state is asked for no more, and goes after an hour.
"""

import hashlib
import logging

from promises.common.impatient import ImpatientRedis
from promises.serving.answers import Answer, as_bytes, from_bytes
from promises.serving.rules import Asked
from promises.serving.state import Standing

log = logging.getLogger(__name__)

KEPT_SECONDS = 3600
LARGEST = 500_000
# A Redis that does not answer must not make every reader wait for it, in seconds.
_PATIENCE = 0.1


class SharedRoom:
    """Answers in Redis, for as long as Redis is there."""

    def __init__(self, address: str, build: str) -> None:
        self._redis = ImpatientRedis(address, patience=_PATIENCE, without="Answers are not shared")
        self._build = build

    def get(self, asked: Asked, standing: Standing) -> Answer | None:
        """Return the answer that another process has made in this state."""
        kept = self._redis.ask(lambda client: client.get(self._name(asked, standing)))
        try:
            answer = from_bytes(kept) if isinstance(kept, bytes) else None
        except (ValueError, KeyError, TypeError, OSError, EOFError) as error:
            log.warning("What Redis holds is no answer: %s", error)
            return None
        if answer is not None and answer.work not in {None, standing.work}:
            return None
        return answer

    def add(self, asked: Asked, standing: Standing, answer: Answer) -> None:
        """Share an answer that was made in this state."""
        if not self._redis.is_asked:
            return
        kept, name = as_bytes(answer), self._name(asked, standing)
        if len(kept) <= LARGEST:
            self._redis.ask(lambda client: client.set(name, kept, ex=KEPT_SECONDS))

    def _name(self, asked: Asked, standing: Standing) -> str:
        digest = hashlib.sha256("\0".join(asked).encode("utf-8", "surrogateescape")).hexdigest()
        return f"serving:{self._build}:{standing.name}:{digest}"
