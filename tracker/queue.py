"""The queue in Redis as Celery reads it, without what is not ours: that would end each worker."""

import logging
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis import RedisError

from tracker.foreign import is_task

log = logging.getLogger(__name__)
QUEUE = "celery"


def read_only_tasks() -> None:
    """Have every connection to Redis that Celery opens from now on pass by what is no task.

    By its short names, not by the setting `broker_transport`, with which `rediss://` would be
    spoken without TLS.
    """
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), f"{__name__}:Transport"))


class Channel(redis.Channel):
    """As Celery's. What cannot be read is gone from Redis by then, and is done without."""

    def _brpop_read(self, **options: Any) -> Any:
        celerys: Any = super()
        transport: Any = self.connection
        transport.has_read = False
        try:
            return celerys._brpop_read(**options)
        except (Empty, RedisError, OSError):
            raise
        except Exception:
            # JSON of kombu has objects in it, and reading those fails in many ways.
            if transport.has_read:
                raise
            _say_dropped()


class Transport(redis.Transport):
    """As Celery's, for tasks alone where it reads the queue of tasks."""

    Channel = Channel
    has_read = False

    def _deliver(self, message: Any, queue: str | None) -> None:
        self.has_read = True
        if queue == QUEUE and not is_task(message):
            _say_dropped()
        else:
            super()._deliver(message, queue)


def _say_dropped() -> None:
    log.warning("A message in the queue was not ours, and was dropped.")
