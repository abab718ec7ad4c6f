"""The disk of PostgreSQL is full: of its tables, or of its log.

Readers read on. What is written is whole or refused, and said so; afterwards all is caught up.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest

from tests.desk import sent
from tests.faults import items
from tests.faults.small_disk import filled, needs_mounts, small_disk
from tests.faults.stage import Stage
from tests.faults.test_kills import RECOVERY_SECONDS, all_letters_arrive
from tests.faults.test_topology import LIST, PAGE, readiness, retitled
from tests.serving.test_processes import Web, running
from tracker.services.binaries import UNPRIVILEGED

pytestmark = needs_mounts
# Publishes corrections of the first pledge, each too long for what is left of a page, until one is
# refused; and again, which is refused too.
UNTIL_REFUSED = """
from random import Random
from django.db import OperationalError
from django.utils import timezone
from promises.accounts.models import User
from promises.common.full import is_full
from promises.pledges.models import Pledge
from promises.updates.correcting import correct_pledge
refused = 0
while refused < 2:
    pledge = Pledge.objects.get(slug="the-first")
    pledge.statement = Random(timezone.now().timestamp()).randbytes(3000).hex()
    try:
        correct_pledge(pledge=pledge, kind="typo", note="A typo.", now=timezone.now(),
            by=User.objects.get(username="author"))
    except OperationalError as error:
        assert "No space left on device" in str(error)
        assert is_full(error)
        refused += 1
"""
LOG_IN = """
from django.test import Client
from promises.accounts.models import User
User.objects.filter(username="author").update(is_staff=True, is_superuser=True)
Client().force_login(User.objects.get(username="author"))
"""
RECORD = (
    "SELECT (SELECT count(*) FROM ledger_entry), (SELECT edition FROM ledger_head),"
    " (SELECT count(*) FROM updates_correction), title, statement"
    " FROM pledges_pledge WHERE slug = 'the-first'"
)
TOLD_EDITOR = "The disk of the database is full: nothing was saved."
TOLD_STRANGER = "We cannot keep this just now: our disk is full."
LONG = Random(1).randbytes(3000).hex()


class Form:
    """A page with a form that somebody has open and has typed into."""

    def __init__(self, web: Web, address: str, typed: dict[str, str], **cookies: str) -> None:
        self.web, self.address, self.cookies = web, address, dict(cookies)
        self.fields = {**sent.fields_of(self._asked("GET")[1]), **typed}

    def send(self) -> tuple[int, str]:
        """Send it; return status and body. Where it comes back, it is open as it came."""
        status, body = self._asked("POST", urlencode(self.fields, doseq=True))
        self.fields = sent.fields_of(body)
        return status, body

    def _asked(self, method: str, body: str | None = None) -> tuple[int, str]:
        talk = HTTPConnection(self.web.host, self.web.port, timeout=60)
        told = {
            "Host": "127.0.0.1",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        talk.request(method, self.address, body, told)
        answer = talk.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: found.value for name, found in SimpleCookie(line).items()}
        text = answer.read().decode()
        talk.close()
        return answer.status, text


def on_the_server(stage: Stage, *statements: str) -> None:
    """Run statements beside the database, while nobody is connected to it."""
    beside = urlsplit(stage.environment["DATABASE_URL"])._replace(path="/postgres").geturl()
    with psycopg.connect(beside, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'tracker'"
        )
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


@pytest.fixture
def disk(stage: Stage, tmp_path: Path) -> Iterator[Path]:
    """A small disk with the tables of the database on it."""
    folder = stage.log.parent / "small"
    # Tests before this one leave ten thousand pledges and more.
    ((taken,),) = stage.sql("SELECT pg_database_size(current_database()) >> 20")
    with small_disk(folder, megabytes=taken + 64):
        shutil.chown(folder, UNPRIVILEGED)
        on_the_server(
            stage,
            f"CREATE TABLESPACE small LOCATION '{folder}'",
            "ALTER DATABASE tracker SET TABLESPACE small",
        )
        try:
            yield folder
        finally:
            stage.stop()
            on_the_server(
                stage,
                "ALTER DATABASE tracker SET TABLESPACE pg_default",
                "DROP TABLESPACE small",
            )


@pytest.fixture
def web(stage: Stage, disk: Path) -> Iterator[Web]:
    """A web process that makes every answer anew, so that each asks the database."""
    with running({**stage.environment, "ANSWERS_MEGABYTES": "0"}) as found:
        yield found[0]


CHANGED = {
    "title": "Typed on a full disk",
    "statement": LONG,
    "correction_kind": "typo",
    "correction_note": "A typo.",
}
SUGGESTED = {"explanation": LONG[:4000], "source_url": "https://news.example.org/full"}


def opened(stage: Stage, web: Web) -> tuple[Form, Form]:
    """Log an editor in; return the page of the first pledge at the desk, and a stranger's form."""
    stage.python(LOG_IN)
    return opened_by_who_is_in(stage, web)


def opened_by_who_is_in(stage: Stage, web: Web) -> tuple[Form, Form]:
    """Return the same two, of the editor who logged in last."""
    ((session,),) = stage.sql(
        "SELECT session_key FROM django_session ORDER BY expire_date DESC LIMIT 1"
    )
    ((number,),) = stage.sql("SELECT id FROM pledges_pledge WHERE slug = 'the-first'")
    return (
        Form(web, f"/admin/pledges/pledge/{number}/change/", CHANGED, session=session),
        Form(web, "/suggest/?pledge=the-first", SUGGESTED),
    )


def told_and_still_typed(desk: Form, stranger: Form, to_editor: str, to_stranger: str) -> None:
    """Send both: each is refused and told why, and finds the words still in the form."""
    status, body = desk.send()
    assert (status, to_editor in body) == (200, True)
    assert desk.fields.items() >= CHANGED.items()
    # People do not type faster.
    time.sleep(4)
    status, body = stranger.send()
    assert (status, to_stranger in body) == (503, True)
    assert stranger.fields.items() >= SUGGESTED.items()


def test_tables_without_room(stage: Stage, web: Web, disk: Path) -> None:
    retitled(stage, "Before the disk was full")
    desk, stranger = opened(stage, web)
    items.add(stage, pledges=200, letters=10)
    with filled(disk):
        stage.python(UNTIL_REFUSED)
        stands = stage.sql(RECORD)
        # Whoever reads, reads what stands.
        assert {web.get(page)[0] for page in (PAGE, LIST, "/", "/updates.atom")} == {200}
        assert b"Before the disk was full" in web.get(PAGE)[2]
        assert web.get("/readyz")[0] == 503
        found = readiness(web)
        assert (found["database"], found["disk"], found["redis"]) == (True, False, True)
        told_and_still_typed(desk, stranger, TOLD_EDITOR, TOLD_STRANGER)
        # The sweep has too much to write.
        stage.start("worker-1", "beat-1")
        stage.wait_for(lambda: "No space left on device" in stage.log.read_text(), 60)
        assert stage.sql(RECORD) == stands
        assert stage.sql("SELECT 1 FROM suggestions_suggestion") == []
    # Nobody does anything but make room.
    items.wait_for_order(stage, RECOVERY_SECONDS)
    all_letters_arrive(stage)
    stage.wait_for(lambda: all(readiness(web).values()), RECOVERY_SECONDS)
    # The forms are sent again as they came back.
    assert (desk.send()[0], stranger.send()[0]) == (302, 302)
    assert b"Typed on a full disk" in web.get(PAGE)[2]
    assert stage.sql("SELECT explanation FROM suggestions_suggestion") == [(LONG[:4000],)]
    stage.manage("verify_ledger")


@contextmanager
def log_on(stage: Stage, disk: Path) -> Iterator[None]:
    """Let PostgreSQL keep its write-ahead log on that disk until the end of the block."""
    shutil.chown(disk, UNPRIVILEGED)
    log = stage.postgres.home / "data" / "pg_wal"
    aside = log.with_name("pg_wal.aside")
    stage.postgres.stop()
    subprocess.run(["cp", "--archive", f"{log}/.", str(disk)], check=True)
    log.rename(aside)
    log.symlink_to(disk)
    stage.postgres.start()
    try:
        yield
    finally:
        stage.stop()
        stage.postgres.stop()
        log.unlink()
        subprocess.run(["cp", "--archive", str(disk), str(log)], check=True)
        shutil.rmtree(aside)
        stage.postgres.start()


def log_megabytes(stage: Stage) -> int:
    """How much of the log is kept to be written over: after a long storm, hundreds."""
    files = (stage.postgres.home / "data" / "pg_wal").rglob("*")
    return sum(path.stat().st_size for path in files if path.is_file()) // 10**6


def test_a_log_without_room_stops_the_server_and_loses_nothing(stage: Stage) -> None:
    with (
        small_disk(stage.log.parent / "wal", megabytes=128 + log_megabytes(stage)) as disk,
        log_on(stage, disk),
        running(stage.environment) as (web,),
    ):
        retitled(stage, "Before the log was full")
        items.add(stage, pledges=20, letters=10)
        web.wait_for_a_hit(PAGE)
        stands = stage.sql(RECORD)
        with filled(disk):
            with suppress(psycopg.OperationalError):
                while True:
                    stage.sql("SELECT pg_logical_emit_message(true, '', repeat('x', 1000000))")
            assert stage.postgres.child is not None
            # It cannot even recover without room.
            assert stage.postgres.child.wait(timeout=30) == 1
            status, _headers, body = web.get(PAGE)
            assert (status, b"Before the log was full" in body) == (200, True)
            assert readiness(web) | {"redis": True} == {
                "database": False, "disk": None, "writes": None, "redis": True, "last_sweep": None,
            }  # fmt: skip
            stage.start("worker-1", "beat-1")
        # Whoever watches the server starts it again, when there is room.
        stage.postgres.start()
        assert stage.sql(RECORD) == stands
        stage.revive()
        items.wait_for_order(stage, RECOVERY_SECONDS)
        all_letters_arrive(stage)
        stage.wait_for(lambda: all(readiness(web).values()), RECOVERY_SECONDS)
        retitled(stage, "After the log was full")
        stage.wait_for(lambda: b"After the log was full" in web.get(PAGE)[2], 10)
        stage.manage("verify_ledger")
