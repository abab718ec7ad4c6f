"""Two hosts on wires of their own (network namespaces), and one of them vanishes without a word.

Nobody closes its connections: PostgreSQL, Redis and the readers have to notice by themselves.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis

from tests.faults.sink import MailSink
from tests.faults.stage import Stage
from tests.faults.test_kills import RECOVERY_SECONDS
from tests.faults.test_topology import PAGE, all_goes_on, retitled
from tests.serving.test_processes import Web, answering

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("ip") is None,
    reason="network namespaces need root and iproute2",
)
NETWORK = "10.77"
# A writer that has the lock of the ledger, and on whose host the lights go out.
IN_THE_MIDDLE = """
import time
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("SELECT FROM ledger_head FOR UPDATE")
    time.sleep(3600)
"""
HOLDS = """
SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE relation = 'ledger_head'::regclass AND mode = 'RowShareLock' AND granted AND client_addr = %s
"""
# Who holds the lock of the beat, by the address of the connection.
BEATS = """
SELECT host(client_addr) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND objid = x'62656174'::int AND granted
"""


@dataclass
class Host:
    """A host with one wire to the one that has PostgreSQL, Redis and the mail server."""

    number: int

    @property
    def name(self) -> str:
        """The name of its network namespace and of its wire."""
        return f"th{self.number}-{os.getpid() % 100_000}"

    @property
    def center(self) -> str:
        """The address of the other end of the wire."""
        return f"{NETWORK}.{self.number}.1"

    @property
    def address(self) -> str:
        """Its own address."""
        return f"{NETWORK}.{self.number}.2"

    @property
    def on(self) -> list[str]:
        """The words before a command that is run there."""
        return ["ip", "netns", "exec", self.name]

    def connect(self) -> None:
        """Build the host and its wire."""
        ip("netns", "add", self.name)
        ip("link", "add", self.name, "type", "veth", "peer", "wire", "netns", self.name)
        ip("addr", "add", f"{self.center}/30", "dev", self.name)
        ip("link", "set", self.name, "up")
        ip("-n", self.name, "addr", "add", f"{self.address}/30", "dev", "wire")
        for device in ("lo", "wire"):
            ip("-n", self.name, "link", "set", device, "up")

    def cut(self) -> None:
        """Pull the plug: what is sent to it arrives nowhere."""
        ip("-n", self.name, "link", "set", "wire", "down")

    def mend(self) -> None:
        """Put the plug in again."""
        ip("-n", self.name, "link", "set", "wire", "up")

    def environment(self, stage: Stage, mail: MailSink) -> dict[str, str]:
        """Return what its processes are told: everything is at the other end of the wire."""
        found = {
            name: _at(stage.environment[name], self.center)
            for name in ("DATABASE_URL", "REDIS_URL")
        }
        return {**found, "EMAIL_URL": f"smtp://{self.center}:{mail.port}?tls=no"}


def ip(*words: str) -> None:
    """Run `ip` (iproute2)."""
    subprocess.run(["ip", *words], check=True)


def _at(url: str, host: str) -> str:
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{login}@{host}:{parts.port}"))


@contextmanager
def listening_to(stage: Stage, hosts: list[Host]) -> Iterator[None]:
    """Let PostgreSQL and Redis listen at the ends of the wires too."""
    addresses = ["127.0.0.1", *(host.center for host in hosts)]
    rules = Path(stage.postgres.home / "data" / "pg_hba.conf")
    as_it_was = rules.read_text()
    stage.postgres.stop()
    rules.write_text(f"{as_it_was}\nhost all all {NETWORK}.0.0/16 scram-sha-256\n")
    stage.postgres.more = {"listen_addresses": ",".join(addresses)}
    stage.postgres.start()
    with redis.from_url(stage.environment["REDIS_URL"]) as server:
        server.config_set("bind", " ".join(addresses))
        try:
            yield
        finally:
            server.config_set("bind", "127.0.0.1")
    stage.stop()
    stage.postgres.stop()
    rules.write_text(as_it_was)
    stage.postgres.more = {}
    stage.postgres.start()


@pytest.fixture
def hosts(stage: Stage) -> Iterator[list[Host]]:
    """Two of them."""
    found = [Host(1), Host(2)]
    try:
        for host in found:
            host.connect()
        with listening_to(stage, found):
            yield found
    finally:
        for host in found:
            with suppress(subprocess.CalledProcessError):
                ip("netns", "del", host.name)


def webs_on(stage: Stage, hosts: list[Host], mail: MailSink) -> AbstractContextManager[list[Web]]:
    """A web process on each of them."""
    return answering(
        [
            Web(
                {**stage.environment, **host.environment(stage, mail)},
                host=host.address,
                on=host.on,
            )
            for host in hosts
        ]
    )


@pytest.fixture
def mail(stage: Stage) -> Iterator[MailSink]:
    """A mail server that the hosts reach. What arrived has, whatever becomes of the test."""
    sink = MailSink("")
    yield sink
    sink.shutdown()
    sink.server_close()
    # Other tests ask after every mail.
    stage.mail.accepted += sink.accepted


def shows(web: Web, words: bytes) -> bool:
    """Tell whether the page has these words. A wire that was just put in may not carry yet."""
    with suppress(OSError):
        return words in web.get(PAGE)[2]
    return False


def test_a_host_that_vanishes_holds_up_nobody(
    stage: Stage, hosts: list[Host], mail: MailSink
) -> None:
    first, second = hosts
    with webs_on(stage, hosts, mail) as webs:
        for host in hosts:
            told = host.environment(stage, mail)
            stage.start(f"worker-{host.number}", f"beat-{host.number}", on=host.on, **told)
            stage.wait_for(lambda: stage.sql(BEATS) == [(first.address,)], RECOVERY_SECONDS)
        all_goes_on(stage)
        stage.start_as(
            "writer-1", ["manage.py", "shell", "--no-imports", "-c", IN_THE_MIDDLE],
            on=first.on, **first.environment(stage, mail),
        )  # fmt: skip
        stage.wait_for(lambda: stage.sql(HOLDS, first.address), RECOVERY_SECONDS)
        first.cut()
        # Waits for the ledger until PostgreSQL gives the vanished writer up.
        retitled(stage, "Published beside a lost host")
        stage.wait_for(lambda: b"beside a lost host" in webs[1].get(PAGE)[2], 10)
        stage.wait_for(lambda: stage.sql(BEATS) == [(second.address,)], RECOVERY_SECONDS)
        all_goes_on(stage)
        first.mend()
        stage.wait_for(lambda: shows(webs[0], b"beside a lost host"), RECOVERY_SECONDS)
        stage.kill("worker-2")
        stage.kill("beat-2")
        stage.wait_for(lambda: stage.sql(BEATS) == [(first.address,)], RECOVERY_SECONDS)
        all_goes_on(stage)
    assert sorted(set(mail.keys())) == sorted(mail.keys())
