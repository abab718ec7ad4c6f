"""With a real worker and a real beat: a pledge goes stale, is flagged, is reviewed, is cleared."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from promises.ledger.chain import verify_chain
from promises.staleness.models import Due, StaleFlag, Sweep
from tests import record
from tests.record import record_review

ROOT = Path(__file__).resolve().parents[2]


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Return when the condition holds; fail when it does not within this time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.2)
    pytest.fail(f"not within {seconds} seconds: {condition.__name__}")


@pytest.fixture
def worker_and_beat(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Run one worker and one beat on the test's database, sweeping every second."""
    database = urlsplit(os.environ["DATABASE_URL"])
    redis = urlsplit(settings.REDIS_URL)
    environment = {
        **os.environ,
        "DATABASE_URL": urlunsplit(database._replace(path=f"/{connection.settings_dict['NAME']}")),
        "REDIS_URL": urlunsplit(redis._replace(path="/9")),
        "SWEEP_SECONDS": "1",
    }
    celery = [sys.executable, "-m", "celery", "-A", "tracker"]
    commands = {
        "worker": [*celery, "worker", "--pool", "solo", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat"],
    }
    started = []
    for name, command in commands.items():
        with (tmp_path / f"{name}.log").open("wb") as log:
            started.append(
                subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            )
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def test_a_pledge_goes_stale_is_flagged_is_reviewed_is_cleared(worker_and_beat: None) -> None:
    editor = record.user("editor")
    long_ago = timezone.now() - timedelta(days=185)
    pledge = record.pledge(by=editor, now=long_ago)
    record.evidence(by=editor, about=pledge, now=long_ago)

    def is_flagged() -> bool:
        return StaleFlag.objects.open().count() == 2

    wait_for(is_flagged)
    assert set(StaleFlag.objects.open().values_list("reason", "stale_since")) == {
        ("review_overdue", (long_ago + timedelta(days=180)).date()),
        ("never_reviewed", (long_ago + timedelta(days=90)).date()),
    }
    today = timezone.now().date()
    assert Due.objects.by(today).filter(pledge=pledge).count() == 2
    record_review(
        pledge=pledge, note="Read the court's docket; nothing new.", by=editor, now=timezone.now()
    )
    assert StaleFlag.objects.open().count() == 0
    assert Due.objects.by(today).filter(pledge=pledge).count() == 0
    sweeps = Sweep.objects.count()

    def has_swept_again() -> bool:
        return Sweep.objects.count() >= sweeps + 2

    wait_for(has_swept_again)
    assert StaleFlag.objects.count() == 2
    assert StaleFlag.objects.open().count() == 0
    assert verify_chain().fault == ""
