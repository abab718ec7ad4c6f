"""A bell reaches the workers from a process that has read in nothing of Celery before."""

import json
import os
import subprocess
import sys

import redis
from django.conf import settings

from tests.architecture.house import ROOT

TASK = "promises.imports.tasks.run_asked"
WEB = f"""
import sys, threading
import tracker.wsgi, tracker.urls
from promises.common.bells import ring
print("celery" in sys.modules)
ring("{TASK}")
second = threading.Thread(target=ring, args=["{TASK}"])
second.start()
second.join()
"""


def test_a_bell_of_the_web_reaches_the_workers_from_any_thread() -> None:
    # A database of its own: workers of other tests take nothing from there.
    address = settings.REDIS_URL.rpartition("/")[0] + "/10"
    with redis.Redis.from_url(address) as queue:
        queue.flushdb()
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", WEB],
            cwd=ROOT, env={**os.environ, "REDIS_URL": address},
            check=True, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        waiting = [json.loads(message)["headers"] for message in queue.lrange("celery", 0, -1)]
        queue.flushdb()
    assert done.stdout == "False\n"
    assert [headers["task"] for headers in waiting] == [TASK, TASK]
    assert all(headers["sent_at"] > 0 for headers in waiting)
