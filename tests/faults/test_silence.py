"""PostgreSQL is there and says nothing: stopped, hanging, behind a network that swallows all."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.stage import Stage
from tests.faults.test_topology import PAGE, readiness, retitled
from tests.serving.test_processes import Web, running


@pytest.fixture
def web(stage: Stage) -> Iterator[Web]:
    with running(stage.environment) as (found,):
        yield found


def stopped_below(pid: int) -> list[int]:
    """Stop a process and all that it started, itself first: it starts nothing meanwhile.

    One that has just ended is passed over.
    """
    try:
        os.kill(pid, signal.SIGSTOP)
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [pid, *(each for child in children for each in stopped_below(int(child)))]


@contextmanager
def silent(stage: Stage) -> Iterator[None]:
    """Stop every process of PostgreSQL: the system goes on taking what it is sent."""
    assert stage.postgres.child is not None
    stopped = stopped_below(stage.postgres.child.pid)
    try:
        yield
    finally:
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def timed(web: Web, address: str) -> tuple[int, float]:
    """Return the status of an answer and how long it took."""
    began = time.monotonic()
    return web.get(address)[0], time.monotonic() - began


@pytest.mark.parametrize("has_connections", [True, False])
def test_a_silent_server_takes_no_thread_for_long(
    stage: Stage, web: Web, has_connections: bool
) -> None:
    web.wait_for_a_hit(PAGE)
    if has_connections:
        for number in range(8):
            web.get(f"/api/v1/topics/?page_size={number + 1}")
    else:
        stage.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with silent(stage), ThreadPoolExecutor(8) as readers:
        # More than there are threads, each for something that nobody has made yet.
        asked = [
            readers.submit(timed, web, f"/api/v1/topics/?page_size={number + 20}")
            for number in range(8)
        ]
        assert {each.result()[0] for each in asked} == {503}
        # From here on nobody waits, while the server still says nothing.
        for _ in range(3):
            status, seconds = timed(web, "/healthz")
            assert (status, seconds < 1) == (200, True), seconds
            status, seconds = timed(web, PAGE)
            assert (status, seconds < 1) == (200, True), seconds
            status, headers, _body = web.get("/api/v1/topics/?page_size=50")
            assert (status, headers["retry-after"]) == (503, "5")
            status, seconds = timed(web, "/readyz")
            assert (status, seconds < 2) == (503, True), seconds
        assert readiness(web)["database"] is False
    # It goes on by itself.
    stage.wait_for(lambda: web.get("/api/v1/topics/?page_size=51")[0] == 200, 15)
    retitled(stage, f"Published after the silence, {has_connections}")
    stage.wait_for(lambda: b"Published after the silence" in web.get(PAGE)[2], 10)


def test_a_slow_answer_is_no_silence(stage: Stage) -> None:
    stage.python(
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute('SELECT pg_sleep(6)')\n"
        "    cursor.execute('SELECT 1')\n"
        "    assert cursor.fetchone() == (1,)\n"
    )


def test_whoever_waits_is_told_within_some_seconds(stage: Stage) -> None:
    """Of a command: it ends with an error instead of waiting for ever."""
    stage.python("from django.db import connection; connection.ensure_connection()")
    assert stage.shell is not None
    with silent(stage):
        began = time.monotonic()
        stage.python(
            "from django.db import OperationalError, connection\n"
            "try:\n"
            "    connection.cursor().execute('SELECT 1')\n"
            "except OperationalError as error:\n"
            "    said = str(error)\n"
            "assert 'timeout' in said or 'does not answer' in said, said\n"
        )
        assert time.monotonic() - began < 15
