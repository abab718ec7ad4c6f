"""Redis flushed or gone, calls doubled, PostgreSQL restarted, a week away, clocks that differ."""

import signal
import time

import redis

from tests.faults import items
from tests.faults.stage import CELERY, COMMANDS, Stage
from tests.faults.test_kills import RECOVERY_SECONDS, letters_arrived_once
from tracker.services import children

# Runs Celery with a clock that is off by some minutes.
_SKEWED = """
import sys, datetime, time_machine
ahead = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes={minutes})
time_machine.travel(ahead).start()
from celery.__main__ import main
sys.exit(main())
"""


def recovers(stage: Stage) -> None:
    stage.wait_for(lambda: items.is_in_order(stage), RECOVERY_SECONDS)
    assert letters_arrived_once(stage)


def empty(stage: Stage) -> None:
    with redis.from_url(stage.environment["REDIS_URL"]) as server:
        server.flushall()


def test_redis_flushed_again_and_again(stage: Stage) -> None:
    stage.start("worker-1", "beat-1")
    for _ in range(20):
        items.add(stage, pledges=5, letters=2)
        empty(stage)
        time.sleep(0.3)
    recovers(stage)


def test_redis_down_for_the_whole_run(stage: Stage) -> None:
    stage.redis.stop()
    items.add(stage, pledges=20, letters=10)
    stage.start("worker-1", "beat-1")
    recovers(stage)
    stage.redis.start()
    items.add(stage, pledges=20, letters=10)
    recovers(stage)


def test_every_task_delivered_five_times(stage: Stage) -> None:
    items.add(stage, pledges=50, letters=50)
    stage.python(
        "from tracker.celery import app\n"
        "for name in ['staleness.tasks.sweep', 'outbox.tasks.deliver'] * 5:\n"
        "    app.send_task(f'promises.{name}')"
    )
    stage.start("worker-1", "worker-2")
    recovers(stage)


def test_five_beats(stage: Stage) -> None:
    stage.start("worker-1", *(f"beat-{number}" for number in range(1, 6)))
    items.add(stage, pledges=20, letters=10)
    recovers(stage)
    # Calls that piled up while the worker started are not what is counted.
    empty(stage)
    time.sleep(2)
    ((begin,),) = stage.sql("SELECT clock_timestamp()")
    time.sleep(5)
    ((sweeps, seconds),) = stage.sql(
        "SELECT count(*), extract(epoch FROM clock_timestamp() - %s) FROM staleness_sweep"
        " WHERE finished_at > %s",
        begin,
        begin,
    )
    # Five beats that all rang would make five sweeps a second.
    assert 1 <= sweeps <= seconds + 2


def test_postgresql_restarted_in_the_middle(stage: Stage) -> None:
    stage.start("worker-1", "beat-1")
    for _ in range(2):
        items.add(stage, pledges=50, letters=20)
        # Immediate shutdown: transactions under way are cut off, the log is replayed at start.
        children.stop(stage.postgres.child, ((signal.SIGQUIT, 10),))
        stage.postgres.start()
    items.add(stage, pledges=50, letters=20)
    recovers(stage)
    stage.manage("verify_ledger")


def test_seven_days_down_give_one_flag_and_one_mail_each(stage: Stage) -> None:
    items.add(stage, pledges=100, letters=20)
    stage.sql(
        "UPDATE outbox_delivery SET next_try_at = now() - interval '7 days'"
        " WHERE next_try_at IS NOT NULL"
    )
    stage.start("worker-1", "worker-2", "beat-1")
    recovers(stage)


def test_clocks_that_differ_by_forty_minutes(stage: Stage) -> None:
    for name, minutes in (("worker-1", 20), ("beat-1", -20)):
        words = [word for word in COMMANDS[name.partition("-")[0]] if word not in CELERY]
        stage.start_as(name, ["-c", _SKEWED.format(minutes=minutes), *CELERY[2:], *words])
    items.add(stage, pledges=20, letters=10)
    recovers(stage)
    ((late,),) = stage.sql("SELECT count(*) FROM staleness_staleflag WHERE opened_at > now()")
    assert late == 0
