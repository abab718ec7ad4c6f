"""What is planned, held back or discussed stays on the desk until it is published."""

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.ledger.chain import current_edition
from promises.newsroom import actions
from promises.newsroom.choices import Task
from promises.newsroom.publishing import publish_due
from promises.updates.actions import approve_status_update, submit_status_update
from tests import record
from tests.newsroom.conftest import HOUR, NOW

pytestmark = pytest.mark.django_db
SECRET = "quillfeather"
PAGES = (
    "/", "/prosecutors/", "/pledges/", "/pledges/?q=pledge", "/topics/", "/updates/", "/stale/",
    "/search/?q=pledge", "/search/?q=report", "/corrections/", "/api/v1/pledges/",
    "/api/v1/pledges/?q=pledge", "/api/v1/evidence/", "/api/v1/status-updates/", "/api/v1/changes/",
)  # fmt: skip


def seen(client: Client, *more: str) -> dict[str, tuple[int, str | None, int]]:
    """Status, ETag and how often the secret word stands in each public page."""
    found = {}
    for address in (*PAGES, *more):
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        found[address] = (answer.status_code, answer.get("ETag"), body.decode().count(SECRET))
    return found


def test_nothing_leaves_by_being_planned(client: Client, author: User, editor: User) -> None:
    pledge = record.pledge(by=author, now=NOW)
    hidden = record.draft_pledge(by=author, now=NOW, title=f"A {SECRET} pledge")
    piece = record.draft_evidence(by=author, now=NOW, title=f"A {SECRET} report")
    update = record.draft_update(by=author, of=pledge, now=NOW, reasoning=f"A {SECRET} reason.")
    update = submit_status_update(update=update, by=author, now=NOW)
    approve_status_update(update=update, by=editor, now=NOW)
    theirs = (f"/pledges/{hidden.slug}/", f"/evidence/{piece.slug}/", f"/pledges/{pledge.slug}/")
    before, edition = seen(client, *theirs), current_edition()
    assert {before[address][0] for address in PAGES} == {200}
    assert {count for _status, _etag, count in before.values()} == {0}
    assert [before[address][0] for address in theirs] == [404, 404, 200]

    for item in (hidden, piece, update):
        actions.plan_publication(item=item, publish_at=NOW + HOUR, by=editor, now=NOW)
        actions.set_embargo(item=item, ends_at=NOW + HOUR, reason=SECRET, by=editor, now=NOW)
        actions.comment_on(item=item, text=SECRET, by=editor, now=NOW)
        actions.assign(item=item, to=author, task=Task.REVIEW, note=SECRET, by=editor, now=NOW)
    actions.comment_on(item=pledge, text=SECRET, by=editor, now=NOW)
    # Not even a tag has changed, by which someone could tell that something is in the making.
    assert (seen(client, *theirs), current_edition()) == (before, edition)

    publish_due(by=editor, now=NOW + HOUR)
    after = seen(client, *theirs)
    assert [after[address][0] for address in theirs] == [200, 200, 200]
    assert all(after[address][2] for address in (*theirs, "/api/v1/changes/"))
