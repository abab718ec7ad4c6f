"""Two real web processes over one database."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from http.client import HTTPConnection

import pytest

from promises.pledges.actions import retract_pledge
from promises.serving.state import TRUSTED_SECONDS
from tests import record
from tests.beside import ROOT, environment_beside
from tests.record import NOW

pytestmark = pytest.mark.django_db(transaction=True)
GRANIAN = ["-m", "granian", "--interface", "wsgi", "tracker.wsgi:application", "--workers", "1",
    "--blocking-threads", "4", "--no-ws", "--no-log"]  # fmt: skip
PAGE = "/pledges/a-pledge/"


@cache
def collect_static_files() -> None:
    """Pages name their style sheet by its hash, which is known once the files are collected."""
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, check=True)


class Web:
    """A web process, and one connection to it that is kept alive as browsers do."""

    def __init__(
        self, environment: dict[str, str], *, host: str = "127.0.0.1", on: Sequence[str] = ()
    ) -> None:
        self.host = host
        collect_static_files()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        where = ["--host", host, "--port", str(self.port)]
        command = [*on, sys.executable, *GRANIAN, *where]
        self.program = subprocess.Popen(command, cwd=ROOT, env=environment)

    def get(self, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask once."""
        talk = HTTPConnection(self.host, self.port, timeout=60)
        told = {"Host": "127.0.0.1", **{k.replace("_", "-"): v for k, v in headers.items()}}
        talk.request("GET", address, headers=told)
        answer = talk.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read()
        talk.close()
        return answer.status, found, body

    def wait_for_a_hit(self, address: str) -> None:
        """Ask until the answer was ready: a busy machine may be late to know it true."""
        for _ in range(100):
            if self.get(address)[1].get("cache-status") == "record; hit":
                return
            time.sleep(0.1)
        raise AssertionError(f"{address} is made anew each time.")

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(600):
            try:
                if self.get("/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("The web process does not answer.")


@contextmanager
def answering(found: list[Web]) -> Iterator[list[Web]]:
    """Wait until web processes that were started answer; end them after the block."""
    try:
        for web in found:
            web.wait()
        yield found
    finally:
        for web in found:
            web.program.terminate()
            web.program.wait()


def running(*environments: dict[str, str]) -> AbstractContextManager[list[Web]]:
    """Start a web process in each environment, until the end of the block."""
    return answering([Web(environment) for environment in environments])


@pytest.fixture
def webs(transactional_db: None) -> Iterator[list[Web]]:
    """Two processes, the second one without Redis."""
    environment = environment_beside()
    with running(environment, {**environment, "REDIS_URL": "redis://127.0.0.1:1/0"}) as found:
        yield found


def test_a_publication_is_seen_on_every_process(webs: list[Web]) -> None:
    author = record.user("author")
    pledge = record.pledge(by=author, slug="a-pledge")
    time.sleep(TRUSTED_SECONDS)
    for web in webs:
        web.wait_for_a_hit(PAGE)
    tags = {web.get(PAGE)[1]["etag"] for web in webs}
    assert len(tags) == 1
    (tag,) = tags
    zipped = webs[0].get(PAGE, Accept_Encoding="gzip")[1]
    assert (zipped["content-encoding"], zipped["etag"]) == ("gzip", f'{tag[:-1]}-gzip"')
    for web in webs:
        status, headers, body = web.get(PAGE, If_None_Match=tag)
        assert (status, headers["etag"], body) == (304, tag, b"")
    # By another process than these: nobody tells them, they find out.
    retract_pledge(pledge=pledge, reason="A test.", by=author, now=NOW)
    time.sleep(TRUSTED_SECONDS)
    assert [web.get(PAGE, If_None_Match=tag)[0] for web in webs] == [410, 410]
