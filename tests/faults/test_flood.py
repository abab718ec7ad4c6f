"""Very many messages in the queue, and the only worker is killed while it thins them."""

import time

import pytest
import redis

from tests.faults import items
from tests.faults.stage import Stage
from tests.faults.test_kills import RECOVERY_SECONDS, all_letters_arrive
from tracker.queue import MOST, QUEUE

FLOOD = 100_000
NEWEST = "SELECT max(finished_at) > now() - interval '5 seconds' FROM staleness_sweep"
# As the beat sends them: with what the worker has yet to do among what is nobody's.
GENUINE = """
from tracker.celery import app
from tracker.schedule import TIMETABLE
for entry in TIMETABLE.values():
    app.send_task(entry["task"])
"""


@pytest.mark.parametrize("killed_at", [0.9, 0.5, 0.02])
def test_the_only_worker_is_killed_while_it_thins_the_queue(stage: Stage, killed_at: float) -> None:
    stage.start("beat-1")
    items.add(stage, pledges=20, letters=10)
    with redis.from_url(stage.environment["REDIS_URL"]) as server:
        stage.python(GENUINE)
        for _ in range(FLOOD // 1000):
            server.rpush(QUEUE, *[b'{"nobody": "knows this"}'] * 1000)
        stage.start("worker-1")
        # Busy, since it is over within seconds.
        began = time.monotonic()
        while int(server.llen(QUEUE)) > FLOOD * killed_at:
            assert time.monotonic() - began < RECOVERY_SECONDS
        stage.kill("worker-1")
        assert int(server.llen(QUEUE)) > MOST
    stage.revive()
    items.wait_for_order(stage, RECOVERY_SECONDS)
    all_letters_arrive(stage)
    stage.wait_for(lambda: stage.sql(NEWEST) == [(True,)], RECOVERY_SECONDS)
    stage.manage("verify_ledger")
