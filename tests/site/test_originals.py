"""What readers are told about the original of evidence, and what they are not."""

from datetime import timedelta

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.sources.actions import accept_change, add_passage
from promises.sources.choices import Verdict
from promises.sources.models import PageText
from promises.sources.visits import Visit
from promises.updates.correcting import correct_evidence
from tests import record
from tests.sources.seen import GONE, found, passages_of, visited

pytestmark = pytest.mark.django_db
NOW = record.NOW
DAY = timedelta(days=1)
FIRST = "The office will ask for no cash bail. It says so in a memo."
SECOND = "The office will ask for less cash bail. It says so in a memo."


def original(client: Client, slug: str) -> str:
    """Return the words of that part of the page, or ""."""
    page = client.get(f"/evidence/{slug}/").content.decode()
    if 'id="original"' not in page:
        return ""
    part = page.split('aria-labelledby="original"')[1].split("</section>")[0]
    return " ".join(part.split())


def test_before_and_after_the_first_check(client: Client, author: User) -> None:
    piece = record.evidence(by=author, about=record.pledge(by=author))
    assert original(client, piece.slug) == ""
    visited(piece, found(FIRST), by=author, now=NOW)
    said = original(client, piece.slug)
    assert "<dt>At its address</dt><dd>still there</dd>" in said
    assert "<dt>Last checked</dt><dd>2 March 2026</dd>" in said
    assert "<dd>has not changed since we first read it</dd>" in said
    assert "Last seen" not in said


def test_a_check_that_failed_on_our_side_is_none(client: Client, author: User) -> None:
    piece = record.evidence(by=author, about=record.pledge(by=author))
    visited(piece, Visit(Verdict.NO_NETWORK), by=author, now=NOW)
    said = original(client, piece.slug)
    assert "<dt>At its address</dt><dd>not checked yet</dd>" in said
    assert "Last checked" not in said


def test_gone(client: Client, author: User) -> None:
    piece = record.evidence(by=author, about=record.pledge(by=author))
    visited(piece, found(FIRST), by=author, now=NOW)
    visited(piece, GONE, by=author, now=NOW + 7 * DAY)
    assert "did not answer lately; not called gone until it fails again" in original(
        client, piece.slug
    )
    for days in (10, 13):
        visited(piece, GONE, by=author, now=NOW + days * DAY)
    said = original(client, piece.slug)
    assert "<dd>gone from its address, since 15 March 2026</dd>" in said
    assert "<dt>Last seen</dt><dd>2 March 2026</dd>" in said


def test_changed_and_accepted_without_the_words_of_the_page(client: Client, author: User) -> None:
    piece = record.evidence(by=author, about=record.pledge(by=author))
    visited(piece, found(FIRST), by=author, now=NOW)
    source = visited(piece, found(SECOND, before=FIRST), by=author, now=NOW + 7 * DAY)
    said = original(client, piece.slug)
    assert "differs since 9 March 2026 from what we read; nobody here has looked" in said
    assert "less cash bail" not in client.get(f"/evidence/{piece.slug}/").content.decode()
    text = PageText.of(SECOND).sha256
    accept_change(source=source, text=text, note="It now says less.", by=author, now=NOW + 8 * DAY)
    said = original(client, piece.slug)
    assert "changed; we looked at it on 10 March 2026: It now says less.</dd>" in said


def test_quoted_words_lead_to_their_place(client: Client, author: User) -> None:
    pledge, draft = record.pledge(by=author), record.draft_pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    hidden = piece.links.create(pledge=draft, stance="context")
    for link, words in ((piece.links.get(pledge=pledge), "no cash bail"), (hidden, "a memo")):
        add_passage(link=link, exact=words, by=author, now=NOW)
    visited(piece, found(FIRST, passages=passages_of(piece)), by=author, now=NOW)
    said = original(client, piece.slug)
    assert f'href="{piece.url}#:~:text=no%20cash%20bail"' in said
    assert "These words stand there." in said
    # What is quoted for a pledge that readers do not see is not shown.
    assert "a memo" not in said


def test_what_was_known_of_another_address_is_not_told(client: Client, author: User) -> None:
    piece = record.evidence(by=author, about=record.pledge(by=author))
    visited(piece, found(FIRST), by=author, now=NOW)
    api = client.get(f"/api/v1/evidence/{piece.slug}/").json()
    assert (api["link_state"], api["last_checked_at"]) == ("there", "2026-03-02T12:00:00.000000Z")
    piece.refresh_from_db()
    piece.url = "https://other.example.org/"
    correct_evidence(evidence=piece, kind="update", note="It moved.", by=author, now=NOW)
    assert original(client, piece.slug) == ""
    api = client.get(f"/api/v1/evidence/{piece.slug}/").json()
    assert (api["link_state"], api["last_checked_at"]) == ("unchecked", None)


def test_evidence_without_an_address(client: Client, author: User) -> None:
    piece = record.evidence(by=author, about=record.pledge(by=author), url="")
    assert original(client, piece.slug) == ""
    api = client.get(f"/api/v1/evidence/{piece.slug}/").json()
    assert (api["link_state"], api["last_checked_at"]) == (None, None)
