"""The custody export: the same bytes for the same record, checked by its own script alone."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.captures.actions import ask_for_capture
from promises.captures.custody import NotWhole, write_custody
from promises.captures.deciding import waive_capture
from promises.captures.models import Capture, Timestamp
from promises.captures.signing import sign_copies
from promises.common.clock import database_clock
from promises.evidence.actions import retract_evidence, save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.pledges.models import Pledge
from tests import record
from tests.captures.conftest import HTML, run
from tests.fetching.servers import says

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(author: User, serve: Callable) -> Pledge:
    """A pledge with two copies and a waiver, beside a draft and what was withdrawn."""
    pledge = record.pledge(by=author, slug="end-bail")
    server = serve(says(HTML, head="Content-Type: text/html\r\n"))
    fetched = record.evidence(by=author, about=pledge, url=server.url("/memo"), slug="memo")
    ask_for_capture(evidence=fetched, by=author, now=database_clock())
    assert run(author).kept == 1
    uploaded = record.evidence(by=author, about=pledge, slug="report")
    record.copy_of(uploaded, by=author)
    book = record.evidence(by=author, about=pledge, slug="book", stance="context")
    waive_capture(evidence=book, reason="It is a book.", by=author, now=record.NOW)
    draft = record.draft_evidence(by=author, slug="secret-draft")
    record.copy_of(draft, by=author, text="secret words")
    link = EvidenceLink(pledge=pledge, evidence=draft, stance="supports")
    save_evidence_link(link=link, by=author, now=record.NOW)
    gone = record.evidence(by=author, about=pledge, slug="withdrawn-memo")
    record.copy_of(gone, by=author, text="withdrawn words")
    retract_evidence(evidence=gone, reason="Forged.", by=author, now=record.NOW)
    return pledge


def exported(pledge: Pledge) -> bytes:
    archive = BytesIO()
    write_custody(pledge=pledge, into=archive)
    return archive.getvalue()


def unpacked(content: bytes, folder: Path) -> Path:
    with ZipFile(BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder / "custody-end-bail"


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script of the export by a Python that sees nothing of ours."""
    command = [sys.executable, "-I", "-S", "-B", str(folder / "verify.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_export_is_checked_by_its_own_script(
    author: User, pledge: Pledge, authority: Any, tmp_path: Path
) -> None:
    assert sign_copies(by=author, clock=database_clock) == 4
    assert sign_copies(by=author, clock=database_clock) == 0
    content = exported(pledge)
    assert exported(pledge) == content
    folder = unpacked(content, tmp_path)
    done = verified(folder)
    assert done.stdout.splitlines() == [
        "ok    10 files have the hashes of SHA256SUMS",
        "ok    2 copies are whole",
        f"ok    {len((folder / 'ledger.jsonl').read_text().splitlines())} entries of the ledger"
        " have their hashes",
        "ok    2 timestamps hold",
        "Everything is as it was exported.",
    ]
    assert (done.returncode, done.stderr) == (0, "")
    assert b"secret" not in content
    assert b"withdrawn" not in content
    assert '"no_copy_because": "It is a book."' in (folder / "manifest.json").read_text()


def test_a_text_with_other_signs_that_end_a_line_is_genuine(
    author: User, pledge: Pledge, tmp_path: Path
) -> None:
    text = "First.\u2028Second.\u2029Third."
    record.evidence(by=author, about=pledge, slug="pasted", summary=text)
    folder = unpacked(exported(pledge), tmp_path)
    ledger = (folder / "ledger.jsonl").read_bytes()
    assert text.encode() in ledger
    done = verified(folder)
    assert f"ok    {ledger.count(10)} entries of the ledger have their hashes" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def script(folder: Path) -> Callable[[], int]:
    """Return the main function of an exported script."""
    spec = spec_from_file_location("verify", folder / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    main: Callable[[], int] = module.main
    return main


def test_one_changed_byte_is_always_found(pledge: Pledge, tmp_path: Path) -> None:
    folder = unpacked(exported(pledge), tmp_path)
    main, said = script(folder), StringIO()
    names = sorted(path for path in folder.rglob("*") if path.is_file() and "pyc" not in path.name)
    with redirect_stdout(said):
        assert main() == 0

    # Other bytes end a line as well, for who is not strict: 0x0B and 0x0D, for 0x0A.
    @example(folder / "SHA256SUMS", -1, 1)
    @example(folder / "SHA256SUMS", -1, 7)
    @given(st.sampled_from(names), st.integers(0), st.integers(1, 255))
    @settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def changed(path: Path, place: int, by: int) -> None:
        whole = path.read_bytes()
        bad = bytearray(whole)
        bad[place % len(bad)] ^= by
        path.write_bytes(bad)
        try:
            with redirect_stdout(said):
                assert main() == 1
        finally:
            path.write_bytes(whole)

    changed()
    with redirect_stdout(said):
        assert main() == 0


def test_who_renames_and_counts_anew_is_found_by_ledger_and_timestamp(
    author: User, pledge: Pledge, authority: Any, tmp_path: Path
) -> None:
    sign_copies(by=author, clock=database_clock)
    folder = unpacked(exported(pledge), tmp_path)
    old = Capture.objects.get(evidence__slug="report").body_id or ""
    forged = folder / "files" / f"{old}.txt"
    forged.write_bytes(b"Something else.")
    new = sha256(b"Something else.").hexdigest()
    forged.rename(forged.with_name(f"{new}.txt"))
    for token in (folder / "timestamps").glob(f"{old}*"):
        token.rename(token.with_name(token.name.replace(old, new)))
    for name in ("manifest.json", "SHA256SUMS"):
        text = (folder / name).read_text().replace(old, new)
        (folder / name).write_text(text)
    sums = []
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest = sha256((folder / line[66:]).read_bytes()).hexdigest()
        sums.append(f"{digest}  {line[66:]}\n")
    (folder / "SHA256SUMS").write_text("".join(sums))
    lines = verified(folder).stdout.splitlines()
    assert [line[:5] for line in lines[:4]] == ["ok   ", "ok   ", "WRONG", "WRONG"]
    assert "the ledger knows nothing of the copy" in lines[2]


def test_a_damaged_file_is_not_exported(pledge: Pledge, store: Path) -> None:
    name = Capture.objects.get(evidence__slug="report").body_id or ""
    place = store / name[:2] / name[2:4] / name
    place.write_bytes(b"Something else.")
    with pytest.raises(NotWhole, match="is damaged"):
        exported(pledge)
    place.unlink()
    with pytest.raises(NotWhole, match="is gone"):
        exported(pledge)


def test_an_answer_about_other_bytes_is_not_kept(
    author: User, pledge: Pledge, authority: Any, settings: Any, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger.pem"
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Other"]
    files = ["-keyout", str(tmp_path / "other.key"), "-out", str(stranger)]
    subprocess.run([*openssl, *files], check=True, capture_output=True)
    settings.TIMESTAMP_AUTHORITY_ROOT = str(stranger)
    assert sign_copies(by=author, clock=database_clock) == 0
    assert Timestamp.objects.count() == 0
