"""The queue in Redis as Celery reads it, without what is not ours: that would end each worker.

It only says that there is work, and each call does all there is to do. So where more calls wait
than ever do, one of each task is enough.
"""

import json
import logging
from collections.abc import Callable
from queue import Empty
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES, redis
from redis import ConnectionError as RedisConnectionError
from redis import RedisError, ResponseError

from tracker.foreign import forget_foreign, is_task
from tracker.schedule import TIMETABLE

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)
QUEUE = "celery"
# The timetable sends some fifty a minute, and no task runs longer than five minutes: this many
# wait where no worker has been, or where somebody else writes. To take each takes far too long.
MOST = 1000
# A few only, since each may be large.
_AT_ONCE = 10
# So often at most it is said how many were dropped, in seconds: each in a line would fill a disk.
_PAUSE = 5.0


def read_only_tasks() -> None:
    """Have every connection to Redis that Celery opens from now on pass by what is no task.

    By its short names, not by the setting `broker_transport`, with which `rediss://` would be
    spoken without TLS.
    """
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), f"{__name__}:Transport"))


def thin(client: "Redis") -> None:
    """Where more than MOST messages wait, leave the newest call of each task of the timetable.

    Older ones may be out of date: a worker would drop them. Whoever ends in the middle loses calls
    that come again by the timetable.
    """
    waiting = client.llen(QUEUE)
    if waiting <= MOST:
        return
    kept: dict[str, bytes] = {}
    known = {entry["task"] for entry in TIMETABLE.values()}
    # As many as there were: what comes meanwhile is for the next look.
    for _ in range(0, waiting, _AT_ONCE):
        messages: Any = client.rpop(QUEUE, _AT_ONCE) or []
        for message in messages:
            if (name := _task_in(message)) in known:
                kept[name] = message
    if kept:
        client.rpush(QUEUE, *reversed(kept.values()))
    log.warning(
        "%s messages waited in the queue: the last of each task stays, %s in all, and the others"
        " were dropped.",
        waiting,
        len(kept),
    )


def _task_in(message: bytes) -> str:
    """Return the name of the task that a message calls; "" where it is none."""
    try:
        read = json.loads(message)
    except (ValueError, RecursionError):
        return ""
    return str(read["headers"]["task"]) if is_task(read) else ""


def _clearing_the_way(do: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """Do it; where a key of the queue is of another kind, remove that and do it again."""
    try:
        return do(*args, **named)
    except ResponseError as error:
        if "WRONGTYPE" not in str(error):
            raise
        forget_foreign(settings.REDIS_URL)
    return do(*args, **named)


class QoS(redis.QoS):
    """As Celery's: what was taken and is not done yet."""

    def append(self, message: Any, delivery_tag: str) -> None:
        _clearing_the_way(super().append, message, delivery_tag)

    def ack(self, delivery_tag: str) -> None:
        _clearing_the_way(super().ack, delivery_tag)


class Channel(redis.Channel):
    """As Celery's. What cannot be read is gone from Redis by then, and is done without."""

    QoS = QoS
    # One queue: else there were three more beside it, which nobody looks after.
    priority_steps = [0]

    def _connparams(self, *how: Any, **named: Any) -> Any:
        """Say where Redis is; a connection that was closed does not know, as if Redis were gone.

        A task that is done after it was closed is told there, and Celery's own error ends a worker.
        """
        transport: Any = self.connection
        if transport is None or transport.client is None:
            raise RedisConnectionError("The connection to Redis was closed meanwhile.")
        celerys: Any = super()
        return celerys._connparams(*how, **named)

    def _size(self, queue: str) -> Any:
        celerys: Any = super()
        return _clearing_the_way(celerys._size, queue)

    def _queue_bind(self, *where: Any) -> None:
        celerys: Any = super()
        _clearing_the_way(celerys._queue_bind, *where)

    def _put(self, queue: str, message: dict[str, Any], **options: Any) -> None:
        """Send it, noting when by Redis's clock, which whoever watches reads as well."""
        with self.conn_or_acquire() as client:
            message["headers"]["sent_at"], _ = client.time()
        _clearing_the_way(super()._put, queue, message, **options)

    def _brpop_start(self, timeout: int | None = None) -> None:
        celerys: Any = super()
        transport: Any = self.connection
        transport.say_dropped()
        with self.conn_or_acquire() as client:
            _clearing_the_way(thin, client)
        celerys._brpop_start(timeout)

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
            transport.dropped += 1


class Transport(redis.Transport):
    """As Celery's, for tasks alone where it reads the queue of tasks."""

    Channel = Channel
    has_read = False
    dropped = 0
    _silent_until = 0.0

    def _deliver(self, message: Any, queue: str | None) -> None:
        self.has_read = True
        if queue == QUEUE and not is_task(message):
            self.dropped += 1
        else:
            super()._deliver(message, queue)

    def say_dropped(self) -> None:
        """Say how many messages were dropped since it was said last, if that is a while ago."""
        if self.dropped and monotonic() >= self._silent_until:
            said = "Messages in the queue that were not ours, and were dropped: %s."
            log.warning(said, self.dropped)
            self.dropped, self._silent_until = 0, monotonic() + _PAUSE
