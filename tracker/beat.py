"""The beat: sends the timetable's tasks, one beat at a time, and works without Redis.

Any number of beats may run. The one that holds a session lock of PostgreSQL sends; PostgreSQL
gives the lock to another at the moment the holder's connection ends. Nothing is kept in Redis,
so nothing is lost with it. While Redis takes nothing, the beat runs the tasks itself.
"""

import logging
import time
from typing import Any

import psycopg
from celery.beat import ScheduleEntry, Scheduler, SchedulingError
from django.db import close_old_connections
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from promises.common import locks, pooled
from tracker.postgres.base import watched
from tracker.postgres.silence import the_server
from tracker.schedule import AT_ONCE, BY_THE_BEAT, TIMETABLE

logger = logging.getLogger(__name__)

# A Redis that is gone, and one that answers and refuses: full, for instance.
_REDIS_FAILED = (OperationalError, RedisError)
# So long it is not asked again, in seconds: a Redis that sleeps costs ten for each question.
_PAUSE = 20.0


class OneBeat(Scheduler):
    """Celery's scheduler with its timetable in memory, sending only while it holds the lock."""

    # Given to every task: publishing then takes a connection of the pool, which is mended when
    # Redis comes back, instead of waiting for Redis here.
    producer = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **named: Any) -> None:
        self._session: psycopg.Connection[Any] | None = None
        self._stands_by: int | None = None
        self._clock_offset = _clock_offset()
        self._without_redis_until = 0.0
        super().__init__(*args, **named)

    def setup_schedule(self) -> None:
        """Read the timetable. Some of it is due at once: whoever starts the site waits for it."""
        super().setup_schedule()
        for name in AT_ONCE:
            entry = self.schedule[name]
            entry.last_run_at = entry.default_now() - TIMETABLE[name]["schedule"]

    def tick(self, *args: Any, **named: Any) -> float:
        """Send at most one task that is due; return the seconds until the next look."""
        self._forgive_a_jump_of_the_clock()
        if not self._holds_the_lock():
            return 1.0
        pause: float = super().tick(*args, **named)
        return pause

    def apply_async(
        self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **named: Any
    ) -> Any:
        """Send a task to the workers; run it here when the broker cannot be reached.

        What watches the workers is run here always.
        """
        if entry.name in BY_THE_BEAT or time.monotonic() < self._without_redis_until:
            return self._run_here(entry)
        try:
            return super().apply_async(entry, producer=producer, advance=advance, **named)
        except SchedulingError as error:
            if not isinstance(error.__cause__ or error.__context__, _REDIS_FAILED):
                raise
            logger.warning("Redis takes nothing: the beat runs %s itself.", entry.name)
            self._without_redis_until = time.monotonic() + _PAUSE
            return self._run_here(entry)

    def _run_here(self, entry: ScheduleEntry) -> Any:
        close_old_connections()
        return self.app.tasks[str(entry.task)].apply(entry.args, entry.kwargs)

    def close(self) -> None:
        """Give the lock back."""
        if self._session is not None:
            self._session.close()
        super().close()

    def _forgive_a_jump_of_the_clock(self) -> None:
        """Count every pause from now on when this host's clock was set while we ran.

        Celery counts from the wall clock: set back by an hour, it would send nothing for an hour.
        """
        offset = _clock_offset()
        if abs(offset - self._clock_offset) > 1:
            self._clock_offset = offset
            for entry in self.schedule.values():
                entry.last_run_at = entry.default_now()
            self._heap = None

    def _holds_the_lock(self) -> bool:
        try:
            if self._session is None:
                self._session = _session()
            held = _ask(self._session)
            holder = None if held else _holder(self._session)
        except psycopg.Error as error:
            logger.warning("The beat waits for PostgreSQL: %s", error)
            self._session = None
            return False
        if holder != self._stands_by:
            self._stands_by = holder
            if holder:
                logger.info("This beat stands by: session %s of PostgreSQL sends.", holder)
        return held


def _clock_offset() -> float:
    """Return by how many seconds the wall clock leads the clock that only runs forward."""
    return time.time() - time.monotonic()


def _session() -> psycopg.Connection[Any]:
    """Open a connection of the beat's own, which nothing but the beat closes.

    Raises OperationalError where a pooler would keep the lock and not the session.
    """
    session, given = pooled.session_of_our_own(), pooled.given()
    if not pooled.is_kept(session):
        session.close()
        raise psycopg.OperationalError(f"{pooled.NOT_KEPT} {pooled.IN_SESSION_MODE}")
    server = the_server(str(given.get("host")), str(given.get("port")))
    found: psycopg.Connection[Any] = watched(session, server, given)
    return found


def _ask(session: psycopg.Connection[Any]) -> bool:
    """Return whether this session holds the lock, taking it if it is free.

    Asked at every tick, so a session that ended is noticed before anything is sent.
    """
    row = session.execute(
        """
        SELECT EXISTS (
            SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'
                AND classid = 0 AND objid = %(key)s AND objsubid = 1 AND granted
        ) OR pg_try_advisory_lock(%(key)s)
        """,
        {"key": locks.BEAT},
    ).fetchone()
    return bool(row and row[0])


def _holder(session: psycopg.Connection[Any]) -> int | None:
    """Return the number of the session that has the lock: `pid` in pg_stat_activity."""
    row = session.execute(
        """
        SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = %(key)s
            AND objsubid = 1 AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """,
        {"key": locks.BEAT},
    ).fetchone()
    return row[0] if row else None
