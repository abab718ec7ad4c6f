"""Challenge a rating: the form, what it refuses, and the page of what was sent."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.suggestions.actions import answer_challenge, link_outcome, mark_as_spam, take_up
from promises.suggestions.models import Challenge
from promises.updates.models import Response
from promises.updates.responding import retract_response
from tests import record
from tests.desk.sent import fields_of
from tests.record import NOW
from tests.site import whole
from tests.site.reading import words
from tests.suggestions.challenged import challenge

pytestmark = pytest.mark.django_db
WRITTEN = {
    "kind": "missing_evidence",
    "explanation": "A ruling is missing.\r\nSee <b>page</b> 3.",
    "source_url": "https://court.example.org/ruling",
    "sender_name": "Rita Reader",
    "sender_email": "rita@example.org",
}


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A rated public pledge."""
    made = record.pledge(by=author)
    record.published_update(by=author, of=made)
    made.refresh_from_db()
    return made


def send(
    client: Client, pledge: Pledge, *, after: float = 60, network: str = "192.0.2.1", **more: Any
) -> Any:
    """Open the form, wait, send it."""
    address = f"/pledges/{pledge.slug}/challenge/"
    with time_machine.travel(NOW, tick=False):
        fields = fields_of(client.get(address).content.decode())
    with time_machine.travel(NOW + timedelta(seconds=after), tick=False):
        return client.post(address, {**fields, **WRITTEN, **more}, REMOTE_ADDR=network)


def test_what_is_sent_is_kept_and_has_a_page(pledge: Pledge) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"/pledges/{pledge.slug}/").content.decode()
    assert '<a href="#challenges">Is this rating wrong?</a>' in page
    response = send(client, pledge)
    made = Challenge.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/challenges/{made.reference}/"
    assert made.explanation == "A ruling is missing.\nSee <b>page</b> 3."
    assert (made.status_update, made.edition) == (pledge.status_updates.get(), pledge.edition)
    assert (made.sender_name, made.sender_email) == ("Rita Reader", "rita@example.org")
    assert "192.0.2" not in made.sender_network
    page = client.get(response["Location"])
    seen = words(page)
    assert "Received It has arrived. No editor has taken it up yet." in seen
    assert "An answer is due by 16 March 2026" in seen
    assert page["X-Robots-Tag"] == "noindex"
    for private in ("Rita", "rita@", "ruling", "page</b>"):
        assert private not in page.content.decode()


def test_an_office_is_told_how_its_reply_is_shown_beside_the_rating(
    client: Client, pledge: Pledge
) -> None:
    page = words(client.get(f"/pledges/{pledge.slug}/challenge/"))
    assert "Do you speak for the official, and want a reply shown beside the rating?" in page
    # What it names is in the form.
    assert "Choose “something else”" in page
    assert page.count("something else") == 2


def test_without_the_token_of_the_form_nothing_is_taken(pledge: Pledge) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(f"/pledges/{pledge.slug}/challenge/", WRITTEN)
    assert (response.status_code, Challenge.objects.count()) == (403, 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": ""}, "Choose what is wrong."),
        ({"kind": "rude"}, "Select a valid choice."),
        ({"explanation": "  "}, "Explain what is wrong."),
        ({"explanation": "x" * 4001}, "at most 4000 characters"),
        ({"explanation": "A bell\x07."}, "control character at position 7"),
        ({"source_url": "javascript:alert(1)"}, "Give a full web address"),
        ({"source_url": "see the court"}, "Give a full web address"),
        ({"sender_email": "rita"}, "Enter a valid email address."),
        ({"website": "https://spam.example"}, "Leave the field"),
        ({"seen": "forged"}, "This page was open for too long."),
        ({"after": 1}, "That was faster than people type."),
        ({"after": 90_000}, "This page was open for too long."),
    ],
)
def test_what_cannot_be_taken_comes_back_with_all_that_was_typed(
    client: Client, pledge: Pledge, change: dict[str, Any], message: str
) -> None:
    response = send(client, pledge, **change)
    body = response.content.decode()
    assert response.status_code == 422
    assert message in words(response)
    assert Challenge.objects.count() == 0
    fields = fields_of(body)
    typed = {**WRITTEN, **{key: change[key] for key in change.keys() & WRITTEN.keys()}}
    kept = {name: fields.get(name, "") for name in typed}
    assert kept == typed if change != {"kind": "rude"} else kept | {"kind": "rude"} == typed
    # What was refused for its page or its haste goes through a minute later.
    if "seen" in change or "after" in change:
        later = NOW + timedelta(seconds=change.get("after", 60) + 60)
        with time_machine.travel(later, tick=False):
            again = client.post(f"/pledges/{pledge.slug}/challenge/", fields)
        assert (again.status_code, Challenge.objects.count()) == (302, 1)


def test_a_network_that_sent_enough_is_told_so(client: Client, pledge: Pledge) -> None:
    for number in range(10):
        assert send(client, pledge, explanation=f"Fault {number}.").status_code == 302
    response = send(client, pledge)
    assert response.status_code == 429
    assert "Come back tomorrow." in words(response)
    assert "A ruling is missing." in response.content.decode()
    assert send(client, pledge, network="198.51.100.7").status_code == 302
    assert Challenge.objects.count() == 11


def test_the_same_words_lead_to_the_same_page(client: Client, pledge: Pledge) -> None:
    first, second = send(client, pledge), send(client, pledge)
    assert first["Location"] == second["Location"]
    assert Challenge.objects.get().times_sent == 2
    # The page of a challenge is its sender's alone: a stranger with the same words has another.
    strangers = send(client, pledge, network="198.51.100.7")
    assert strangers["Location"] != first["Location"]
    assert sorted(Challenge.objects.values_list("times_sent", flat=True)) == [1, 2]


def test_the_rating_that_was_read_is_recorded_though_a_newer_one_came(
    client: Client, author: User, pledge: Pledge
) -> None:
    address, read = f"/pledges/{pledge.slug}/challenge/", pledge.status_updates.get()
    with time_machine.travel(NOW, tick=False):
        fields = fields_of(client.get(address).content.decode())
    record.published_update(by=author, of=pledge, status="stalled")
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        client.post(address, {**fields, **WRITTEN})
    made = Challenge.objects.get()
    assert (made.status_update, made.edition) == (read, pledge.edition)


def test_only_public_pledges_can_be_challenged(client: Client, author: User) -> None:
    draft = record.draft_pledge(by=author)
    assert client.get(f"/pledges/{draft.slug}/challenge/").status_code == 404
    assert client.post(f"/pledges/{draft.slug}/challenge/", WRITTEN).status_code == 404
    gone = record.pledge(by=author)
    made = challenge(of=gone)
    retract_pledge(pledge=gone, reason="Never said.", by=author, now=NOW)
    assert client.post(f"/pledges/{gone.slug}/challenge/", WRITTEN).status_code == 410
    # The page of what was sent stays, without the name of what is gone.
    page = client.get(f"/challenges/{made.reference}/")
    assert (page.status_code, gone.title in page.content.decode()) == (200, False)
    assert client.get("/challenges/0123456789abcdef0123/").status_code == 404


def test_the_page_of_the_pledge_leads_to_the_form_and_shows_only_answers(
    client: Client, author: User, pledge: Pledge
) -> None:
    address = f"/pledges/{pledge.slug}/"
    challenge(of=pledge, explanation="Hidden words.")
    page = client.get(address)
    assert f'href="{address}challenge/"' in page.content.decode()
    assert "taken up" not in words(page)
    assert not page.cookies
    take_up(challenge=challenge(of=pledge), by=author, now=NOW)
    made = answer_challenge(
        challenge=challenge(of=pledge), is_accepted=True, answer="You are <right>.",
        summary="A ruling is missing.", by=author, now=NOW,
    )  # fmt: skip
    mark_as_spam(challenge=challenge(of=pledge), by=author, now=NOW)
    page = client.get(address)
    seen = words(page)
    assert "2 challenges taken up, 1 answered" in seen
    assert "The status is wrong · Accepted · answered on 2 March 2026 by Author" in seen
    assert "The objection: A ruling is missing. Our answer: You are <right>." in seen
    for private in ("Hidden", "Rita", "court.example"):
        assert private not in page.content.decode()
    draft = record.draft_update(by=author, of=pledge)
    link_outcome(challenge=made, update=draft, correction=None, by=author, now=NOW)
    seen = words(client.get(f"/challenges/{made.reference}/"))
    assert "The editors’ answer The objection in our words: A ruling is missing." in seen
    assert "It led to" not in seen


def test_a_withdrawn_reply_leaves_its_reason_and_no_word(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    reply = Response.objects.get(pledge=pledge)
    seen = words(client.get(f"/pledges/{pledge.slug}/"))
    assert "We did what could be done. Office of Jane Example, 1 July 2025 · Example" in seen
    retract_response(response=reply, reason="It was not hers.", by=author, now=NOW)
    page = client.get(f"/pledges/{pledge.slug}/")
    assert "A reply that stood here was withdrawn on 2 March 2026: It was not hers." in words(page)
    assert "We did what" not in page.content.decode()
