"""Whatever is killed: every due item flagged once, every mail accepted under one key."""

import random
import sys
import time

import pytest

from tests.faults import items
from tests.faults.stage import Stage

# One sweep interval of a real installation.
RECOVERY_SECONDS = 60
EVERYWHERE = (
    "swept:0.1,leased:0.1,sent:0.02,noted:0.02,told:0.1,"
    "open:0.1,follow:0.1,close:0.1,escalate:0.1,recorded:0.1"
)


def letters_astray(stage: Stage) -> set[str]:
    """Return the keys of deliveries that did not arrive, and what arrived that is no delivery."""
    written = {key for (key,) in stage.sql("SELECT key FROM outbox_delivery")}
    return written ^ set(stage.mail.keys())


def all_letters_arrive(stage: Stage) -> None:
    """Wait until there is none astray: a digest may be on its way when all else is in order."""
    try:
        stage.wait_for(lambda: letters_astray(stage) == set(), RECOVERY_SECONDS)
    except AssertionError as late:
        arrived = set(stage.mail.keys())
        told = {key: key in arrived for key in letters_astray(stage)}
        raise AssertionError(f"astray, and whether it arrived: {told} {late}") from None


def kill_one(stage: Stage) -> None:
    """Kill a random process that is up: mostly a worker's child, else a worker or a beat."""
    name = random.choice([*stage.running])
    if name.startswith("worker") and random.random() < 0.8:
        stage.kill_a_child(name)
    elif random.random() < 0.3:
        stage.kill(name)


def storm(stage: Stage, *, kills: int, pledges: int, letters: int) -> None:
    """Kill at random while pledges become due and mails are to be sent; then let it recover."""
    stage.kills, batch = 0, max(1, kills // 10)
    added = 0
    # Processes end themselves at named points between two statements, too.
    stage.revive(TRACKER_FAILPOINTS=EVERYWHERE)
    while stage.kills < kills:
        if added <= stage.kills:
            items.add(stage, pledges=pledges * batch // kills, letters=letters * batch // kills)
            items.disturb(stage, moved=pledges // 100, switched_off=pledges // 200)
            added += batch
        kill_one(stage)
        stage.revive(TRACKER_FAILPOINTS=EVERYWHERE)
        time.sleep(random.uniform(0.05, 0.5))
    for name in list(stage.running):
        stage.kill(name)
    stage.revive()
    took = items.wait_for_order(stage, RECOVERY_SECONDS)
    sys.stdout.write(f"{stage.kills} kills, in order again after {took:.1f} s\n")
    all_letters_arrive(stage)
    stage.manage("verify_ledger")


def test_kills_of_workers_children_and_beats(stage: Stage) -> None:
    stage.start("worker-1", "worker-2", "beat-1", "beat-2")
    storm(stage, kills=12, pledges=120, letters=60)


@pytest.mark.slow
def test_five_hundred_kills(stage: Stage) -> None:
    stage.start("worker-1", "worker-2", "worker-3", "worker-4", "beat-1", "beat-2")
    storm(stage, kills=500, pledges=10_000, letters=2_000)
