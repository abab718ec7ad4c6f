"""The evidence of a past day: only what was public that evening, in the words it then had."""

import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.captures.actions import ask_for_capture, keep_copy, lease_captures
from promises.captures.copies import Copy
from promises.captures.deciding import confirm_capture
from promises.captures.models import Capture
from promises.captures.store import the_store
from promises.evidence.actions import (
    publish_evidence,
    retract_evidence,
    save_evidence_link,
)
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.models import Pledge
from promises.updates.actions import (
    approve_status_update,
    publish_status_update,
    revise_status_update,
    submit_status_update,
)
from promises.updates.correcting import correct_evidence
from promises.updates.models import Response
from promises.updates.responding import publish_response, save_response
from tests import record
from tests.record import NOW
from tests.site.story import part

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def pledge(author: User) -> Pledge:
    return record.pledge(by=author)


def said(client: Client, pledge: Pledge, day: int, name: str) -> str:
    """Return what a part of the page of a day in March says, read long after."""
    with time_machine.travel(NOW + 30 * DAY, tick=False):
        response = client.get(f"/pledges/{pledge.slug}/?as_of=2026-03-{day:02}")
    assert response.status_code == 200
    return part(response.content.decode(), name)


def test_a_rating_names_only_what_was_public_that_evening(
    client: Client, author: User, pledge: Pledge
) -> None:
    first = record.evidence(by=author, about=pledge, title="A report")
    piece = record.draft_evidence(by=author, title="Memo of an aide")
    rating = record.draft_update(by=author, of=pledge, cited=first)
    rating = revise_status_update(update=rating, evidence=[piece, first], by=author, now=NOW)
    rating = submit_status_update(update=rating, by=author, now=NOW)
    approve_status_update(update=rating, by=record.user(), now=NOW)
    publish_status_update(update=rating, by=author, now=NOW)
    piece = publish_evidence(evidence=piece, by=author, now=NOW + 2 * DAY)
    piece.title = "Memo of an example aide"
    correct_evidence(evidence=piece, kind="typo", note="N.", by=author, now=NOW + 4 * DAY)
    cited = {
        day: re.findall("Rests on: (.*?) Written by", said(client, pledge, day, "history"))
        for day in (2, 3, 4, 5, 6)
    }
    assert cited == {
        2: ["A report"], 3: ["A report"],
        4: ["Memo of an aide ; A report"], 5: ["Memo of an aide ; A report"],
        6: ["Memo of an example aide ; A report"],
    }  # fmt: skip


def test_a_reply_names_its_evidence_as_it_was_that_evening(
    client: Client, author: User, pledge: Pledge
) -> None:
    piece = record.draft_evidence(by=author, title="A letter")
    reply = Response(slug="reply", pledge=pledge, said_by="Jane Example", text="Not so.")
    reply.evidence, reply.published_on = piece, NOW.date()
    reply = save_response(response=reply, by=author, now=NOW)
    publish_response(response=reply, by=author, now=NOW)
    piece = publish_evidence(evidence=piece, by=author, now=NOW + DAY)
    piece.title = "A letter to the editor"
    correct_evidence(evidence=piece, kind="typo", note="N.", by=author, now=NOW + 2 * DAY)
    assert [said(client, pledge, day, "responses") for day in (2, 3, 4)] == [
        "Not so. Jane Example, 2 March 2026",
        "Not so. Jane Example, 2 March 2026 · A letter",
        "Not so. Jane Example, 2 March 2026 · A letter to the editor",
    ]
    retract_evidence(evidence=piece, reason="A forgery.", by=author, now=NOW + 5 * DAY)
    assert said(client, pledge, 3, "responses") == "Not so. Jane Example, 2 March 2026"


def test_only_what_hung_on_a_pledge_by_then_is_told_as_withdrawn(
    client: Client, author: User, pledge: Pledge
) -> None:
    piece = record.evidence(by=author, about=record.pledge(by=author))
    link = EvidenceLink(pledge=pledge, evidence=piece, stance="supports")
    save_evidence_link(link=link, by=author, now=NOW + 2 * DAY)
    retract_evidence(evidence=piece, reason="A forgery.", by=author, now=NOW + 4 * DAY)
    gone = "A piece of evidence that stood here was withdrawn on 6 March 2026: A forgery."
    assert {day: said(client, pledge, day, "withdrawn") for day in (2, 3, 4, 5, 6)} == {
        2: "", 3: "", 4: gone, 5: gone, 6: "",
    }  # fmt: skip


def fetched(piece: Evidence, *, by: User, now: datetime, verdict: str = "ok") -> Capture:
    """A copy that a courier brought of what the evidence names then."""
    asked = ask_for_capture(evidence=piece, by=by, now=now)
    (taken,) = lease_captures(limit=1, by=by, now=now, only=asked.pk)
    text = f"{piece.slug} {now}".encode()
    copy = Copy(
        captured_at=now, requested_at=now, body=the_store().keep(BytesIO(text)),
        warc=the_store().keep(BytesIO(b"WARC of " + text)), media_type="text/html",
        final_url=piece.url, http_status=200, verdict=verdict, is_suspect=verdict != "ok",
    )  # fmt: skip
    assert keep_copy(capture=taken, copy=copy, by=by, now=now)
    return Capture.objects.get(pk=asked.pk)


def copies(client: Client, pledge: Pledge, *days: int) -> list[str]:
    """Return what the page of each day says of a copy."""
    return [said(client, pledge, day, "supports").rpartition(" · ")[2] for day in days]


def test_a_suspect_copy_counts_from_when_a_person_said_so(
    client: Client, author: User, pledge: Pledge
) -> None:
    piece = record.evidence(by=author, about=pledge)
    suspect = fetched(piece, by=author, now=NOW, verdict="bot_wall")
    confirm_capture(capture=suspect, note="The memo is there.", by=author, now=NOW + 2 * DAY)
    assert copies(client, pledge, 2, 3, 4) == [
        "not captured yet", "not captured yet", "captured on 2 March 2026",
    ]  # fmt: skip


def test_a_copy_of_an_earlier_address_counts_while_the_evidence_named_it(
    client: Client, author: User, pledge: Pledge
) -> None:
    piece = record.evidence(by=author, about=pledge)
    fetched(piece, by=author, now=NOW)
    fetched(piece, by=author, now=NOW + DAY)
    piece.refresh_from_db()
    piece.url = "https://news.example.org/moved"
    correct_evidence(evidence=piece, kind="update", note="It moved.", by=author, now=NOW + 2 * DAY)
    fetched(piece, by=author, now=NOW + 3 * DAY)
    assert copies(client, pledge, 2, 3, 4, 5) == [
        "captured on 2 March 2026", "captured on 3 March 2026", "not captured yet",
        "captured on 5 March 2026",
    ]  # fmt: skip
    record.copy_of(piece, by=author, now=NOW + 4 * DAY)
    assert copies(client, pledge, 5, 6) == ["captured on 5 March 2026", "captured on 6 March 2026"]
