"""The feeds of corrections, read as programs read them."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils.translation import override

from promises.accounts.models import User
from promises.evidence.actions import retract_evidence
from promises.pledges.models import Pledge
from promises.site import feeds
from promises.site.named import KNOWN, words_for
from promises.updates.correcting import correct_evidence, correct_pledge
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.reading import words
from tests.site.test_languages import translated

pytestmark = pytest.mark.django_db
A = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A pledge with a correction of its rating and one of its title."""
    return whole.pledge(by=author)


def atom(client: Client, query: str = "") -> ElementTree.Element:
    response = client.get(f"/corrections.atom{query}")
    assert (response.status_code, response["Content-Type"]) == (
        200,
        "application/atom+xml; charset=utf-8",
    )
    return ElementTree.fromstring(response.content)


def as_json(client: Client, query: str = "", language: str = "") -> dict[str, Any]:
    response = client.get(f"{language}/corrections.json{query}")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    found: dict[str, Any] = json.loads(response.content)
    return found


def text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(f"{A}{name}") or ""


def test_atom_holds_what_the_standard_asks_for(client: Client, pledge: Pledge) -> None:
    root = atom(client)
    assert root.tag == f"{A}feed"
    assert UUID(text(root, "id"))
    assert text(root, "updated") == "2026-03-02T12:00:00Z"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{A}link")}
    assert links == {
        "self": "http://127.0.0.1:8000/corrections.atom",
        "alternate": "http://127.0.0.1:8000/corrections/",
    }
    first, second = root.findall(f"{A}entry")
    assert text(first, "title") == f"Typing error: {pledge.title} (title)"
    assert text(second, "title") == f"Clarification: {pledge.title} (reasoning)"
    assert text(second, "content") == (
        "It said: The evidence says so.\n\nIt should say: The evidence says so, mostly.\n\n"
        "Why: A reader asked."
    )
    update = pledge.status_updates.get(status="compromise")
    link = second.find(f"{A}link")
    assert link is not None
    assert link.get("href") == f"http://127.0.0.1:8000/pledges/{pledge.slug}/#update-{update.slug}"
    for entry in (first, second):
        assert UUID(text(entry, "id"))
        assert text(entry, "updated") == "2026-03-02T12:00:00Z"
        assert entry.findtext(f"{A}author/{A}name") == "Author"
    assert text(first, "id") != text(second, "id")


def test_json_feed_says_the_same(client: Client, pledge: Pledge) -> None:
    feed, root = as_json(client), atom(client)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://127.0.0.1:8000/corrections.json"
    assert feed["home_page_url"] == "http://127.0.0.1:8000/corrections/"
    entries = root.findall(f"{A}entry")
    assert [item["id"] for item in feed["items"]] == [text(entry, "id") for entry in entries]
    assert [item["content_text"] for item in feed["items"]] == [
        text(entry, "content") for entry in entries
    ]
    assert feed["items"][0]["tags"] == ["typo"]
    assert feed["items"][0]["authors"] == [{"name": "Author"}]
    assert "next_url" not in feed


@pytest.mark.parametrize("name", ["/corrections.atom", "/corrections.json"])
def test_who_has_it_already_gets_304_until_something_is_corrected(
    client: Client, author: User, pledge: Pledge, name: str
) -> None:
    first = client.get(name)
    # The newest entry may be withdrawn, and its date with it: only the tag tells every change.
    assert "Last-Modified" not in first
    assert not first.cookies
    again = client.get(name, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    pledge.title = "Do it better"
    correct_pledge(pledge=pledge, kind="update", note="Again.", by=author, now=NOW)
    later = client.get(name, headers={"If-None-Match": first["ETag"]})
    assert (later.status_code, later["ETag"] == first["ETag"]) == (200, False)
    assert client.post(name).status_code == 405


def test_many_corrections_come_page_by_page(client: Client, author: User, pledge: Pledge) -> None:
    for number in range(50):
        pledge.refresh_from_db()
        pledge.title = f"Do thing {number}"
        later = NOW + timedelta(minutes=number + 1)
        correct_pledge(pledge=pledge, kind="update", note="Again.", by=author, now=later)
    first, second = as_json(client), as_json(client, "?page=2")
    assert (len(first["items"]), len(second["items"])) == (50, 2)
    assert first["next_url"] == "http://127.0.0.1:8000/corrections.json?page=2"
    assert len({item["id"] for item in first["items"] + second["items"]}) == 52
    links = {link.get("rel"): link.get("href") for link in atom(client).findall(f"{A}link")}
    assert links["next"] == "http://127.0.0.1:8000/corrections.atom?page=2"
    assert client.get("/corrections.atom?page=3").status_code == 404


def test_what_was_withdrawn_is_in_no_feed(client: Client, author: User, pledge: Pledge) -> None:
    piece = record.evidence(by=author, about=pledge)
    piece.summary = "Something else happened."
    correct_evidence(evidence=piece, kind="update", note="Misread.", by=author, now=NOW)
    piece.refresh_from_db()
    assert len(as_json(client)["items"]) == 3
    assert as_json(client)["items"][0]["url"].endswith(f"/evidence/{piece.slug}/#corrections")
    retract_evidence(evidence=piece, reason="Forged.", by=author, now=NOW)
    assert len(as_json(client)["items"]) == 2
    assert b"Something else" not in client.get("/corrections.atom").content


def test_a_spanish_feed_has_titles_that_were_translated_and_names_what_was_corrected(
    client: Client, author: User, pledge: Pledge
) -> None:
    translated(pledge, author, title="Hacer lo del ejemplo")
    pledge.quote, pledge.quote_attribution = "I will.", "Jane Example at a debate"
    correct_pledge(pledge=pledge, kind="typo", note="N.", by=author, now=NOW + timedelta(days=1))
    piece = record.evidence(by=author, about=pledge)
    piece.publisher = "The Example Post"
    correct_evidence(evidence=piece, kind="typo", note="N.", by=author, now=NOW + timedelta(days=2))
    titles = {"": pledge.title, "/es": "Hacer lo del ejemplo"}
    found = {
        language: [
            item["title"].partition(": ")[2] for item in as_json(client, "", language)["items"]
        ]
        for language in titles
    }
    for language, of_what in found.items():
        assert of_what[0].startswith(f"{piece.title} (")
        assert {each.rpartition(" (")[0] for each in of_what[1:]} == {titles[language]}
    assert {each.rpartition(" (")[2] for each in found[""]} == {
        "publisher)", "quote)", "quote attribution)", "reasoning)", "title)",
    }  # fmt: skip
    with override("es"):
        names = ("publisher", "quote", "quote_attribution", "reasoning", "title")
        assert {f"{words_for(name)})" for name in names} == {
            each.rpartition(" (")[2] for each in found["/es"]
        }
    assert f"{titles['/es']} (cita)" in found["/es"]
    assert {"publisher", "quote_attribution"} < KNOWN.keys()


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    assert atom(client).findall(f"{A}entry") == []
    assert text(atom(client), "updated") == "2000-01-01T00:00:00Z"
    assert as_json(client)["items"] == []


def test_no_character_can_break_the_xml(rf: Any) -> None:
    bad = "a\x00b\x08c\x0bd\x1fe\x7ff\x85g\ufffeh\uffffi <&>]]>\"' é 𝄞"
    entry = feeds.FeedEntry(
        id=feeds.entry_id("x"), title=bad, path="/x/", text=bad, at=NOW, author=bad, tags=["t"]
    )
    feed = feeds.Feed(name="x", title=bad, about=bad, path="/", entries=[entry])
    request = rf.get("/x.atom")
    root = ElementTree.fromstring(feeds.as_atom(request, feed).content)
    good = "abcdefghi <&>]]>\"' é 𝄞"
    assert root.findtext(f"{A}entry/{A}title") == good
    assert root.findtext(f"{A}entry/{A}content") == good
    assert json.loads(feeds.as_json(request, feed).content)["items"][0]["title"] == good


def test_the_page_of_corrections_leads_to_its_feeds(client: Client, pledge: Pledge) -> None:
    page = client.get("/corrections/").content.decode()
    for media, path in (("atom+xml", "atom"), ("feed+json", "json")):
        assert (
            f'<link rel="alternate" type="application/{media}" title="Corrections"'
            f' href="/corrections.{path}">' in page
        )


def test_a_correction_stands_beside_the_words_it_is_about(
    client: Client, author: User, pledge: Pledge
) -> None:
    page = client.get(f"/pledges/{pledge.slug}/").content.decode()
    update = pledge.status_updates.get(status="compromise")
    timeline = page[page.index(f'id="update-{update.slug}"') :]
    assert "Corrected on 2 March 2026" in timeline[: timeline.index("</li>")]
    assert "<del>The evidence says so.</del>" in timeline[: timeline.index("</li>")]
    seen = words(client.get(f"/pledges/{pledge.slug}/"))
    assert "These words were corrected on 2 March 2026. What it should say" in seen
    assert (
        "What stands here about the promise was corrected on 2 March 2026. What was changed" in seen
    )
    piece = pledge.evidence.order_by("pk").first()
    assert piece is not None
    assert ">corrected</a>" not in page
    piece.summary = "Something else happened."
    correct_evidence(evidence=piece, kind="update", note="Misread.", by=author, now=NOW)
    assert client.get(f"/pledges/{pledge.slug}/").content.decode().count(">corrected</a>") == 1
    seen = words(client.get(f"/evidence/{piece.slug}/"))
    assert "What stands here was corrected on 2 March 2026." in seen


def test_updated_moves_with_the_title_of_what_was_corrected(
    client: Client, author: User, pledge: Pledge
) -> None:
    piece = record.evidence(by=author, about=pledge)
    days = [NOW + timedelta(days=number) for number in range(4)]
    piece.summary = "Something else happened."
    correct_evidence(evidence=piece, kind="update", note="N.", by=author, now=days[1])
    before = {item["id"]: item for item in as_json(client)["items"]}
    pledge.title = "Do it at once"
    correct_pledge(pledge=pledge, kind="typo", note="N.", by=author, now=days[2])
    piece.refresh_from_db()
    piece.title = "Another headline"
    correct_evidence(evidence=piece, kind="typo", note="N.", by=author, now=days[3])
    found = as_json(client)["items"]
    moved = [item for item in found if item["id"] in before and item != before[item["id"]]]
    assert [(item["title"], item["date_modified"]) for item in moved] == [
        ("Update: Another headline (summary)", "2026-03-05T12:00:00Z"),
        ("Typing error: Do it at once (title)", "2026-03-04T12:00:00Z"),
        ("Clarification: Do it at once (reasoning)", "2026-03-04T12:00:00Z"),
    ]
    told = [item["date_modified"] for item in found if item["id"] not in before]
    assert told == ["2026-03-05T12:00:00Z", "2026-03-04T12:00:00Z"]
