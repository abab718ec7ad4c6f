"""There is no place for what is temporary: its disk is full or out of names, read only, or gone.

Whoever sends a lot is told, and the log names the folder; readers and small forms notice nothing.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.faults.small_disk import filled, needs_mounts, small_disk
from tests.faults.stage import Stage
from tests.faults.test_full_database import LOG_IN
from tests.faults.test_topology import PAGE
from tests.serving.test_processes import Web, running

pytestmark = needs_mounts
EDGE, TOKEN = "edge", "a" * 32
HEAD = f"--{EDGE}\r\nContent-Disposition: form-data; name=file; filename=a.csv\r\n\r\n".encode()
FORM = f"multipart/form-data; boundary={EDGE}"
IMPORT, SUGGEST, API = (
    "/admin/imports/import/add/",
    "/suggest/?pledge=the-first",
    ("/api/v1/suggestions/"),
)
# Held in memory; aside; and as a file of a form twice aside, the second time by Django.
SMALL, LARGE, LARGEST = 500_000, 1_500_000, 2_900_000
UNREAD = ("Too much is being sent at the moment", "this body was not read")


@pytest.fixture
def disk(stage: Stage) -> Iterator[Path]:
    """A disk of sixteen megabytes with few names."""
    with small_disk(stage.log.parent / "temporary", megabytes=16, names=8) as folder:
        yield folder


@contextmanager
def without_names(disk: Path, *, but: int = 0) -> Iterator[None]:
    """Leave so many names on the disk, and no more."""
    taken = [disk / f"name-{number}" for number in range(7 - but)]
    for path in taken:
        path.touch()
    try:
        yield
    finally:
        for path in taken:
            path.unlink()


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """Let nobody write on the disk, as the system does with one that is broken."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


@contextmanager
def gone(disk: Path) -> Iterator[None]:
    """Have no folder where the disk was."""
    aside = disk.with_name("aside")
    aside.mkdir()
    subprocess.run(["mount", "--move", str(disk), str(aside)], check=True)
    disk.rmdir()
    try:
        yield
    finally:
        disk.mkdir()
        subprocess.run(["mount", "--move", str(aside), str(disk)], check=True)
        aside.rmdir()


def post(web: Web, address: str, size: int, session: str) -> tuple[int, str]:
    """Send a file of that size, or to the API as long a text; return status and answer."""
    is_form = not address.startswith("/api/")
    talk = HTTPConnection(web.host, web.port, timeout=60)
    talk.request(
        "POST",
        address,
        HEAD + b"x" * size + f"\r\n--{EDGE}--\r\n".encode() if is_form else b"x" * size,
        {
            "Host": "127.0.0.1",
            "Content-Type": FORM if is_form else "application/json",
            "X-CSRFToken": TOKEN,
            "Cookie": f"csrf={TOKEN}; session={session}",
        },
    )
    answer = talk.getresponse()
    text = answer.read().decode()
    talk.close()
    return answer.status, text


@pytest.mark.parametrize(
    ("trouble", "refuses", "why"),
    [
        (without_names, LARGE, "No space left on device"),
        (lambda disk: without_names(disk, but=1), LARGEST, "No space left on device"),
        (lambda disk: filled(disk, leaving=4_000_000), LARGEST, "No space left on device"),
        (read_only, LARGE, "Read-only file system"),
        (gone, LARGE, "No such file or directory"),
    ],
)
def test_whoever_sends_a_lot_is_told(
    stage: Stage,
    disk: Path,
    capfd: pytest.CaptureFixture[str],
    trouble: Callable[[Path], AbstractContextManager[None]],
    refuses: int,
    why: str,
) -> None:
    stage.python(LOG_IN)
    session = stage.sql("SELECT session_key FROM django_session ORDER BY expire_date DESC LIMIT 1")[
        0
    ][0]
    fine = {SUGGEST: 422, IMPORT: 200, API: 401}
    with running({**stage.environment, "TMPDIR": str(disk)}) as (web,):
        for address, status in fine.items():
            assert post(web, address, LARGEST, session)[0] == status
        with trouble(disk):
            for address, status in fine.items():
                assert post(web, address, SMALL, session)[0] == status
                # A text of the API is there once.
                is_refused = refuses == LARGE or address != API
                capfd.readouterr()
                got, text = post(web, address, LARGEST, session)
                assert got == (503 if is_refused else status)
                assert any(words in text for words in UNREAD) is is_refused
                said = f"There is no room for what is sent to us in {disk}: {why}."
                assert (said in capfd.readouterr().err) is is_refused
            assert post(web, IMPORT, LARGE, session)[0] == (503 if refuses == LARGE else 200)
            assert web.get(PAGE)[0] == 200
        # By itself, once there is a place.
        for address, status in fine.items():
            assert post(web, address, LARGEST, session)[0] == status
    assert [path for path in disk.iterdir() if path.is_file()] == []
    assert stage.sql("SELECT 1 FROM imports_import") == []
