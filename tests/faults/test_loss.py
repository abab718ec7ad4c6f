"""Redis flushed or gone, calls doubled, PostgreSQL restarted, a week away, clocks that differ."""

import signal
import time

import redis

from tests.faults import items
from tests.faults.stage import CELERY, COMMANDS, Stage
from tests.faults.test_kills import RECOVERY_SECONDS, all_letters_arrive
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
    items.wait_for_order(stage, RECOVERY_SECONDS)
    all_letters_arrive(stage)


def empty(stage: Stage) -> None:
    with redis.from_url(stage.environment["REDIS_URL"]) as server:
        server.flushall()


def test_redis_flushed_in_the_middle_of_a_sweep(stage: Stage) -> None:
    items.add(stage, pledges=20, letters=10)
    stage.start("worker-1", "beat-1")
    with stage.amid_a_sweep():
        empty(stage)
    recovers(stage)


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
    # Without what the killed workers of other tests still had in hand: no beat rings for it here.
    stage.start("worker-1", "beat-1")
    recovers(stage)
    stage.stop()
    empty(stage)
    items.add(stage, pledges=50, letters=50)
    stage.start("worker-1", "worker-2")
    # Once more after the episodes are there: they are then escalated and told in digests.
    for _ in range(2):
        stage.python(
            "from tracker.celery import app\n"
            "from tracker.schedule import TIMETABLE\n"
            "for entry in [*TIMETABLE.values()] * 5:\n"
            "    app.send_task(entry['task'])"
        )
        stage.wait_for(lambda: queued(stage) == 0, RECOVERY_SECONDS)
    recovers(stage)


def queued(stage: Stage) -> int:
    """Count the calls that wait in Redis or in a worker's hands."""
    with redis.from_url(stage.environment["REDIS_URL"]) as server:
        return int(server.llen("celery")) + int(server.hlen("unacked"))


def test_several_beats(stage: Stage) -> None:
    stage.start("worker-1", "beat-1", "beat-2")
    sweep_as_often_as_one(stage, beats=2)
    stage.start("beat-3", "beat-4", "beat-5")
    sweep_as_often_as_one(stage, beats=5)


# Each of them asks for the lock once a second, on a connection of its own, and then who has it.
_BEATS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE (query LIKE '%pg_try_advisory_lock%' OR query LIKE '%FROM pg_locks%advisory%')
        AND pid <> pg_backend_pid()
"""


def sweep_as_often_as_one(stage: Stage, *, beats: int) -> None:
    """Once so many beats run, all is in order soon, and there is about one sweep a second."""
    stage.wait_for(lambda: stage.sql(_BEATS) == [(beats,)], RECOVERY_SECONDS)
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
    # Beats that all rang would make as many sweeps a second.
    assert 1 <= sweeps <= seconds + 2


def test_a_beat_without_workers_notes_that_no_sweep_runs(stage: Stage) -> None:
    lasting = "SELECT count(*) FROM staleness_lapse WHERE heartbeat = 'sweep' AND ended_at IS NULL"
    stage.start("worker-1", "beat-1")
    items.add(stage, pledges=5)
    recovers(stage)
    stage.kill("worker-1")
    stage.wait_for(lambda: stage.sql(lasting) == [(1,)], RECOVERY_SECONDS)
    stage.revive()
    stage.wait_for(lambda: stage.sql(lasting) == [(0,)], RECOVERY_SECONDS)


def test_postgresql_restarted_in_the_middle_of_a_transaction(stage: Stage) -> None:
    before = len(stage.log.read_text()) if stage.log.exists() else 0
    stage.start("worker-1", "beat-1")
    for _ in range(2):
        items.add(stage, pledges=50, letters=20)
        with stage.amid_a_sweep():
            # Immediate shutdown: transactions under way are cut off, the log is replayed at start.
            children.stop(stage.postgres.child, ((signal.SIGQUIT, 10),))
        stage.postgres.start()
    items.add(stage, pledges=50, letters=20)
    recovers(stage)
    key = left_while_postgresql_was_away(stage)
    recovers(stage)
    assert stage.mail.keys().count(key) == 1
    stage.manage("verify_ledger")
    # What each of them ran into is a line.
    assert "The database is away." in stage.log.read_text()[before:]
    assert "Traceback" not in stage.log.read_text()[before:]


def left_while_postgresql_was_away(stage: Stage) -> str:
    """Have a mail leave in a restart of PostgreSQL, and return its key."""
    stage.mail.may_talk.clear()
    items.add(stage, letters=1)
    in_hand = "SELECT key FROM outbox_delivery WHERE leased_until IS NOT NULL"
    stage.wait_for(lambda: stage.sql(in_hand), RECOVERY_SECONDS)
    ((key,),) = stage.sql(in_hand)
    stage.postgres.stop()
    stage.mail.may_talk.set()
    stage.wait_for(lambda: key in set(stage.mail.keys()), RECOVERY_SECONDS)
    stage.postgres.start()
    return str(key)


# What the installation looks like after a week without a process: its last sweep and digests are
# from then, and each day of the week something fell due and mails were written.
_A_WEEK_AGO = """
    UPDATE staleness_lapse SET ended_at = now() WHERE ended_at IS NULL;
    UPDATE staleness_sweep SET swept_for = swept_for - interval '7 days',
        finished_at = finished_at - interval '7 days';
    UPDATE pledges_pledge SET published_at = published_at - id % 7 * interval '1 day'
    WHERE id > {newest};
    UPDATE outbox_delivery SET next_try_at = now() - id % 7 * interval '1 day'
    WHERE next_try_at IS NOT NULL;
"""
_LONG_LAPSES = """
    SELECT count(*) FROM staleness_lapse WHERE heartbeat = 'sweep'
        AND ended_at - silent_since BETWEEN interval '6 days 23 hours' AND interval '8 days'
"""
_CAME_OF_IT = """
    SELECT count(*), count(DISTINCT pledge_id), count(DISTINCT stale_since),
        count(DISTINCT assigned_to_id)
    FROM staleness_staleflag WHERE pledge_id > %s
"""


# Of the pledges of this test: what other tests left behind is in the same hands from now on.
_TOLD = """
    SELECT count(*) FROM staleness_notice notice JOIN staleness_staleflag flag
        ON flag.id = notice.flag_id
    WHERE notice.person_id = %s AND notice.digest_id IS NOT NULL AND flag.pledge_id > %s
"""


def digests_of(stage: Stage, person: int) -> int:
    """Count the mails that a person got about what is stale."""
    return sum(key.startswith(f"stale-digest:{person}:") for key in stage.mail.keys())  # noqa: SIM118 -- no dict


def test_seven_days_down_give_one_flag_and_one_digest_each(stage: Stage) -> None:
    # Somebody who has got no digest today, from other tests.
    stage.python(items.NEW_OWNER)
    ((newest, person),) = stage.sql(
        "SELECT max(id), (SELECT max(id) FROM accounts_user) FROM pledges_pledge"
    )
    ((lapses,),) = stage.sql(_LONG_LAPSES)
    items.add(stage, pledges=105, letters=21)
    stage.sql("INSERT INTO staleness_sweep VALUES (DEFAULT, now(), now(), 0, 0)")
    stage.sql(_A_WEEK_AGO.format(newest=newest))
    stage.start("worker-1", "worker-2", "beat-1")
    recovers(stage)
    assert stage.sql(_CAME_OF_IT, newest) == [(105, 105, 7, 1)]
    stage.wait_for(lambda: digests_of(stage, person), RECOVERY_SECONDS)
    # Time for more of them, if more were to come.
    time.sleep(3)
    assert digests_of(stage, person) == 1
    assert stage.sql(_TOLD, person, newest) == [(105,)]
    # The silence of the sweep is on record, once.
    assert stage.sql(_LONG_LAPSES) == [(lapses + 1,)]


def test_clocks_that_differ_by_forty_minutes(stage: Stage) -> None:
    for name, minutes in (("worker-1", 20), ("beat-1", -20)):
        words = [word for word in COMMANDS[name.partition("-")[0]] if word not in CELERY]
        stage.start_as(name, ["-c", _SKEWED.format(minutes=minutes), *CELERY[2:], *words])
    items.add(stage, pledges=20, letters=10)
    recovers(stage)
    ((late,),) = stage.sql("SELECT count(*) FROM staleness_staleflag WHERE opened_at > now()")
    assert late == 0
    # One that ends in times to come would hide for as long that none runs.
    assert stage.sql("SELECT count(*) FROM staleness_sweep WHERE finished_at > now()") == [(0,)]
