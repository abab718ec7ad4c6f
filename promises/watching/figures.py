"""What is read when somebody watches: the state of the record, of Redis and of what waits.

Each figure comes from the database or from Redis with one question that an index answers, so
that it is the same whichever process is asked.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.models import Count, Min, QuerySet

from promises.accounts.models import Letter
from promises.backups.shelf import standing
from promises.captures.models import Capture, StoredFile
from promises.common.clock import database_clock
from promises.ledger.chain import current_edition
from promises.outbox.models import Delivery
from promises.staleness.choices import Heartbeat
from promises.staleness.models import Lapse, StaleFlag, Sweep
from promises.watching.rules import sample
from promises.webhooks.models import Message

_PATIENCE = 1.0
QUEUE = "celery"
# Type and one sentence for each number.
KINDS: dict[str, tuple[str, str]] = {
    "tracker_requests_total": (
        "counter",
        "Requests by route and status; kept: answered by what was ready.",
    ),
    "tracker_request_seconds": ("histogram", "How long Django took for an answer that was made."),
    "tracker_tasks_total": ("counter", "Runs of tasks by name and what became of them."),
    "tracker_task_seconds_total": ("counter", "How long tasks took altogether."),
    "tracker_database_up": ("gauge", "1 while PostgreSQL answers."),
    "tracker_lock_wait_seconds": ("gauge", "Since the first began that waits for a lock now."),
    "tracker_idle_transaction_seconds": (
        "gauge",
        "Since the oldest transaction began in which nothing happens, as far as we may see.",
    ),
    "tracker_redis_up": ("gauge", "1 while Redis answers."),
    "tracker_edition": ("gauge", "The newest edition of the record."),
    "tracker_sweep_age_seconds": ("gauge", "Since the last sweep finished."),
    "tracker_stale_flags_open": ("gauge", "Episodes of staleness that last."),
    "tracker_lapses_open": ("gauge", "Heartbeats that are missed, by kind: sweep or source."),
    "tracker_queue_tasks": ("gauge", "Tasks that no worker has taken."),
    "tracker_queue_age_seconds": ("gauge", "Since the oldest of them was sent."),
    "tracker_waiting": ("gauge", "What is still to be done, by kind."),
    "tracker_waiting_age_seconds": ("gauge", "Since the oldest of it was due; 0: nothing is."),
    "tracker_refused_age_seconds": (
        "gauge",
        "Since the oldest mail was written that waits since the mail server failed it; 0: none.",
    ),
    "tracker_set_aside": ("gauge", "Mails that were given up after their last try."),
    "tracker_backup_age_seconds": ("gauge", "Since the newest backup was made."),
    "tracker_drill_age_seconds": ("gauge", "Since a backup was last restored and found whole."),
    "tracker_files_damaged": ("gauge", "Stored copies that are no longer what they were."),
}

# Locks are seen by everybody; what others do, and since when, only with pg_read_all_stats.
_WAITS = """
SELECT
    (SELECT max(clock_timestamp() - waitstart) FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE datname = current_database() AND NOT granted),
    (SELECT max(clock_timestamp() - xact_start) FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in transaction%'
            AND pid <> pg_backend_pid())
"""


def figures(now: datetime) -> dict[str, float]:
    """Return every figure that is read, by its name with labels.

    What cannot be asked is left out, and `tracker_database_up` or `tracker_redis_up` is 0.
    """
    found = {**dict(_of_redis()), **dict(_of_backups(now))}
    try:
        # By the clock that what waits was written by; this host's may be wrong.
        of_the_database = database_clock()
        for part in _PARTS:
            found.update(part(of_the_database))
        found["tracker_database_up"] = 1
    except DatabaseError:
        found["tracker_database_up"] = 0
    return found


def _of_the_record(_now: datetime) -> Iterator[tuple[str, float]]:
    yield "tracker_edition", current_edition()


def _of_sweeps(now: datetime) -> Iterator[tuple[str, float]]:
    if sweep := Sweep.objects.newest():
        yield "tracker_sweep_age_seconds", (now - sweep.finished_at).total_seconds()
    yield "tracker_stale_flags_open", StaleFlag.objects.open().count()
    missed = Counter(Lapse.objects.open().values_list("heartbeat", flat=True))
    for kind in Heartbeat.values:
        yield sample("tracker_lapses_open", kind=kind), missed[kind]


def _of_what_waits(now: datetime) -> Iterator[tuple[str, float]]:
    waiting: tuple[tuple[str, QuerySet[Any], str], ...] = (
        ("mails", Delivery.objects.waiting(), "next_try_at"),
        ("letters", Letter.objects.waiting(), "queued_at"),
        ("webhooks", Message.objects.waiting().filter(endpoint__disabled_at=None), "next_try_at"),
        ("captures", Capture.objects.waiting(), "next_try_at"),
    )
    for kind, rows, due in waiting:
        asked = rows.aggregate(number=Count("pk"), oldest=Min(due))
        late = (now - asked["oldest"]).total_seconds() if asked["oldest"] else 0
        yield sample("tracker_waiting", kind=kind), asked["number"]
        yield sample("tracker_waiting_age_seconds", kind=kind), max(late, 0)
    oldest = Delivery.objects.refused().aggregate(oldest=Min("created_at"))["oldest"]
    yield "tracker_refused_age_seconds", (now - oldest).total_seconds() if oldest else 0
    yield "tracker_set_aside", Delivery.objects.set_aside().count()
    yield "tracker_files_damaged", StoredFile.objects.damaged().count()


def _of_sessions(_now: datetime) -> Iterator[tuple[str, float]]:
    """Ask what stands in the way of others, whoever began it: a psql that was left open."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITS)
        for name, age in zip(("lock_wait", "idle_transaction"), cursor.fetchone(), strict=True):
            yield f"tracker_{name}_seconds", age.total_seconds() if age else 0


_PARTS: tuple[Callable[[datetime], Iterator[tuple[str, float]]], ...] = (
    _of_the_record,
    _of_sweeps,
    _of_what_waits,
    _of_sessions,
)


def _of_backups(now: datetime) -> Iterator[tuple[str, float]]:
    """Read from the folder of backups, where this host sees it."""
    for name, moment in standing(settings.BACKUPS).items():
        if moment is not None:
            yield f"tracker_{name}_age_seconds", (now - moment).total_seconds()


def _of_redis() -> Iterator[tuple[str, float]]:
    # Read in with the first question: whoever reads in every page asks none.
    from redis import Redis, RedisError

    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
        ) as client:
            # One that cannot save reads, and takes nothing: that it does not answer to a PING.
            client.ping()
            asked = client.pipeline().time().llen(QUEUE).lindex(QUEUE, -1)
            (seconds, _), length, oldest = asked.execute()
    except RedisError:
        yield "tracker_redis_up", 0
        return
    yield "tracker_redis_up", 1
    yield "tracker_queue_tasks", length
    yield "tracker_queue_age_seconds", _age(oldest, seconds) if oldest else 0


def _age(message: bytes, now: float) -> float:
    """Return how long ago a task was sent, by Redis's clock (tracker/queue.py notes it)."""
    try:
        return max(now - float(json.loads(message)["headers"]["sent_at"]), 0)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return 0
