"""The life of a copy: asked for once, in one hand, kept, confirmed, set aside; and waivers."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.captures import actions, deciding, scrubbing
from promises.captures.choices import CaptureState
from promises.captures.copies import Copy
from promises.captures.models import Capture, CaptureWaiver, StoredFile
from promises.captures.rules import LEASE, PAUSES, pause_after
from promises.captures.store import the_store
from promises.editorial.actions import NoReason, delete_draft
from promises.evidence.actions import publish_evidence, retract_evidence
from promises.evidence.models import Evidence
from promises.ledger.chain import verify_chain
from promises.ledger.models import Entry
from tests import record

pytestmark = pytest.mark.django_db
NOW = record.NOW


def fetched(text: str = "The page.", *, verdict: str = "ok") -> Copy:
    """A copy as a courier brings it."""
    return Copy(
        captured_at=NOW,
        requested_at=NOW,
        body=the_store().keep(BytesIO(text.encode())),
        warc=the_store().keep(BytesIO(b"WARC of " + text.encode())),
        media_type="text/html",
        final_url="https://news.example.org/final",
        http_status=200,
        headers=[("Content-Type", "text/html")],
        verdict=verdict,
        is_suspect=verdict != "ok",
    )


def captured(evidence: Evidence, by: User, copy: Copy | None = None) -> Capture:
    """A capture that was asked for and brought."""
    asked = actions.ask_for_capture(evidence=evidence, by=by, now=NOW)
    (taken,) = actions.lease_captures(limit=5, by=by, now=NOW, only=asked.pk)
    assert actions.keep_copy(capture=taken, copy=copy or fetched(), by=by, now=NOW)
    return Capture.objects.get(pk=asked.pk)


def is_secured(evidence: Evidence) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT captures_is_secured(%s)", [evidence.pk])
        return bool(cursor.fetchone()[0])


def events() -> list[str]:
    return list(Entry.objects.filter(event__startswith="capture").values_list("event", flat=True))


@pytest.fixture
def piece(author: User) -> Evidence:
    return record.evidence(by=author, about=record.pledge(by=author), slug="memo")


def test_what_is_public_and_has_no_copy_is_asked_for_once(author: User, piece: Evidence) -> None:
    record.draft_evidence(by=author)
    record.evidence(by=author, about=record.pledge(by=author), url="")
    waived = record.evidence(by=author, about=record.pledge(by=author))
    deciding.waive_capture(evidence=waived, reason="It is a book.", by=author, now=NOW)
    assert actions.ask_for_missing(limit=10, by=author, now=NOW) == 1
    assert actions.ask_for_missing(limit=10, by=author, now=NOW) == 0
    assert list(Capture.objects.values_list("evidence__slug", "state")) == [("memo", "waiting")]


def test_another_address_is_asked_for_anew(author: User, piece: Evidence) -> None:
    captured(piece, author)
    assert is_secured(piece)
    Evidence.objects.filter(pk=piece.pk).update(url="https://news.example.org/other")
    assert not is_secured(piece)
    assert actions.ask_for_missing(limit=10, by=author, now=NOW) == 1


def test_one_worker_has_it_until_its_lease_is_over(author: User, piece: Evidence) -> None:
    actions.ask_for_capture(evidence=piece, by=author, now=NOW)
    (first,) = actions.lease_captures(limit=5, by=author, now=NOW)
    assert actions.lease_captures(limit=5, by=author, now=NOW) == []
    later = NOW + LEASE
    (second,) = actions.lease_captures(limit=5, by=author, now=later)
    assert (first.attempts, second.attempts) == (1, 2)
    assert not actions.keep_copy(capture=first, copy=fetched(), by=author, now=later)
    assert Capture.objects.get().state == CaptureState.WAITING
    assert actions.keep_copy(capture=second, copy=fetched(), by=author, now=later)
    assert events() == ["capture:saved"]


def test_one_host_is_visited_one_at_a_time(author: User) -> None:
    pledge = record.pledge(by=author)
    for number in range(3):
        record.evidence(by=author, about=pledge, url=f"https://one.example.org/{number}")
    record.evidence(by=author, about=pledge, url="https://two.example.org/")
    actions.ask_for_missing(limit=10, by=author, now=NOW)
    taken = actions.lease_captures(limit=4, by=author, now=NOW)
    assert sorted(capture.asked_url for capture in taken) == [
        "https://one.example.org/0",
        "https://two.example.org/",
    ]


def test_what_fails_waits_longer_each_time_and_is_never_given_up(
    author: User, piece: Evidence
) -> None:
    actions.ask_for_capture(evidence=piece, by=author, now=NOW)
    now = NOW
    for attempt in range(1, 10):
        (taken,) = actions.lease_captures(limit=1, by=author, now=now)
        actions.put_off(capture=taken, code="dns", error="No.", chance=0, by=author, now=now)
        waiting = Capture.objects.get()
        pause = PAUSES[min(attempt, len(PAUSES)) - 1]
        assert (waiting.state, waiting.next_try_at) == ("waiting", now + pause)
        now += pause
    assert (waiting.error_code, waiting.last_error, waiting.attempts) == ("dns", "No.", 9)
    assert pause_after(1, 1.0) == timedelta(hours=1, minutes=12)
    assert events() == []


def test_a_copy_of_public_evidence_is_a_public_fact(author: User, piece: Evidence) -> None:
    capture = captured(piece, author)
    entry = Entry.objects.latest("edition")
    assert (entry.event, entry.subject) == (
        "capture:saved",
        "captures/memo/2026-03-02T12:00:00.000000Z",
    )
    assert f'"sha256":"{capture.body_id}"' in entry.data
    retract_evidence(evidence=piece, reason="Forged.", by=author, now=NOW)
    assert events() == ["capture:saved", "capture:retracted"]
    assert list(Capture.objects.published()) == []
    assert verify_chain().fault == ""


def test_a_copy_of_a_draft_becomes_public_with_it(author: User) -> None:
    draft = record.draft_evidence(by=author)
    captured(draft, author)
    deciding.waive_capture(evidence=draft, reason="Old.", by=author, now=NOW)
    assert events() == []
    assert list(Capture.objects.published()) == list(CaptureWaiver.objects.published()) == []
    publish_evidence(evidence=draft, by=author, now=NOW)
    assert events() == ["capture:saved", "capture_waiver:saved"]


def test_a_suspect_copy_counts_only_when_a_person_says_so(author: User, piece: Evidence) -> None:
    capture = captured(piece, author, fetched("Are you a robot?", verdict="bot_wall"))
    assert (capture.is_good, is_secured(piece), events()) == (False, False, [])
    robot = service_account(name="capturer", display_name="Capturer")
    for by, note, refusal in (
        (robot, "Fine.", deciding.NotAPerson),
        (author, " ", NoReason),
    ):
        with pytest.raises(refusal):
            deciding.confirm_capture(capture=capture, note=note, by=by, now=NOW)
        assert not Capture.objects.get().is_good
    deciding.confirm_capture(capture=capture, note="The memo is there.", by=author, now=NOW)
    assert (Capture.objects.get().is_good, is_secured(piece)) == (True, True)
    assert events() == ["capture:saved"]
    with pytest.raises(deciding.NotSuspect):
        deciding.confirm_capture(capture=capture, note="Again.", by=author, now=NOW)


def test_what_was_set_aside_counts_no_more(author: User, piece: Evidence) -> None:
    capture = captured(piece, author)
    deciding.set_aside_capture(capture=capture, reason="Wrong page.", by=author, now=NOW)
    assert not is_secured(piece)
    assert events() == ["capture:saved", "capture:retracted"]
    assert actions.ask_for_missing(limit=10, by=author, now=NOW) == 0
    with pytest.raises(deciding.SetAsideBefore):
        deciding.set_aside_capture(capture=capture, reason="Again.", by=author, now=NOW)


def test_the_same_bytes_are_noted_once(author: User, piece: Evidence) -> None:
    other = record.evidence(by=author, about=record.pledge(by=author))
    record.copy_of(piece, by=author, text="same")
    record.copy_of(other, by=author, text="same")
    assert StoredFile.objects.count() == 1


def test_a_damaged_copy_secures_nothing(author: User, piece: Evidence) -> None:
    capture = record.copy_of(piece, by=author)
    scrubbing.note_scrubbed(found={capture.body_id: "changed"}, by=author, now=NOW)
    assert not is_secured(piece)
    scrubbing.note_scrubbed(found={capture.body_id: ""}, by=author, now=NOW)
    assert is_secured(piece)


def test_a_waiver_holds_until_it_is_ended(author: User, piece: Evidence) -> None:
    deciding.waive_capture(evidence=piece, reason="It is a book.", by=author, now=NOW)
    with pytest.raises(deciding.WaivedAlready):
        deciding.waive_capture(evidence=piece, reason="Really.", by=author, now=NOW)
    assert is_secured(piece)
    later = NOW + timedelta(days=1)
    deciding.end_waiver(evidence=piece, by=author, now=later)
    assert not is_secured(piece)
    with pytest.raises(deciding.NotWaived):
        deciding.end_waiver(evidence=piece, by=author, now=later)
    assert events() == ["capture_waiver:saved"] * 2
    assert '"ended_at":"2026-03-03T12:00:00.000000Z"' in Entry.objects.latest("edition").data


def test_a_draft_goes_with_its_copies(author: User) -> None:
    draft = record.draft_evidence(by=author)
    record.copy_of(draft, by=author)
    delete_draft(record=draft, by=author, now=NOW)
    assert (Capture.objects.count(), StoredFile.objects.count()) == (0, 1)


def test_the_database_keeps_a_copy_as_it_was_made(
    author: User, piece: Evidence, database_refuses: Callable
) -> None:
    suspect = captured(piece, author, fetched(verdict="bot_wall"))
    other = record.copy_of(piece, by=author, now=NOW + timedelta(hours=1))
    waiver = deciding.waive_capture(evidence=piece, reason="Old.", by=author, now=NOW)
    robot = service_account(name="capturer", display_name="Capturer")
    mine, one = Capture.objects.filter(pk=suspect.pk), Capture.objects.filter(pk=other.pk)
    confirmed = {"confirmed_at": NOW, "confirmation_note": "Good."}
    for reason, attempt in (
        ("never changes", lambda: mine.update(body_id=other.body_id)),
        ("never changes", lambda: mine.update(is_suspect=False)),
        ("never changes", lambda: mine.update(captured_at=NOW + timedelta(days=1))),
        ("never changes", lambda: mine.update(state="waiting", next_try_at=NOW)),
        ("Only a person", lambda: mine.update(confirmed_by=robot, **confirmed)),
        ("confirmed_at_is_paired", lambda: mine.update(confirmed_by=author)),
        ("with_a_note", lambda: mine.update(confirmed_by=author, confirmed_at=NOW)),
        ("with_a_note", lambda: one.update(confirmed_by=author, **confirmed)),
        ("with_a_reason", lambda: one.update(state="set_aside")),
        ("stay", lambda: one.delete()),
        ("Cannot delete", lambda: StoredFile.objects.all()._raw_delete("default")),
        ("stays", lambda: StoredFile.objects.filter(pk=other.body_id).update(size=1)),
        ("only ends", lambda: CaptureWaiver.objects.update(reason="Other.")),
        ("stay", lambda: CaptureWaiver.objects.filter(pk=waiver.pk).delete()),
    ):
        with database_refuses(reason):
            attempt()
    assert Capture.objects.get(pk=suspect.pk).is_good is False
    assert (Capture.objects.count(), StoredFile.objects.count()) == (2, 3)
