"""The feeds of ratings: whose they hold, and that an entry never changes without saying so."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.updates.actions import approve_status_update, retract_status_update
from promises.updates.correcting import correct_pledge, correct_status_update
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.feed_rules import atom_faults, json_feed_faults

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def items(client: Client, path: str) -> list[dict[str, Any]]:
    """Return the items of a JSON Feed."""
    found: list[dict[str, Any]] = json.loads(client.get(path).content)["items"]
    return found


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A pledge with two ratings, under a topic below another, and another official's pledge."""
    topic = record.topic(by=author, slug="bail", parent=record.topic(by=author, slug="money"))
    made = whole.pledge(by=author, topic=topic)
    other = record.pledge(by=author)
    record.published_update(by=author, of=other)
    record.draft_update(by=author, of=made)
    return made


def test_each_feed_holds_the_ratings_of_its_subject(client: Client, pledge: Pledge) -> None:
    ours = {
        f"http://127.0.0.1:8000/pledges/{pledge.slug}/#update-{update.slug}"
        for update in pledge.status_updates.filter(state="published")
    }
    for path in (
        f"/pledges/{pledge.slug}/", f"/prosecutors/{pledge.person.slug}/", "/topics/bail/",
        "/topics/money/",
    ):  # fmt: skip
        assert {item["url"] for item in items(client, f"{path}updates.json")} == ours, path
    whole_record = items(client, "/updates.json")
    assert len(whole_record) == 3
    assert ours < {item["url"] for item in whole_record}
    # An entry is one thing in whichever feed it comes.
    assert {item["id"] for item in items(client, f"/pledges/{pledge.slug}/updates.json")} < {
        item["id"] for item in whole_record
    }


def test_an_entry_says_who_what_and_why(client: Client, pledge: Pledge) -> None:
    newest, imported = items(client, f"/pledges/{pledge.slug}/updates.json")
    assert newest["title"] == f"{pledge.person}: {pledge.title} · Compromise"
    first, second, third, fourth = newest["content_text"].split("\n\n")
    assert first == "Compromise from 1 June 2025 (partly done)."
    assert second == "The evidence says so."
    assert third == "Corrected on 2 March 2026. It should say: The evidence says so, mostly."
    assert fourth.startswith("Written by Author, approved by Editor-")
    assert newest["tags"] == ["compromise"]
    assert newest["authors"] == [{"name": "Author"}]
    assert imported["content_text"].endswith("Imported, not yet confirmed by two editors here.")


@pytest.mark.parametrize("subject", ["", "pledges/{pledge}/", "prosecutors/{person}/"])
def test_feeds_are_valid_in_both_forms(client: Client, pledge: Pledge, subject: str) -> None:
    base = "/" + subject.format(pledge=pledge.slug, person=pledge.person.slug)
    atom, as_json = client.get(f"{base}updates.atom"), client.get(f"{base}updates.json")
    assert (atom["Content-Type"], as_json["Content-Type"]) == (
        "application/atom+xml; charset=utf-8", "application/feed+json; charset=utf-8",
    )  # fmt: skip
    assert atom_faults(atom.content) == []
    assert json_feed_faults(as_json.content) == []


@pytest.mark.parametrize("name", ["corrections", "stale"])
def test_the_older_feeds_are_valid_too(client: Client, pledge: Pledge, name: str) -> None:
    assert atom_faults(client.get(f"/{name}.atom").content) == []
    assert json_feed_faults(client.get(f"/{name}.json").content) == []


def test_updated_moves_with_every_change_of_an_entry(
    client: Client, author: User, pledge: Pledge
) -> None:
    path = f"/pledges/{pledge.slug}/updates.json"

    def states() -> dict[str, tuple[str, str]]:
        return {
            item["id"]: (item["date_modified"], item["title"] + item["content_text"])
            for item in items(client, path)
        }

    update, imported = pledge.status_updates.filter(state="published").order_by("-effective_on")
    changes = [
        lambda: correct_status_update(
            update=update, new_text="Not so.", kind="update", note="N.", by=author, now=LATER
        ),
        lambda: approve_status_update(update=imported, by=record.user(), now=LATER),
        lambda: approve_status_update(update=imported, by=record.user(), now=LATER),
        lambda: approve_status_update(
            update=imported, by=record.user(), now=LATER + timedelta(hours=1)
        ),
        lambda: _retitled(pledge, author),
        lambda: record.published_update(by=author, of=pledge, now=LATER, status="in_the_works"),
    ]
    moved = []
    for change in changes:
        before = states()
        change()
        after = states()
        assert before.keys() <= after.keys()
        for name, (modified, text) in before.items():
            assert (modified == after[name][0]) == (text == after[name][1])
        moved.append(sum(before[name] != after[name] for name in before))
    assert moved == [1, 0, 1, 1, 2, 0]


def _retitled(pledge: Pledge, author: User) -> None:
    pledge.refresh_from_db()
    pledge.title = "Do it at once"
    later = LATER + timedelta(days=1)
    correct_pledge(pledge=pledge, kind="clarification", note="N.", by=author, now=later)


def test_who_has_it_gets_304_until_something_of_it_changes(
    client: Client, author: User, pledge: Pledge
) -> None:
    path = f"/pledges/{pledge.slug}/updates.atom"
    first = client.get(path)
    record.published_update(by=author, of=record.pledge(by=author))
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    record.published_update(by=author, of=pledge)
    later = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200


def test_what_is_withdrawn_leaves_the_feeds(client: Client, author: User, pledge: Pledge) -> None:
    update = pledge.status_updates.get(status="compromise")
    retract_status_update(update=update, reason="Wrong.", by=author, now=LATER)
    assert len(items(client, f"/pledges/{pledge.slug}/updates.json")) == 1
    retract_pledge(pledge=pledge, reason="Never said.", by=author, now=LATER)
    assert client.get(f"/pledges/{pledge.slug}/updates.atom").status_code == 410
    assert len(items(client, "/updates.json")) == 1
    assert items(client, "/topics/bail/updates.json") == []
    assert client.get("/topics/nowhere/updates.atom").status_code == 404
    assert client.get("/prosecutors/nobody/updates.json").status_code == 404


@pytest.mark.parametrize(
    ("page", "feed"), [("/", "/updates"), ("pledge", "updates"), ("topic", "updates")]
)
def test_pages_lead_to_their_feeds(client: Client, pledge: Pledge, page: str, feed: str) -> None:
    address = {"pledge": f"/pledges/{pledge.slug}/", "topic": "/topics/bail/"}.get(page, page)
    html = client.get(address).content.decode()
    for media, end in (("atom+xml", "atom"), ("feed+json", "json")):
        assert (
            f'<link rel="alternate" type="application/{media}" title="Updates"'
            f' href="{address}updates.{end}">' in html
        )
