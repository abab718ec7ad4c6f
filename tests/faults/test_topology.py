"""What compose.yaml starts, as plain processes: two webs, two workers, two beats on one database.

Whichever of two is killed, the other goes on; Redis may be gone, full or asleep, PostgreSQL gone or
out of connections meanwhile.
"""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import psycopg
import pytest
import redis

from tests.faults import items
from tests.faults.stage import Stage
from tests.faults.test_kills import RECOVERY_SECONDS
from tests.serving.test_processes import Web, running

PAGE, LIST = "/pledges/the-first/", "/api/v1/pledges/"
Trouble = Callable[[Stage], AbstractContextManager[None]]
PUBLISH = """
from django.utils import timezone
from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.updates.correcting import correct_pledge
pledge = Pledge.objects.get(slug="the-first")
pledge.title = "{title}"
correct_pledge(pledge=pledge, kind="typo", note="A typo.", now=timezone.now(),
    by=User.objects.get(username="author"))
"""


@pytest.fixture
def webs(stage: Stage) -> Iterator[list[Web]]:
    """Two web processes."""
    with running(stage.environment, stage.environment) as found:
        yield found


@pytest.fixture
def jobs(stage: Stage) -> None:
    """Two of the others."""
    stage.start("worker-1", "worker-2", "beat-1", "beat-2")


def all_goes_on(stage: Stage) -> None:
    """What is due is found and what is to leave leaves."""
    items.add(stage, pledges=5, letters=3)
    items.wait_for_order(stage, RECOVERY_SECONDS)


def retitled(stage: Stage, title: str) -> None:
    """Publish a correction of the first pledge, as the desk does."""
    stage.python(PUBLISH.format(title=title))


def show(stage: Stage, webs: list[Web], title: str) -> None:
    """Every web process shows it, soon."""
    for web in webs:
        stage.wait_for(lambda web=web: title.encode() in web.get(PAGE)[2], 10)  # type: ignore[misc]


def readiness(web: Web) -> dict[str, bool | None]:
    """Return what /readyz says of each part; None: it cannot know."""
    checks = json.loads(web.get("/readyz")[2])["checks"]
    return {name: check["ok"] for name, check in checks.items()}


@pytest.mark.usefixtures("jobs")
def test_whichever_of_two_is_killed_the_other_goes_on(stage: Stage, webs: list[Web]) -> None:
    all_goes_on(stage)
    retitled(stage, "Shown by both")
    show(stage, webs, "Shown by both")
    assert len({web.get(PAGE)[1]["etag"] for web in webs}) == 1
    counted = figures(webs[1])
    for _ in range(5):
        webs[0].get(PAGE)
    # granian's child outlives it.
    below = _with_children(webs[0].program)
    webs[0].program.kill()
    webs[0].program.wait()
    for pid in below:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    stage.kill("worker-1")
    stage.kill("beat-1")
    all_goes_on(stage)
    retitled(stage, "Shown by one")
    show(stage, webs[1:], "Shown by one")
    stage.wait_for(lambda: all(readiness(webs[1]).values()), RECOVERY_SECONDS)
    # What the killed one had answered is still counted.
    assert figures(webs[1]) >= counted + 5
    stage.kill("beat-2")
    stage.start("beat-1")
    all_goes_on(stage)


def figures(web: Web) -> float:
    """Return how many requests for pages of pledges this host has answered."""
    said = web.get("/internal/metrics")[2].decode()
    return sum(
        float(line.rpartition(" ")[2])
        for line in said.splitlines()
        if line.startswith('tracker_requests_total{route="site:pledge"')
    )


@contextmanager
def without_redis(stage: Stage) -> Iterator[None]:
    stage.redis.stop()
    try:
        yield
    finally:
        stage.redis.start()


@contextmanager
def with_a_full_redis(stage: Stage) -> Iterator[None]:
    with redis.from_url(stage.environment["REDIS_URL"]) as server:
        server.config_set("maxmemory-policy", "noeviction")
        server.config_set("maxmemory", 1)
        try:
            with pytest.raises(redis.RedisError):
                server.set("anything", "x" * 1000)
            yield
        finally:
            server.config_set("maxmemory", 0)


@contextmanager
def with_a_sleeping_redis(stage: Stage) -> Iterator[None]:
    assert stage.redis.child is not None
    (pid,) = _with_children(stage.redis.child)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _with_children(child: subprocess.Popen[bytes]) -> list[int]:
    """Return the server itself, whether or not something stands before it."""
    below = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    return [int(pid) for pid in below] or [child.pid]


@pytest.mark.usefixtures("jobs")
def test_whatever_redis_does_pages_are_right_and_work_is_done(
    stage: Stage, webs: list[Web]
) -> None:
    troubles: dict[Trouble, bool] = {
        without_redis: False,
        with_a_full_redis: True,
        with_a_sleeping_redis: False,
    }
    for trouble, redis_is_ready in troubles.items():
        title = f"Published {trouble.__name__}"
        with trouble(stage):
            assert [web.get(page)[0] for web in webs for page in (PAGE, LIST)] == [200] * 4
            retitled(stage, title)
            show(stage, webs, title)
            assert readiness(webs[0])["redis"] is redis_is_ready
            assert readiness(webs[0])["database"] is True
            all_goes_on(stage)
        # Nobody has ended by it.
        assert [name for name, one in stage.running.items() if one.poll() is not None] == []
        all_goes_on(stage)
        stage.wait_for(lambda: all(readiness(webs[0]).values()), RECOVERY_SECONDS)


def test_whatever_postgresql_does_what_is_ready_is_served(stage: Stage, webs: list[Web]) -> None:
    for web in webs:
        web.wait_for_a_hit(PAGE)
    stage.postgres.stop()
    try:
        assert [web.get(PAGE)[0] for web in webs] == [200, 200]
        # What nobody has asked for cannot be made: that is said.
        status, headers, _body = webs[0].get("/api/v1/topics/?page_size=7")
        assert (status, headers["content-type"]) == (503, "application/problem+json")
        assert readiness(webs[0])["database"] is False
    finally:
        stage.postgres.start()
    retitled(stage, "Published after it")
    show(stage, webs, "Published after it")
    for web in webs:
        web.wait_for_a_hit(PAGE)
    with ExitStack() as taken:
        take_all_connections(stage, taken)
        assert [web.get(PAGE)[0] for web in webs] == [200, 200]
        # Threads that have a connection answer, the others say that they cannot.
        answers = {webs[0].get(f"/api/v1/topics/?page_size={size}")[0] for size in range(1, 21)}
        assert answers <= {200, 503}
    retitled(stage, "Published with a connection")
    show(stage, webs, "Published with a connection")


def take_all_connections(stage: Stage, taken: ExitStack) -> None:
    """Connect until the server takes nobody any more."""
    for _ in range(200):
        try:
            taken.enter_context(psycopg.connect(stage.environment["DATABASE_URL"]))
        except psycopg.OperationalError as error:
            assert "too many clients" in str(error)  # noqa: PT017 -- the loop ends here
            return
    pytest.fail("There is no end of connections.")


def test_a_web_told_to_end_ends_what_it_has_begun(stage: Stage, webs: list[Web]) -> None:
    got: list[int] = []
    broken: list[Exception] = []

    def read() -> None:
        """Read pages that have to be made until nobody listens any more."""
        for number in range(10_000):
            try:
                got.append(webs[0].get(f"/api/v1/pledges/?page_size={number % 100 + 1}")[0])
            except (ConnectionRefusedError, ConnectionResetError):
                return
            except (HTTPException, OSError) as error:
                broken.append(error)

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        stage.wait_for(lambda: len(got) > 100, 60)
        webs[0].program.terminate()
        for reader in readers:
            reader.result(timeout=60)
    assert webs[0].program.wait(timeout=40) == 0
    assert (set(got), broken) == ({200}, [])
    assert webs[1].get(PAGE)[0] == 200
