"""The disk of a folder is full: copies of evidence, packages, backups, figures of a process.

What was whole stays and is served, nothing half is ever seen, and the next run is fine.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import ManagementUtility
from django.test import Client
from django.utils import timezone

from promises.accounts.models import User
from promises.backups.shelf import Shelf, hash_of
from promises.captures.actions import ask_for_capture
from promises.captures.models import Capture, StoredFile
from promises.captures.rules import NO_ROOM, PAUSES, pause_after
from promises.captures.store import the_store
from promises.common.clock import database_clock
from promises.common.tally import Tally, totals
from promises.evidence.models import Evidence
from promises.ledger.chain import current_edition
from promises.packages.dumping import NoRoomForPackage
from promises.packages.keeping import keep_package, kept_packages
from promises.serving.bodies import REFUSED, Bodies
from tests import record
from tests.captures.conftest import HTML, run
from tests.desk import sent
from tests.faults.small_disk import BALLAST, filled, needs_mounts, small_disk
from tests.fetching.servers import HERE, Hostile, says
from tests.sources.test_reading import pdf

pytestmark = [needs_mounts, pytest.mark.django_db]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes."""
    with small_disk(tmp_path / "disk", megabytes=8) as folder:
        yield folder


@pytest.fixture
def person() -> User:
    return record.user(is_staff=True, is_superuser=True)


@pytest.fixture
def desk(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def files_on(disk: Path) -> list[Path]:
    """Return the files that are there beside the ballast."""
    return sorted(path for path in disk.rglob("*") if path.is_file() and path.name != BALLAST)


@pytest.fixture
def piece(person: User, settings: Any, disk: Path) -> Iterator[Evidence]:
    """Public evidence on a page of half a megabyte; copies go to the small disk."""
    page = HTML.replace(b"</article>", b"<!-- %s --></article>" % (b"x" * 500_000))
    server = Hostile(says(page, head="Content-Type: text/html\r\n"))
    settings.FETCH_ALLOWED_NETWORKS = [f"{HERE}/32"]
    settings.FETCH_PORTS = [*settings.FETCH_PORTS, server.port]
    settings.CAPTURE_STORE = str(disk / "store")
    yield record.evidence(by=person, about=record.pledge(by=person), url=server.url("/memo"))
    server.close()


@pytest.mark.parametrize("leaving", [0, 200_000])
def test_a_copy_without_room_waits_and_is_made_when_there_is_some(
    piece: Evidence, person: User, desk: Client, disk: Path, leaving: int
) -> None:
    there = f"/admin/evidence/evidence/{piece.pk}/change/"
    ask_for_capture(evidence=piece, by=person, now=database_clock())
    # As if other things had failed before: the pause is an hour all the same.
    Capture.objects.update(attempts=5)
    with filled(disk, leaving=leaving):
        done = run(person)
        assert (done.kept, done.put_off) == (0, 1)
        capture = Capture.objects.get()
        assert (capture.state, capture.is_good, capture.error_code) == ("waiting", False, NO_ROOM)
        assert capture.next_try_at is not None
        assert capture.next_try_at - database_clock() <= PAUSES[0] * 1.2
        assert StoredFile.objects.count() == 0
        assert list((disk / "store").glob("incoming/*")) == []
        words = "not captured: The disk that copies are kept on is full. Next try"
        assert words in desk.get(there).text
    Capture.objects.update(next_try_at=database_clock())
    assert run(person).kept == 1
    capture = Capture.objects.get()
    assert (capture.is_good, capture.error_code, capture.last_error) == (True, "", "")
    assert "captured on" in desk.get(there).text
    # What is in the store is whole; a WARC may be left of a try whose page found no room.
    names = {path.name for path in files_on(disk)}
    assert names >= set(StoredFile.objects.values_list("sha256", flat=True))
    assert all(hash_of(path) == path.name for path in files_on(disk))


def test_a_full_disk_does_not_lengthen_the_pause() -> None:
    assert pause_after(5, 0.0, NO_ROOM) == timedelta(hours=1)
    assert pause_after(5, 0.0, "dns") == timedelta(days=7)


def test_an_upload_without_room_is_refused_in_words(
    piece: Evidence, desk: Client, disk: Path
) -> None:
    there = f"/admin/evidence/evidence/{piece.pk}/step/upload/"
    bytes_ = pdf("x" * 300_000)

    def upload() -> Any:
        file = SimpleUploadedFile("memo.pdf", bytes_, content_type="application/pdf")
        return sent.step(desk, there, file=file)

    with filled(disk, leaving=100_000):
        answer = upload()
        assert answer.status_code == 200
        assert "The disk that copies are kept on is full." in answer.text
        assert (Capture.objects.count(), StoredFile.objects.count()) == (0, 0)
        assert files_on(disk) == []
    assert upload().status_code == 302
    assert Capture.objects.get().is_good


def test_the_last_whole_package_stays_until_there_is_room(
    person: User, client: Client, settings: Any, disk: Path
) -> None:
    settings.PACKAGES = str(disk / "packages")
    record.pledge(by=person, slug="in-both")
    now, edition = timezone.now(), current_edition()
    assert keep_package(now=now)
    (good,) = kept_packages()
    size = sum(file.size for file in good.files())
    record.pledge(by=person, slug="in-the-second")
    met = set()
    # Without room for the first table, for the database, for the archive, for the list of hashes.
    for share in (0.0, 0.3, 0.6, 0.9):
        with filled(disk, leaving=int(size * share)):
            with pytest.raises(NoRoomForPackage, match="The disk is full: nothing is") as refusal:
                keep_package(now=now)
            met.add(type(refusal.value.__cause__))
            assert kept_packages() == [good]
            assert [path.name for path in (disk / "packages").iterdir() if path.is_dir()] == [
                good.folder.name
            ]
            assert f"Edition {edition}," in client.get("/data/latest/").text
            for file in good.files():
                assert hash_of(file.path) == file.sha256
            got = client.get("/data/latest/pledges.csv")
            assert b"in-both" in b"".join(got)  # type: ignore[arg-type]
    assert met == {OSError, sqlite3.OperationalError}
    assert keep_package(now=now)
    assert [kept.edition for kept in kept_packages()] == [current_edition()]
    assert f"Edition {current_edition()}," in client.get("/data/latest/").text


def ended(*words: str) -> int:
    """Run a command of manage.py; return how it ended."""
    try:
        ManagementUtility(["manage.py", *words]).execute()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.mark.django_db(transaction=True)
def test_a_backup_without_room_says_so_and_leaves_nothing(
    person: User, disk: Path, settings: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings.CAPTURE_STORE = str(tmp_path / "store")
    pledge = record.pledge(by=person)
    shelf = Shelf(disk / "backups")
    assert ended("backup", str(shelf.root)) == 0
    (good,) = shelf.backups()
    size = good.manifest.dump_size
    piece = record.evidence(by=person, about=pledge)
    copy = the_store().keep(BytesIO(Random(1).randbytes(1_000_000)))
    StoredFile.objects.create(sha256=copy.sha256, size=copy.size, stored_at=record.NOW)
    assert piece.is_published
    before = files_on(disk)
    # In the middle of the dump, and in the middle of the first stored file.
    for leaving, told in ((size // 2, "No space left"), (size + 500_000, "No space left")):
        capfd.readouterr()
        with filled(disk, leaving=leaving):
            assert ended("backup", str(shelf.root)) == 1
            assert files_on(disk) == before
        said = capfd.readouterr().err
        assert "No backup was made" in said
        assert told in said
        assert "Traceback" not in said
        assert shelf.backups() == [good]
        assert hash_of(good.dump) == good.manifest.dump_sha256
    assert ended("backup", str(shelf.root)) == 0
    newest, _older = shelf.backups()
    assert hash_of(newest.dump) == newest.manifest.dump_sha256
    assert hash_of(shelf.place_of(copy.sha256)) == copy.sha256


def test_a_process_counts_for_itself_where_its_figures_have_no_room(disk: Path) -> None:
    with filled(disk):
        tally = Tally(disk)
        for number in range(100):
            tally.add(f"number {number}")
        assert not +totals(disk)
    tally = Tally(disk)
    tally.add("number 1")
    assert totals(disk)["number 1"] == 1


def test_what_is_sent_finds_no_room_and_says_so(
    disk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    body = BytesIO(2_000_000 * b"a")
    found: list[tuple[int | None, int]] = []

    def page(environ: dict[str, Any], _start: Any) -> list[bytes]:
        found.append((environ.get(REFUSED), len(environ["wsgi.input"].read())))
        return []

    def post() -> None:
        body.seek(0)
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "CONTENT_LENGTH": "2000000",
            "REMOTE_ADDR": "192.0.2.1", "wsgi.input": body}  # fmt: skip
        Bodies(page, at_once=2, of_one=1, largest={"": 9_000_000})(environ, None)

    with filled(disk, leaving=1_500_000):
        post()
        # The server stands still when a request is answered whose body is still to come.
        assert body.tell() == 2_000_000
        assert files_on(disk) == []
    post()
    assert found == [(503, 0), (None, 2_000_000)]
    assert [record.getMessage() for record in caplog.records] == [
        f"There is no room for what is sent to us in {disk}: No space left on device."
    ]


@pytest.mark.parametrize("folder", ["", "gone"])
def test_a_custody_export_finds_no_room_and_says_so(
    person: User,
    desk: Client,
    disk: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    folder: str,
) -> None:
    pledge = record.pledge(by=person)
    record.copy_of(record.evidence(by=person, about=pledge), by=person)
    there = f"/admin/pledges/pledge/{pledge.pk}"
    monkeypatch.setattr(tempfile, "tempdir", str(disk / folder))
    with filled(disk):
        answer = desk.get(f"{there}/custody.zip", follow=True)
        assert answer.redirect_chain == [(f"{there}/change/", 302)]
        assert [str(message) for message in answer.context["messages"]] == [
            "This server has no room at the moment to put the file together. Nothing of the record"
            " is lost: tell whoever runs the tracker, and try again later."
        ]
        assert files_on(disk) == []
    why = "No such file or directory" if folder else "No space left on device"
    assert [told.getMessage() for told in caplog.records if told.levelname == "ERROR"] == [
        f"There is no room for a custody export in {disk / folder}: {why}."
    ]
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    answer = desk.get(f"{there}/custody.zip")
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[arg-type]
        assert archive.testzip() is None
