"""Fetched pages become copies; what fails waits calmly; kills leave no mess."""

import gzip
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import OperationalError, connection
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from promises.accounts.models import User
from promises.captures.actions import ask_for_capture
from promises.captures.capturing import Captured, NotAccepted, give_way, read_upload
from promises.captures.models import Capture, StoredFile
from promises.captures.store import is_whole, the_store
from promises.common import locks
from promises.common.clock import database_clock
from promises.evidence.models import Evidence
from tests import record
from tests.beside import end_sessions
from tests.captures.conftest import HTML, piece_at, run
from tests.fetching.servers import HERE, says
from tests.sources.test_reading import pdf

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="only Linux has such a class")
@pytest.mark.parametrize("gives_way", [True, False])
def test_readers_come_before_copies(gives_way: bool, settings: Any) -> None:
    settings.CAPTURES_GIVE_WAY = gives_way
    before = os.sched_getscheduler(0)
    with ThreadPoolExecutor(1, initializer=give_way) as threads:
        found = threads.submit(os.sched_getscheduler, 0).result()
    assert found == (os.SCHED_IDLE if gives_way else before)
    # Whoever waits for the copies goes on as before.
    assert os.sched_getscheduler(0) == before


def asked(evidence: Evidence, by: User) -> Capture:
    return ask_for_capture(evidence=evidence, by=by, now=database_clock())


def warc_of(capture: Capture, tmp_path: Path) -> list[tuple[str, str, bytes]]:
    """Check a WARC as `warcio check` does; return type, address and payload of its records."""
    assert capture.warc_id is not None
    path = tmp_path / "copy.warc.gz"
    with the_store().open(capture.warc_id) as file:
        path.write_bytes(file.read())
    command = type("Command", (), {"inputs": [str(path)], "verbose": False})
    assert Checker(command).process_all() == 0
    with path.open("rb") as file:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.content_stream().read(),
            )
            for record in ArchiveIterator(file)
        ]


def test_a_page_is_captured_with_all_that_proves_it(
    author: User, serve: Callable, tmp_path: Path
) -> None:
    packed = gzip.compress(HTML)
    pieces = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    head = (
        "Content-Type: text/plain\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
        "X-Odd: \xff\r\n"
    )
    server = serve(says(pieces, head=head))
    piece = piece_at(server.url("/memo"), author)
    asked(piece, author)
    before = database_clock()
    assert run(author) == Captured(kept=1, put_off=0)
    capture = Capture.objects.get()
    assert (capture.state, capture.verdict, capture.is_suspect) == ("captured", "ok", False)
    assert (capture.http_status, capture.final_url) == (200, server.url("/memo"))
    assert ["Content-Encoding", "gzip"] in capture.headers
    assert capture.requested_at is not None
    assert capture.captured_at is not None
    assert before <= capture.requested_at <= capture.captured_at
    with the_store().open(capture.body_id or "") as file:
        assert file.read() == HTML
    assert capture.text is not None
    assert "The office will no longer ask for cash bail in case 0." in capture.text.text
    info, answer, request = warc_of(capture, tmp_path)
    assert info[0] == "warcinfo"
    assert answer == ("response", server.url("/memo"), HTML)
    assert request[:2] == ("request", server.url("/memo"))
    assert all(is_whole(name) for name in StoredFile.objects.values_list("sha256", flat=True))


def test_each_hop_of_a_redirect_is_in_the_warc(
    author: User, serve: Callable, tmp_path: Path
) -> None:
    def answer(connection: Any, path: str) -> None:
        if path == "/old":
            says(b"Moved.", status="301 Moved", head="Location: /new\r\nContent-Length: 6\r\n")(
                connection, path
            )
        else:
            says(HTML, head="Content-Type: text/html\r\n")(connection, path)

    server = serve(answer)
    asked(piece_at(server.url("/old"), author), author)
    assert run(author).kept == 1
    capture = Capture.objects.get()
    assert (capture.asked_url, capture.final_url) == (server.url("/old"), server.url("/new"))
    kinds = [(kind, address) for kind, address, _payload in warc_of(capture, tmp_path)]
    assert kinds == [
        ("warcinfo", None),
        ("response", server.url("/old")),
        ("request", server.url("/old")),
        ("response", server.url("/new")),
        ("request", server.url("/new")),
    ]


def test_what_cannot_be_reached_waits_and_says_so_once(
    author: User, serve: Callable, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken = serve(says(b"Oops", status="503 Unavailable"))
    with socket.create_server((HERE, 0)) as nobody:
        port = nobody.getsockname()[1]
    settings.FETCH_PORTS = [*settings.FETCH_PORTS, port]
    for url in (f"http://{HERE}:{port}/", broken.url("/")):
        asked(piece_at(url, author), author)
    with caplog.at_level(logging.INFO, logger="promises"):
        total = run(author)
        total.put_off += run(author).put_off
    assert total == Captured(kept=0, put_off=2)
    found = Capture.objects.order_by("pk").values_list("state", "error_code", "attempts")
    assert list(found) == [("waiting", "connect", 1), ("waiting", "server_error", 1)]
    soonest = min(Capture.objects.values_list("next_try_at", flat=True))
    assert soonest > database_clock() + timedelta(minutes=59)
    assert [entry.message for entry in caplog.records if "Copies" in entry.message] == [
        "Copies of evidence: 0 kept, 2 put off."
    ]
    assert StoredFile.objects.count() == 0


def test_a_copy_that_cannot_be_noted_stops_none_of_the_others(
    author: User, serve: Callable
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE captures_capture ADD CHECK (http_status <> 404)")
    for status in ("404 Not Found", "200 OK"):
        server = serve(says(HTML, status=status, head="Content-Type: text/html\r\n"))
        asked(piece_at(server.url(), author), author)
    assert run(author) == Captured(kept=1, put_off=1)
    found = Capture.objects.order_by("pk").values_list("state", "error_code", "attempts")
    assert list(found) == [("waiting", "error", 1), ("captured", "", 1)]


def test_an_address_that_cannot_be_read_stops_none_of_the_others(
    author: User, serve: Callable
) -> None:
    broken = piece_at("https://news.example.org/", author)
    asked(broken, author)
    # Past the actions, or taken before a newer Python read addresses more strictly.
    Evidence.objects.filter(pk=broken.pk).update(url="https://[news.example.org/")
    server = serve(says(HTML, head="Content-Type: text/html\r\n"))
    asked(piece_at(server.url(), author), author)
    assert run(author) == Captured(kept=1, put_off=1)
    found = Capture.objects.order_by("pk").values_list("state", "error_code")
    assert list(found) == [("waiting", "bad_address"), ("captured", "")]


def test_a_test_for_robots_is_kept_as_suspect(author: User, serve: Callable) -> None:
    wall = b"<!doctype html><title>Just a moment...</title><p>Verify you are human."
    server = serve(says(wall, status="403 Forbidden", head="cf-mitigated: challenge\r\n"))
    asked(piece_at(server.url(), author), author)
    assert run(author).kept == 1
    capture = Capture.objects.get()
    assert (capture.verdict, capture.is_suspect, capture.is_good) == ("bot_wall", True, False)


def test_a_second_run_leaves_the_work_to_the_first(author: User, serve: Callable) -> None:
    server = serve(says(HTML, head="Content-Type: text/html\r\n"))
    asked(piece_at(server.url(), author), author)
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [locks.CAPTURING])
        assert run(author) == Captured()
        # Closing alone would leave it to the server when the lock goes.
        other.execute("SELECT pg_advisory_unlock(%s)", [locks.CAPTURING])
    assert run(author).kept == 1


@pytest.mark.parametrize(
    ("content", "said", "media_type"),
    [
        (pdf("Words."), "text/plain", "application/pdf"),
        (HTML, "application/pdf", "text/html"),
        (b"a,b\n1,2\n", "text/csv", "text/csv"),
        (b"Only words.", "", "text/plain"),
    ],
)
def test_an_upload_is_what_its_bytes_are(content: bytes, said: str, media_type: str) -> None:
    copy = read_upload(BytesIO(content), said=said, now=record.NOW)
    assert copy.media_type == media_type
    assert is_whole(copy.body.sha256)


@pytest.mark.parametrize("content", [b"", b"\x7fELF\x00\x01", b"<svg onload=x>", b"0" * 25_000_001])
def test_other_uploads_are_refused(store: Path, content: bytes) -> None:
    with pytest.raises(NotAccepted):
        read_upload(BytesIO(content), said="text/html", now=record.NOW)
    assert not store.exists()


POINTS = ("capture-leased", "capture-stored", "capture-brought", "capture-noted")


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    author: User, serve: Callable, store: Path
) -> None:
    server = serve(says(HTML, head="Content-Type: text/html\r\n"))
    piece = piece_at(server.url(), author)
    asked(piece, author)
    for point in POINTS:
        Capture.objects.waiting().update(leased_until=None)
        killed = command(store, server.port, TRACKER_FAILPOINTS=f"{point}:1")
        assert killed.returncode == -signal.SIGKILL, (point, killed.stderr)
    capture = Capture.objects.get()
    assert (capture.state, capture.attempts, capture.is_good) == ("captured", 4, True)
    assert {capture.body_id, capture.warc_id} == set(
        StoredFile.objects.values_list("sha256", flat=True)
    )
    assert all(is_whole(name) for name in StoredFile.objects.values_list("sha256", flat=True))
    assert command(store, server.port).stdout.startswith("0 asked for, 0 kept, 0 put off, 0 wait")


@pytest.mark.django_db(transaction=True)
def test_a_page_is_not_put_off_for_a_database_that_was_away(
    author: User, serve: Callable, store: Path
) -> None:
    restarts = [end_sessions]

    def answer(visitor: socket.socket, path: str) -> None:
        if restarts:
            restarts.pop()()
        says(HTML, head="Content-Type: text/html\r\n")(visitor, path)

    asked(piece_at(serve(answer).url(), author), author)
    with pytest.raises(OperationalError):
        run(author)
    # As a worker does between two tasks.
    connection.close()
    capture = Capture.objects.get()
    assert (capture.state, capture.attempts, capture.error_code) == ("waiting", 1, "")
    assert capture.leased_until is not None
    Capture.objects.update(leased_until=None)
    assert run(author) == Captured(kept=1)


def command(store: Path, port: int, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py capture_evidence` on the database of the tests."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = str(connection.settings_dict["NAME"])
    environment = {
        **os.environ,
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")),
        "CAPTURE_STORE": str(store),
        "FETCH_ALLOWED_NETWORKS": f"{HERE}/32",
        "FETCH_PORTS": f"80,443,{port}",
        "CHROMIUM": "none",
        **more,
    }
    return subprocess.run(
        [sys.executable, "manage.py", "capture_evidence"],
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
