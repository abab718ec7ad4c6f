"""Whatever is killed: each program is told of each publication, and acts on it once."""

import json
import random
import sys
import time
from collections.abc import Iterator

import pytest

from tests.faults.stage import Stage
from tests.faults.test_kills import RECOVERY_SECONDS, kill_one
from tests.webhooks.receiver import Receiver

EVERYWHERE = "messages:0.2,leased:0.03,sent:0.03,noted:0.03"
ENDPOINTS = 12
_OPEN = """
from django.utils import timezone
from promises.accounts.models import User
from promises.webhooks.actions import add_endpoint
from promises.webhooks.models import Endpoint
Endpoint.objects.all().delete()
by = User.objects.get(username="author")
for number in range({endpoints}):
    add_endpoint(owner=by, url="{url}" + str(number), event_types=["evidence.published"], by=by,
        now=timezone.now())
"""
_PUBLISH = """
from uuid import uuid4
from django.utils import timezone
from promises.accounts.models import User
from promises.pledges.models import Pledge
from tests import record
for _ in range(5):
    # Each process counts from one, so the usual names would come again.
    name = f"news-{uuid4().hex}"
    record.evidence(by=User.objects.get(username="author"), now=timezone.now(), slug=name,
        url=f"https://news.example.org/{name}", about=Pledge.objects.get(slug="the-first"))
"""
_ENTRIES = "SELECT edition FROM ledger_entry WHERE event = 'evidence:published' AND edition > %s"
_WAITING = """
    SELECT (SELECT edition FROM ledger_head) - (SELECT edition FROM webhooks_cursor)
        + (SELECT count(*) FROM webhooks_message WHERE accepted_at IS NULL)
"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def test_nothing_is_lost_and_nothing_acted_on_twice(stage: Stage, receiver: Receiver) -> None:
    visited = {"FETCH_PORTS": str(receiver.port), "FETCH_ALLOWED_NETWORKS": "127.0.0.1/32"}
    stage.environment |= visited
    stage.python(_OPEN.format(endpoints=ENDPOINTS, url=receiver.url("/")))
    ((start,),) = stage.sql("SELECT edition FROM ledger_head")
    stage.start("worker-1", "worker-2", "beat-1", TRACKER_FAILPOINTS=EVERYWHERE)
    for _ in range(3):
        stage.wait_for(stage.are_up, RECOVERY_SECONDS)
        stage.python(_PUBLISH)
        for _ in range(4):
            time.sleep(random.uniform(0.2, 1))
            kill_one(stage)
            stage.revive(TRACKER_FAILPOINTS=EVERYWHERE)
    for name in list(stage.running):
        stage.kill(name)
    stage.revive()
    took = stage.wait_for(lambda: stage.sql(_WAITING) == [(0,)], RECOVERY_SECONDS)
    sys.stdout.write(
        f"{stage.kills} kills, everything told after {took:.1f} s, "
        f"{len(receiver.received) - len(receiver.accepted())} messages came twice\n"
    )
    published = {edition for (edition,) in stage.sql(_ENTRIES, start)}
    assert len(published) == 15
    acted_on: dict[str, list[int]] = {}
    seen = set()
    for one in receiver.received:
        if one.name not in seen:
            seen.add(one.name)
            edition = json.loads(one.body)["data"]["edition"]
            acted_on.setdefault(one.path, []).append(edition)
    assert set(acted_on) == {f"/{number}" for number in range(ENDPOINTS)}
    for path, editions in acted_on.items():
        assert sorted(editions) == sorted(published), path
