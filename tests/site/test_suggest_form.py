"""Suggest on the public pages: the form, what it refuses, and the page of what was sent."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.evidence.actions import publish_evidence
from promises.evidence.models import Evidence
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.suggestions.models import Suggestion
from promises.suggestions.suggesting import (
    draft_suggested_evidence,
    set_suggestion_aside,
    take_up_suggestion,
)
from tests import record
from tests.desk.sent import fields_of
from tests.record import NOW
from tests.site.reading import words
from tests.suggestions.suggested import suggestion

pytestmark = pytest.mark.django_db
WRITTEN = {
    "kind": "evidence",
    "explanation": "The ruling ends it.\r\nSee <b>page</b> 3.",
    "source_url": "https://court.example.org/ruling",
    "sender_name": "Rita Reader",
    "sender_email": "rita@example.org",
}


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge."""
    return record.pledge(by=author)


def send(
    client: Client, query: str = "", *, after: float = 60, network: str = "192.0.2.1", **more: Any
) -> Any:
    """Open the form, wait, send it."""
    address = f"/suggest/{query}"
    with time_machine.travel(NOW, tick=False):
        fields = fields_of(client.get(address).content.decode())
    with time_machine.travel(NOW + timedelta(seconds=after), tick=False):
        return client.post(address, {**fields, **WRITTEN, **more}, REMOTE_ADDR=network)


def test_what_is_sent_is_kept_and_has_a_page(pledge: Pledge) -> None:
    client = Client(enforce_csrf_checks=True)
    for page, query in (
        (f"/pledges/{pledge.slug}/", f"?pledge={pledge.slug}"),
        (f"/prosecutors/{pledge.person.slug}/", f"?prosecutor={pledge.person.slug}"),
        ("/about/", ""),
    ):
        assert f'href="/suggest/{query}"' in client.get(page).content.decode()
    response = send(client, f"?pledge={pledge.slug}")
    made = Suggestion.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/suggestions/{made.reference}/")
    assert made.explanation == "The ruling ends it.\nSee <b>page</b> 3."
    assert (made.kind, made.pledge, made.person) == ("evidence", pledge, None)
    assert (made.sender_name, made.sender_email) == ("Rita Reader", "rita@example.org")
    assert "192.0.2" not in made.sender_network
    page = client.get(response["Location"])
    assert "Received It has arrived. No editor has taken it up yet." in words(page)
    assert page["X-Robots-Tag"] == "noindex"
    for private in ("Rita", "rita@", "ruling", "page</b>"):
        assert private not in page.content.decode()


def test_a_pledge_is_suggested_for_an_official_or_for_anyone(
    client: Client, pledge: Pledge
) -> None:
    send(client, f"?prosecutor={pledge.person.slug}", kind="pledge", source_url="")
    send(client, kind="pledge")
    rows = Suggestion.objects.order_by("pk").values_list("kind", "person", "pledge", "source_url")
    assert list(rows) == [
        ("pledge", pledge.person.pk, None, ""),
        ("pledge", None, None, WRITTEN["source_url"]),
    ]


def test_of_a_pledge_only_evidence_is_suggested(client: Client, pledge: Pledge) -> None:
    send(client, f"?pledge={pledge.slug}", kind="pledge")
    assert Suggestion.objects.get().kind == "evidence"


def test_without_the_token_of_the_form_nothing_is_taken(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/suggest/", WRITTEN)
    assert (response.status_code, Suggestion.objects.count()) == (403, 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": ""}, "Choose what you know of."),
        ({"kind": "rumour"}, "Select a valid choice."),
        ({"explanation": "  "}, "Say in a few words what it says."),
        ({"explanation": "x" * 4001}, "at most 4000 characters"),
        ({"explanation": "A bell\x07."}, "control character at position 7"),
        ({"source_url": ""}, "Give the address at which it can be read."),
        ({"source_url": "javascript:alert(1)"}, "Give a full web address"),
        ({"source_url": "https://x.org/" + "x" * 500}, "at most 500 characters"),
        ({"sender_email": "rita"}, "Enter a valid email address."),
        ({"website": "https://spam.example"}, "Leave the field"),
        ({"seen": "forged"}, "This page was open for too long."),
        ({"after": 1}, "That was faster than people type."),
        ({"after": 90_000}, "This page was open for too long."),
    ],
)
def test_what_cannot_be_taken_comes_back_with_all_that_was_typed(
    client: Client, db: None, change: dict[str, Any], message: str
) -> None:
    response = send(client, **change)
    assert response.status_code == 422
    assert message in words(response)
    assert Suggestion.objects.count() == 0
    fields = fields_of(response.content.decode())
    typed = {**WRITTEN, **{key: change[key] for key in change.keys() & WRITTEN.keys()}}
    kept = {name: fields.get(name, "") for name in typed}
    assert kept == typed if change != {"kind": "rumour"} else kept | {"kind": "rumour"} == typed


def test_a_page_of_a_host_whose_clock_is_ahead_is_taken(client: Client, db: None) -> None:
    assert send(client, after=-600).status_code == 302
    assert Suggestion.objects.get().explanation == "The ruling ends it.\nSee <b>page</b> 3."


def test_a_network_that_sent_enough_is_told_so(client: Client, db: None) -> None:
    for number in range(10):
        assert send(client, explanation=f"Thing {number}.").status_code == 302
    response = send(client)
    assert (response.status_code, "Come back tomorrow." in words(response)) == (429, True)
    assert "The ruling ends it." in response.content.decode()
    assert send(client, network="198.51.100.7").status_code == 302
    assert Suggestion.objects.count() == 11


def test_the_same_again_leads_to_the_same_page(client: Client, db: None) -> None:
    first, second = send(client), send(client)
    assert first["Location"] == second["Location"]
    assert Suggestion.objects.get().times_sent == 2
    # The page of one sender is not shown to another.
    assert send(client, network="198.51.100.7")["Location"] != first["Location"]
    assert send(client, explanation="Other words.")["Location"] != first["Location"]


def test_only_what_is_public_can_be_named(client: Client, author: User) -> None:
    draft, gone = record.draft_pledge(by=author), record.pledge(by=author)
    made = suggestion(pledge=gone)
    retract_pledge(pledge=gone, reason="Never said.", by=author, now=NOW)
    for query, status in (
        (f"pledge={draft.slug}", 404), (f"pledge={gone.slug}", 410), ("prosecutor=x", 404),
        ("pledge=a&prosecutor=b", 400), ("", 200),
    ):  # fmt: skip
        assert client.get(f"/suggest/?{query}").status_code == status, query
    page = client.get(f"/suggestions/{made.reference}/")
    assert (page.status_code, gone.title in page.content.decode()) == (200, False)
    assert client.get("/suggestions/0123456789abcdef0123/").status_code == 404


def test_the_sender_sees_where_it_stands_and_never_a_draft(
    client: Client, author: User, pledge: Pledge
) -> None:
    made, other = suggestion(pledge=pledge), suggestion(pledge=pledge)
    address = f"/suggestions/{made.reference}/"
    take_up_suggestion(suggestion=made, by=author, now=NOW)
    assert "An editor is looking at it." in words(client.get(address))
    piece = Evidence(
        slug="quillfeather", title="Quillfeather", kind="court_filing", checked="excerpt",
        provenance="independent", publisher="Court", url="https://court.example.org/",
        published_on=NOW.date(), summary="It ended.",
    )  # fmt: skip
    draft_suggested_evidence(suggestion=made, evidence=piece, link=None, by=author, now=NOW)
    page = client.get(address)
    assert "Draft made An editor has made a draft of it." in words(page)
    assert "uillfeather" not in page.content.decode()
    publish_evidence(evidence=piece, by=author, now=NOW)
    assert 'href="/evidence/quillfeather/"' in client.get(address).content.decode()
    set_suggestion_aside(suggestion=other, reason="We have it.", by=author, now=NOW)
    seen = words(client.get(f"/suggestions/{other.reference}/"))
    assert "An editor has looked at it and set it aside. Why: We have it." in seen


def test_its_title_says_what_it_is_about(client: Client, pledge: Pledge) -> None:
    person = pledge.person
    expected = {
        "": "Suggest evidence or a pledge",
        f"?pledge={pledge.slug}": f"Suggest evidence · {person}: {pledge.title}",
        f"?prosecutor={person.slug}": f"Suggest evidence or a pledge · {person}",
    }
    for query, title in expected.items():
        assert f"<title>{title} · Prosecutor" in client.get(f"/suggest/{query}").content.decode(), (
            query
        )
