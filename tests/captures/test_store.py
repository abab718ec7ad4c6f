"""The store: the same bytes once, whole or not at all, and no changed byte unnoticed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from promises.accounts.models import User
from promises.captures.actions import note_files
from promises.captures.models import StoredFile
from promises.captures.scrubbing import Scrubbed, scrub
from promises.captures.store import FolderStore, NotStored, is_whole, the_store
from promises.common.clock import database_clock
from tests import record

ROOT = Path(__file__).resolve().parents[2]
CONTENT = bytes(range(256)) * 20
NAME = sha256(CONTENT).hexdigest()


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def place(folder: Path, name: str = NAME) -> Path:
    return folder / name[:2] / name[2:4] / name


def test_the_same_bytes_are_kept_once(store: Path) -> None:
    for _ in range(2):
        kept = the_store().keep(BytesIO(CONTENT))
        assert (kept.sha256, kept.size) == (NAME, len(CONTENT))
    assert files(store) == [f"{NAME[:2]}/{NAME[2:4]}/{NAME}"]
    with the_store().open(NAME) as file:
        assert file.read() == CONTENT


@pytest.mark.parametrize("name", ["0" * 64, "../../../etc/passwd", "", "G" * 64])
def test_what_is_not_there_is_not_opened(store: Path, name: str) -> None:
    with pytest.raises(NotStored):
        the_store().open(name)


# Writes CONTENT slowly into a store, and says when half of it is written.
WRITER = """
import sys, time
from pathlib import Path
from promises.captures.store import FolderStore
class Slow:
    given = 0
    def read(self, size):
        self.given += 1
        if self.given == 6:
            print("half", flush=True)
            time.sleep(float(sys.argv[2]))
        return bytes(range(256)) * 2 if self.given <= 10 else b""
FolderStore(Path(sys.argv[1])).keep(Slow())
"""


def writer(folder: Path, pause: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), str(pause)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": ""}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_a_killed_writer_leaves_nothing_under_a_name(store: Path) -> None:
    killed = writer(store, 600)
    assert killed.stdout is not None
    with killed.stdout as said:
        assert said.readline() == "half\n"
        killed.send_signal(signal.SIGKILL)
        assert killed.wait() == -signal.SIGKILL
    assert [name.split("/")[0] for name in files(store)] == ["incoming"]
    assert the_store().keep(BytesIO(CONTENT)).sha256 == NAME
    assert is_whole(NAME)
    assert isinstance(the_store(), FolderStore)
    assert {name.split("/")[0] for name in files(store)} == {"incoming", NAME[:2]}


@pytest.mark.django_db
def test_the_scrub_removes_what_was_left_half_written_a_day_ago(author: User, store: Path) -> None:
    assert scrub(by=author, clock=database_clock) == Scrubbed()
    the_store().keep(BytesIO(CONTENT))
    for name, hours in (("dead", 25), ("alive", 23)):
        part = store / "incoming" / name
        part.write_bytes(CONTENT[:100])
        moment = (database_clock() - timedelta(hours=hours)).timestamp()
        os.utime(part, (moment, moment))
    # However old a file in its place is, it stays.
    os.utime(place(store), (0, 0))
    assert scrub(by=author, clock=database_clock) == Scrubbed(parts=1)
    assert files(store) == [f"{NAME[:2]}/{NAME[2:4]}/{NAME}", "incoming/alive"]


def test_two_writers_of_the_same_bytes_leave_one_whole_file(store: Path) -> None:
    both = [writer(store, 0.2) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    for process in both:
        assert process.stdout is not None
        process.stdout.close()
    name = sha256(bytes(range(256)) * 20).hexdigest()
    assert files(store) == [f"{name[:2]}/{name[2:4]}/{name}"]
    assert is_whole(name)


@given(place_of=st.integers(0, len(CONTENT) - 1), bit=st.integers(0, 7))
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_one_changed_bit_is_always_found(store: Path, place_of: int, bit: int) -> None:
    the_store().keep(BytesIO(CONTENT))
    assert is_whole(NAME)
    changed = bytearray(CONTENT)
    changed[place_of] ^= 1 << bit
    place(store).write_bytes(changed)
    assert not is_whole(NAME)


@pytest.mark.django_db
def test_the_scrub_marks_what_is_damaged_and_what_is_mended(author: User, store: Path) -> None:
    kept = [the_store().keep(BytesIO(text)) for text in (b"one", b"two", b"three")]
    note_files(files=kept, by=author, now=record.NOW)
    assert scrub(by=author, clock=database_clock) == Scrubbed(read=3, damaged=0)
    place(store, kept[0].sha256).write_bytes(b"onE")
    place(store, kept[1].sha256).unlink()
    assert scrub(by=author, clock=database_clock) == Scrubbed(read=3, damaged=2)
    found = dict(StoredFile.objects.values_list("sha256", "damage"))
    assert found == {kept[0].sha256: "changed", kept[1].sha256: "missing", kept[2].sha256: ""}
    since = set(StoredFile.objects.damaged().values_list("damaged_at", flat=True))
    scrub(by=author, clock=database_clock)
    assert set(StoredFile.objects.damaged().values_list("damaged_at", flat=True)) == since
    for text in (b"one", b"two"):
        the_store().keep(BytesIO(text))
    assert scrub(by=author, clock=database_clock) == Scrubbed(read=3, damaged=0)
    assert StoredFile.objects.damaged().count() == 0


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket in an object store that speaks S3."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    settings.CAPTURE_STORE = f"s3://copies/kept?endpoint={endpoint}"
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="copies")
    yield client
    client.close()
    server.stop()


def test_an_object_store_keeps_the_same(bucket: Any) -> None:
    for _ in range(2):
        kept = the_store().keep(BytesIO(CONTENT))
        assert (kept.sha256, kept.size) == (NAME, len(CONTENT))
    there = {"Bucket": "copies", "Key": f"kept/{NAME[:2]}/{NAME}"}
    listed = bucket.list_objects_v2(Bucket="copies")["Contents"]
    assert [(each["Key"], each["Size"]) for each in listed] == [(there["Key"], len(CONTENT))]
    with the_store().open(NAME) as file:
        assert file.read() == CONTENT
    assert is_whole(NAME)
    bucket.put_object(**there, Body=CONTENT.replace(b"\x07", b"\x08", 1))
    assert not is_whole(NAME)
    with pytest.raises(NotStored):
        the_store().open("0" * 64)
