"""Copies at the desk: asked for, uploaded, waived, looked at, set aside, taken away."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.formats import date_format

from promises.accounts.models import User
from promises.captures.models import Capture, CaptureWaiver, StoredFile
from promises.evidence.models import Evidence
from tests import record
from tests.captures.test_copies import captured, fetched
from tests.desk import sent
from tests.desk.rows import change, step
from tests.sources.test_reading import pdf, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def piece(author: User) -> Evidence:
    return record.evidence(by=author, about=record.pledge(by=author, slug="bail"), slug="memo")


def page(desk: Client, row: Any) -> str:
    return desk.get(change(row)).text


def test_a_copy_is_asked_for_and_the_page_says_how_it_stands(
    desk: Client, author: User, piece: Evidence
) -> None:
    assert "none yet" in page(desk, piece)
    assert sent.step(desk, step(piece, "capture")).status_code == 302
    assert Capture.objects.get().state == "waiting"
    assert "asked for; a worker fetches it" in page(desk, piece)
    Capture.objects.update(error_code="dns", last_error="There is no server of that name.")
    assert "not captured: There is no server of that name. Next try" in page(desk, piece)


def test_its_buttons_stand_in_a_box_of_their_own(desk: Client, piece: Evidence) -> None:
    boxes = re.findall(r"<section[^>]* aria-labelledby=.*?</section>", page(desk, piece), re.S)
    found = [
        (re.findall(r"<h2[^>]*>(.*?)</h2>", box), re.findall(r">([^<]*) …</a>", box))
        for box in boxes
    ]
    assert found == [
        (["Discussion"], ["Comment", "Assign"]),
        (["Copies"], ["Capture", "Upload a copy", "Waive the copy"]),
    ]


def test_a_file_is_uploaded_as_a_copy(desk: Client, piece: Evidence, person: User) -> None:
    file = SimpleUploadedFile("memo.pdf", pdf("Words."), content_type="application/pdf")
    assert desk.post(step(piece, "upload"), {"file": file}).status_code == 302
    capture = Capture.objects.get()
    assert (capture.how, capture.file_name, capture.media_type) == (
        "uploaded",
        "memo.pdf",
        "application/pdf",
    )
    assert (capture.asked_by, capture.is_good) == (person, True)
    assert "captured on" in page(desk, piece)


def test_a_program_is_no_copy(desk: Client, piece: Evidence) -> None:
    file = SimpleUploadedFile("memo.pdf", b"MZ\x90\x00", content_type="application/pdf")
    answer = desk.post(step(piece, "upload"), {"file": file})
    assert answer.status_code == 200
    assert "Bring a PDF, a web page, a text, a table as CSV or a workbook (XLSX)." in answer.text
    assert (Capture.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("memo.pdf", b"%PDF-1.7 xyz"),
        ("memo.pdf", pdf("Words.")[:200]),
        ("memo.xlsx", workbook()[:-100]),
    ],
)
def test_a_damaged_file_is_no_copy(
    desk: Client, piece: Evidence, name: str, content: bytes
) -> None:
    answer = desk.post(step(piece, "upload"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    assert answer.context["form"].errors == {
        "file": [
            "The file cannot be opened: it is damaged, or it asks for a password. Save it again"
            " where it is whole and open."
        ]
    }
    assert (Capture.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_copy_is_waived_with_a_reason_and_asked_for_again(desk: Client, piece: Evidence) -> None:
    assert sent.step(desk, step(piece, "waive"), reason="").status_code == 200
    assert CaptureWaiver.objects.count() == 0
    assert sent.step(desk, step(piece, "waive"), reason="It is a book.").status_code == 302
    assert CaptureWaiver.objects.get().reason == "It is a book."
    assert "It is a book." in page(desk, piece)
    assert sent.step(desk, step(piece, "end-waiver")).status_code == 302
    assert CaptureWaiver.objects.in_force().count() == 0


def test_a_suspect_copy_waits_on_the_front_page_until_someone_has_looked(
    desk: Client, author: User, piece: Evidence, person: User
) -> None:
    hostile = "<script>alert('RAN')</script> Are you a robot?"
    copy = replace(fetched(hostile, verdict="bot_wall"), text=hostile)
    capture = captured(piece, author, copy)
    front = desk.get("/admin/").text
    assert "Suspect copies to look at" in front
    assert "a test for robots" in front
    shown = page(desk, capture)
    assert "&lt;script&gt;alert(&#x27;RAN&#x27;)&lt;/script&gt; Are you a robot?" in shown
    assert sent.step(desk, step(capture, "confirm"), note="").status_code == 200
    assert sent.step(desk, step(capture, "confirm"), note="I see the memo.").status_code == 302
    capture.refresh_from_db()
    assert (capture.is_good, capture.confirmed_by) == (True, person)
    assert "a test for robots" not in desk.get("/admin/").text
    assert sent.step(desk, step(capture, "set-aside"), reason="No.").status_code == 302
    capture.refresh_from_db()
    assert (capture.is_good, capture.state) == (False, "set_aside")


def test_files_are_handed_out_as_downloads(desk: Client, author: User, piece: Evidence) -> None:
    capture = captured(piece, author)
    for kind, name in (("body", "memo-body.bin"), ("warc", "memo-warc.warc.gz")):
        answer = desk.get(f"/admin/captures/capture/{capture.pk}/{kind}.bin")
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Content-Type"] == "application/octet-stream"
        assert b"".join(answer.streaming_content)
    for kind in ("rendering", "evidence"):
        assert desk.get(f"/admin/captures/capture/{capture.pk}/{kind}.bin").status_code == 404
    there = f"/admin/captures/capture/{capture.pk}/body.bin"
    assert Client().get(there).status_code == 302


def test_a_copy_is_looked_at_on_its_own_origin(
    desk: Client, author: User, piece: Evidence, settings: Any
) -> None:
    capture = captured(piece, author, fetched("Robot?", verdict="bot_wall"))
    words = "Look at the copy (the link works for ten minutes)"
    assert words not in page(desk, capture)
    settings.CAPTURE_ORIGIN = "https://copies.example"
    settings.ALLOWED_HOSTS = ["testserver", "copies.example"]
    link = re.search(
        rf'<a href="https://copies\.example(/preview/[^"]+)">{re.escape(words)}</a>',
        page(desk, capture),
    )
    assert link is not None
    answer = Client().get(link[1], headers={"host": "copies.example"})
    assert b"".join(answer.streaming_content) == b"Robot?"


def test_the_custody_of_a_pledge_is_taken_away(desk: Client, author: User, piece: Evidence) -> None:
    record.copy_of(piece, by=author)
    pledge = piece.pledges.get()
    there = f"/admin/pledges/pledge/{pledge.pk}/custody.zip"
    assert f'href="{there}"' in page(desk, pledge)
    answer = desk.get(there)
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert f"custody-bail/files/{Capture.objects.get().body_id}.txt" in archive.namelist()
    draft = record.draft_pledge(by=author)
    assert desk.get(f"/admin/pledges/pledge/{draft.pk}/custody.zip").status_code == 404
    assert "custody.zip" not in page(desk, draft)


def facts(desk: Client, row: Any) -> list[tuple[str, str]]:
    return [(str(fact.label), fact.text) for fact in desk.get(change(row)).context["facts"]]


def test_the_page_of_a_capture_says_in_words_what_came_of_it_and_when(
    desk: Client, author: User, piece: Evidence, person: User
) -> None:
    capture = captured(piece, author, fetched(verdict="bot_wall"))
    came = "of 2 March 2026, 12:00 looks like a test for robots: someone has to look at it"
    assert facts(desk, capture) == [("Suspect copy", came)]
    shown = page(desk, capture)
    assert re.findall(r"Is good|>(?:True|False|None)<|icon-no", shown) == []
    # On the page of the evidence it leads there.
    address = f"/admin/captures/capture/{capture.pk}/change/"
    assert f'<a href="{address}">{came}</a>' in page(desk, piece)

    sent.step(desk, step(capture, "confirm"), note="I see the memo.")
    capture.refresh_from_db()
    assert capture.confirmed_at is not None
    when = date_format(capture.confirmed_at, "DATETIME_FORMAT")
    came = f"captured on 2 March 2026, 12:00; {person} confirmed it on {when}"
    assert facts(desk, capture) == [("Copy", came)]
    sent.step(desk, step(capture, "set-aside"), reason="It is another memo.")
    capture.refresh_from_db()
    assert capture.set_aside_at is not None
    when = date_format(capture.set_aside_at, "DATETIME_FORMAT")
    assert facts(desk, capture) == [("Copy", f"set aside on {when}: It is another memo.")]
