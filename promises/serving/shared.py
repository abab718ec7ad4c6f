"""The room that all processes share, in Redis. Without it answers are made more often, not wrong.

An answer stands under the code that made it, the state of the record and the request, and is
signed for that name. Nothing is ever removed here: what belongs to an older state is asked for no
more, and goes after an hour.
"""

import hashlib
import logging
import time

from promises.common.impatient import ImpatientRedis
from promises.common.vouched import unvouched, vouched
from promises.serving.answers import Answer, as_bytes, from_bytes
from promises.serving.rules import Asked
from promises.serving.state import Standing

log = logging.getLogger(__name__)

KEPT_SECONDS = 3600
# So often at most it is told how far the record is.
TOLD_EVERY = 10.0
LARGEST = 500_000
# A Redis that does not answer must not make every reader wait for it, in seconds.
_PATIENCE = 0.1
# Asked only while the database is a copy, and then a wrong guess is worse than a moment.
_PATIENCE_WITH_A_COPY = 1.0


class SharedRoom:
    """Answers in Redis, for as long as Redis is there."""

    def __init__(self, address: str, build: str, database: str = "") -> None:
        self._redis = ImpatientRedis(address, patience=_PATIENCE, without="Answers are not shared")
        self._unhurried = ImpatientRedis(
            address, patience=_PATIENCE_WITH_A_COPY, without="Nobody says how far the record was"
        )
        self._build = build
        self._progress = f"serving:progress:{database}"
        self._told, self._told_at, self._heard = -1, 0.0, 0

    def get(self, asked: Asked, standing: Standing) -> Answer | None:
        """Return the answer that another process has made in this state."""
        name = self._name(asked, standing)
        # MGET: of what is no string it says that there is nothing, where GET fails.
        (kept,) = self._redis.ask(lambda client: client.mget([name])) or [None]
        content = unvouched(name, kept if isinstance(kept, bytes) else None)
        if content is None:
            if kept is not None:
                log.warning("What Redis holds is no answer of ours.")
            return None
        answer = from_bytes(content)
        return answer if answer.work in {None, standing.work} else None

    def add(self, asked: Asked, standing: Standing, answer: Answer) -> None:
        """Share an answer that was made in this state."""
        if not self._redis.is_asked:
            return
        content, name = as_bytes(answer), self._name(asked, standing)
        if len(content) <= LARGEST:
            kept = vouched(name, content)
            self._redis.ask(lambda client: client.set(name, kept, ex=KEPT_SECONDS))

    def tell_progress(self, total: int) -> None:
        """Tell processes that start which number the record has come to, now and then."""
        if total == self._told and time.monotonic() - self._told_at < TOLD_EVERY:
            return
        self._told, self._told_at = total, time.monotonic()
        kept = vouched(self._progress, str(total).encode())
        self._redis.ask(lambda client: client.set(self._progress, kept, ex=KEPT_SECONDS))

    def progress(self) -> int:
        """Return the number that was told last, by whichever process; 0 where none is known.

        Of a Redis that says nothing now, what it said before.
        """
        found = self._unhurried.ask(lambda client: client.mget([self._progress]))
        if isinstance(found, list):
            kept = found[0] if isinstance(found[0], bytes) else None
            self._heard = int(unvouched(self._progress, kept) or 0)
        return self._heard

    def _name(self, asked: Asked, standing: Standing) -> str:
        digest = hashlib.sha256("\0".join(asked).encode("utf-8", "surrogateescape")).hexdigest()
        return f"serving:{self._build}:{standing.name}:{digest}"
