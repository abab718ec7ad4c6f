"""Copies handed out: downloads on the site, shown only on an origin of their own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import TimestampSigner
from django.test import Client

from promises.accounts.models import User
from promises.captures.deciding import set_aside_capture, waive_capture
from promises.captures.previews import preview_address
from promises.evidence.actions import retract_evidence
from promises.evidence.models import Evidence
from promises.site.copies import HEADERS
from tests import record
from tests.captures.test_copies import captured, fetched

pytestmark = pytest.mark.django_db
ORIGIN = "https://copies.example"


@pytest.fixture
def piece(author: User) -> Evidence:
    return record.evidence(by=author, about=record.pledge(by=author, slug="bail"), slug="memo")


@pytest.fixture
def shown(settings: Any) -> None:
    settings.CAPTURE_ORIGIN = ORIGIN
    settings.ALLOWED_HOSTS = ["testserver", "copies.example"]


def at_site(client: Client, name: str, slug: str = "memo") -> Any:
    return client.get(f"/evidence/{slug}/copies/{name}")


def at_origin(client: Client, path: str, method: str = "get") -> Any:
    return getattr(client, method)(path, headers={"host": "copies.example"})


def test_the_site_hands_a_copy_out_and_never_shows_it(
    client: Client, author: User, piece: Evidence
) -> None:
    capture = captured(piece, author)
    answer = at_site(client, capture.body_id or "")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"The page."
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="memo.html"'
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert not answer.cookies
    warc = at_site(client, capture.warc_id or "")
    assert warc["Content-Disposition"] == 'attachment; filename="memo.warc.gz"'
    assert b"".join(warc.streaming_content) == b"WARC of The page."
    assert client.post(f"/evidence/memo/copies/{capture.body_id}").status_code == 405


def etag_at(client: Client, path: str, host: str) -> str:
    """Return the ETag of a file. Who has read all of it lets go of it."""
    answer = client.get(path, headers={"host": host})
    assert b"".join(answer.streaming_content) == b"The page."
    return str(answer["ETag"])


def test_who_has_a_copy_need_not_take_it_again(
    client: Client, author: User, piece: Evidence, shown: None
) -> None:
    capture = captured(piece, author)
    here, there = f"/evidence/memo/copies/{capture.body_id}", f"/memo/{capture.body_id}"
    for path, host in ((here, "testserver"), (there, "copies.example")):
        etag = etag_at(client, path, host)
        again = client.get(path, headers={"host": host, "if-none-match": etag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert {name: again[name] for name in HEADERS} == HEADERS
    # Where it is shown it is taken for something else than where it is handed out.
    assert etag_at(client, here, "testserver") != etag
    retract_evidence(evidence=piece, reason="Wrong.", by=author, now=record.NOW)
    gone = client.get(there, headers={"host": "copies.example", "if-none-match": etag})
    assert gone.status_code == 404


def test_only_copies_that_count_of_public_evidence_are_handed_out(
    client: Client, author: User, piece: Evidence, shown: None
) -> None:
    good = captured(piece, author)
    suspect = captured(record.evidence(by=author, about=record.pledge(by=author), slug="wall"),
                       author, fetched("Robot?", verdict="bot_wall"))  # fmt: skip
    draft = captured(record.draft_evidence(by=author, slug="draft"), author, fetched("Draft."))
    for capture, slug in ((suspect, "wall"), (draft, "draft"), (good, "wall"), (draft, "memo")):
        assert at_site(client, capture.body_id or "", slug).status_code == 404
        assert at_origin(client, f"/{slug}/{capture.body_id}").status_code == 404
    set_aside_capture(capture=good, reason="Wrong page.", by=author, now=record.NOW)
    assert at_site(client, good.body_id or "").status_code == 404
    later = replace(fetched("Again."), captured_at=record.NOW + timedelta(hours=1))
    again = captured(piece, author, later)
    retract_evidence(evidence=piece, reason="Forged.", by=author, now=record.NOW)
    assert at_origin(client, f"/memo/{again.body_id}").status_code == 404
    assert at_site(client, "0" * 64).status_code == 404


def test_the_origin_shows_copies_in_a_sandbox_and_nothing_else(
    client: Client, author: User, piece: Evidence, shown: None
) -> None:
    capture = captured(piece, author)
    client.cookies["session"] = "stolen"
    answer = at_origin(client, f"/memo/{capture.body_id}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html")
    assert b"".join(answer.streaming_content) == b"The page."
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert not answer.cookies
    for path in ("/", "/pledges/bail/", "/admin/", "/api/v1/pledges/", "/static/site.css",
                 f"/evidence/memo/copies/{capture.body_id}", "/healthz", "/preview/x"):  # fmt: skip
        refused = at_origin(client, path)
        assert (refused.status_code, refused.content) == (404, b"There is no such copy.\n"), path
        assert not refused.cookies
    assert at_origin(client, f"/memo/{capture.body_id}", "post").status_code == 405
    assert client.get(f"/memo/{capture.body_id}").status_code == 404


def test_the_desk_looks_at_a_suspect_copy_for_ten_minutes(
    client: Client, author: User, piece: Evidence, shown: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = captured(piece, author, fetched("Robot?", verdict="bot_wall"))
    address = preview_address(capture.body_id or "")
    assert address.startswith(f"{ORIGIN}/preview/")
    path = address.removeprefix(ORIGIN)
    answer = at_origin(client, path)
    assert b"".join(answer.streaming_content) == b"Robot?"
    assert at_origin(client, path + "x").status_code == 404
    late = TimestampSigner.timestamp
    monkeypatch.setattr(TimestampSigner, "timestamp", lambda self: "1aaaaa")
    old = preview_address(capture.body_id or "").removeprefix(ORIGIN)
    monkeypatch.setattr(TimestampSigner, "timestamp", late)
    assert at_origin(client, old).status_code == 404


def test_the_pages_say_when_a_source_was_captured_and_are_whole_without_the_origin(
    client: Client, author: User, piece: Evidence, settings: Any
) -> None:
    page = client.get("/pledges/bail/").text
    assert "not captured yet" in page
    capture = captured(piece, author)
    waived = record.evidence(by=author, about=piece.pledges.get(), slug="book")
    waive_capture(evidence=waived, reason="It is a book.", by=author, now=record.NOW)
    page = client.get("/pledges/bail/").text
    assert "captured on 2 March 2026" in page
    assert "no copy: It is a book." in page
    assert "See the copy" not in client.get("/evidence/memo/").text
    settings.CAPTURE_ORIGIN = ORIGIN
    page = client.get("/evidence/memo/").text
    assert "Captured on 2 March 2026 from news.example.org." in page
    assert f'<code class="hash">{capture.body_id}</code>' in page
    assert f'href="{ORIGIN}/memo/{capture.body_id}"' in page
    assert "It may be cited without a copy: It is a book." in client.get("/evidence/book/").text
