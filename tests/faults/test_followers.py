"""Whatever is killed, doubled or gone: each follower gets each publication once."""

import json
import random
import sys
import time
from collections import Counter

import pytest
import redis

from tests.faults.stage import Stage
from tests.faults.test_kills import RECOVERY_SECONDS, kill_one

FOLLOWERS = 60
EVERYWHERE = "news:0.1,read:0.1,written:0.1,leased:0.05,sent:0.01,noted:0.01"
_BEGIN = f"""
from django.utils import timezone
from promises.pledges.models import Pledge
from tests.alerts.followed import following
pledge = Pledge.objects.get(slug="the-first")
for number in range({FOLLOWERS}):
    following(pledge, address=f"reader-{{number}}@example.org", network=str(number),
        now=timezone.now())
"""
_PUBLISH = """
from uuid import uuid4
from django.utils import timezone
from promises.accounts.models import User
from promises.pledges.models import Pledge
from tests import record
record.evidence(by=User.objects.get(username="author"), now=timezone.now(),
    slug=f"evidence-{uuid4()}", about=Pledge.objects.get(slug="the-first"))
"""
_FIVE_TIMES = """
from tracker.celery import app
for name in ["alerts.tasks.tell", "outbox.tasks.deliver"] * 5:
    app.send_task(f"promises.{name}")
"""
# What is published, what followers were told of it by mails that left, and what still waits.
_ENTRIES = "SELECT edition FROM ledger_entry WHERE event LIKE 'evidence_link:%'"
_TOLD = (
    "SELECT address, content FROM outbox_delivery WHERE key LIKE 'alert:%' AND sent_at IS NOT NULL"
)
_WAITING = """
    SELECT (SELECT edition FROM ledger_head) - (SELECT edition FROM alerts_cursor)
        + (SELECT count(*) FROM alerts_news)
        + (SELECT count(*) FROM outbox_delivery WHERE sent_at IS NULL)
"""


def told(stage: Stage) -> Counter[tuple[str, int]]:
    """Return how often each follower was told of each entry, by the rows of the outbox."""
    counted: Counter[tuple[str, int]] = Counter()
    for address, content in stage.sql(_TOLD):
        content = content if isinstance(content, dict) else json.loads(content)
        counted.update((address, edition) for edition in content["entries"])
    return counted


def is_told(stage: Stage) -> bool:
    """Tell whether nothing waits any more."""
    return stage.sql(_WAITING) == [(0,)]


def empty_redis(stage: Stage) -> None:
    with redis.from_url(stage.environment["REDIS_URL"]) as server:
        server.flushall()


def entries(stage: Stage) -> set[int]:
    """Return the editions that followers are to hear of."""
    return {edition for (edition,) in stage.sql(_ENTRIES)}


@pytest.fixture
def followed(stage: Stage) -> Stage:
    """The installation with its followers, to whom nothing is owed."""
    if not stage.sql("SELECT 1 FROM alerts_subscriber"):
        stage.python(_BEGIN)
    return stage


def everyone_was_told_once(stage: Stage, known: set[int], heard: Counter[tuple[str, int]]) -> None:
    """Hold what was told since then against what was published since then."""
    numbers = {f"subscriber {pk}" for (pk,) in stage.sql("SELECT id FROM alerts_subscriber")}
    assert len(numbers) == FOLLOWERS
    news = entries(stage) - known
    assert told(stage) - heard == Counter((who, entry) for who in numbers for entry in news)
    # A mail that left twice in a crash carries the same key, and goes to the same person.
    keys = "SELECT key FROM outbox_delivery WHERE key LIKE 'alert:%'"
    arrived = {(str(mail["Idempotency-Key"]), str(mail["To"])) for mail in stage.mail.accepted}
    alerts = {(key, to) for key, to in arrived if key.startswith("alert:")}
    assert sorted(key for key, _to in alerts) == sorted(key for (key,) in stage.sql(keys))
    assert {to for _key, to in alerts} == {f"reader-{n}@example.org" for n in range(FOLLOWERS)}


def test_kills_doubled_tasks_and_a_redis_that_forgets(followed: Stage) -> None:
    stage, known, heard = followed, entries(followed), told(followed)
    stage.start("worker-1", "worker-2", "beat-1", TRACKER_FAILPOINTS=EVERYWHERE)
    for _ in range(3):
        stage.wait_for(stage.are_up, RECOVERY_SECONDS)
        stage.python(_PUBLISH)
        stage.python(_FIVE_TIMES)
        for _ in range(3):
            time.sleep(random.uniform(0.2, 1))
            kill_one(stage)
            stage.revive(TRACKER_FAILPOINTS=EVERYWHERE)
        empty_redis(stage)
    for name in list(stage.running):
        stage.kill(name)
    stage.revive()
    took = stage.wait_for(lambda: is_told(stage), RECOVERY_SECONDS)
    sys.stdout.write(f"{stage.kills} kills, everyone told after {took:.1f} s\n")
    assert len(entries(stage) - known) == 3
    everyone_was_told_once(stage, known, heard)


def test_redis_gone_altogether(followed: Stage) -> None:
    stage, known, heard = followed, entries(followed), told(followed)
    stage.redis.stop()
    try:
        stage.python(_PUBLISH)
        stage.start("worker-1", "beat-1")
        stage.wait_for(lambda: is_told(stage), RECOVERY_SECONDS)
    finally:
        stage.redis.start()
    assert len(entries(stage) - known) == 1
    everyone_was_told_once(stage, known, heard)
