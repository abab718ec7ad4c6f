"""A page with many rows is saved like any other, and what is too long is called so."""

from django.test import Client

from promises.accounts.models import User
from promises.evidence.actions import save_evidence_link
from promises.evidence.models import EvidenceLink
from tests import record
from tests.desk import sent
from tests.desk.rows import change

# As many pledges as one law or one memo may bear on.
MANY = 200


def test_evidence_on_many_pledges_is_saved(desk: Client, author: User) -> None:
    term = record.term(by=author)
    piece = record.draft_evidence(by=author)
    for number in range(MANY):
        pledge = record.draft_pledge(by=author, of=term, slug=f"pledge-{number}")
        link = EvidenceLink(pledge=pledge, evidence=piece, stance="context")
        save_evidence_link(link=link, by=author, now=record.NOW)
    answer = desk.post(change(piece), sent.page(desk, change(piece), title="A memo on everything"))
    assert answer.status_code == 302
    piece.refresh_from_db()
    assert (piece.title, piece.links.count()) == ("A memo on everything", MANY)


def test_a_text_that_is_too_long_is_said_to_be_too_long(desk: Client, author: User) -> None:
    piece = record.draft_evidence(by=author)
    page = sent.page(desk, change(piece), summary="word " * 600_000)
    answer = desk.post(change(piece), page, headers={"accept": "text/html"})
    assert answer.status_code == 413
    body = answer.content.decode()
    assert "<h1>What you sent was not read</h1>" in body
    assert "What you sent is too large, and was not read." in body
    assert '<a href="/admin/">Back to the desk</a>' in body
