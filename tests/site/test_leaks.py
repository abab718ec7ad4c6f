"""Nothing unpublished leaves: every kind of hidden thing, looked for in every page."""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from promises.accounts.models import User
from promises.editorial.models import Editorial
from promises.evidence.actions import publish_evidence
from promises.evidence.models import Evidence
from promises.officials.models import Person
from promises.pledges.actions import publish_pledge
from promises.pledges.models import Pledge
from promises.record_requests.models import RecordRequest
from promises.staleness.actions import sweep_stale
from tests import record
from tests.record import NOW
from tests.site.addresses import (
    OF_RECORDS,
    PAGES,
    RECORDS,
    every_address,
    every_address_for_programs,
    of_programs,
)
from tests.site.hidden import LATER, SECRET, hidden_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden(author: User) -> Pledge:
    """A public pledge of which everything is known, surrounded by all that is not public."""
    return hidden_record(author)


def _bodies(client: Client) -> dict[str, tuple[int, str]]:
    """Return status and text of every address, and of lists asked for what is hidden."""
    # Part of the secret, so that the search box itself does not repeat all of it.
    asked = [f"{PAGES[name]}?q={SECRET[:8]}" for name in ("search", "pledges")]
    asked += [f"/pledges/?sort={sort}&stale=true" for sort in ("since", "reviewed", "title")]
    # Whether anything works is told by no record.
    asked += [each for each in every_address_for_programs() if each not in ("/healthz", "/readyz")]
    addresses = [*every_address(), *asked]
    # In Spanish too; what has one address for all languages is found there once.
    addresses += [f"/es{address}" for address in addresses if not of_programs(address)]
    found = {}
    for address in addresses:
        response = client.get(address)
        found[address] = (
            response.status_code,
            response.content.decode(errors="replace") + str(response.headers),
        )
    return found


def test_no_page_holds_anything_hidden(client: Client, hidden: Pledge, author: User) -> None:
    sweep_stale(by=author, now=LATER)
    with time_machine.travel(LATER):
        bodies = _bodies(client)
    assert len(bodies) == 252
    assert [address for address, (_status, body) in bodies.items() if SECRET in body] == []
    # The public pledge itself is there, with its withdrawn rating taken back.
    status, body = bodies[f"/pledges/{hidden.slug}/"]
    assert (status, "Stalled" in body) == (200, True)


def test_what_is_not_public_has_no_page_and_what_was_withdrawn_says_so(
    client: Client, hidden: Pledge
) -> None:
    seen = {"published": set(), "retracted": set(), "draft": set()}  # type: dict[str, set[int]]
    for pattern, model in [*RECORDS.values(), *OF_RECORDS.values()]:
        if not issubclass(model, Editorial):
            continue
        for thing in model._default_manager.all():
            status = client.get(pattern.format(thing.slug)).status_code
            if isinstance(thing, RecordRequest) and not thing.pledges.filter(state="published"):
                assert status == 404
                continue
            of_hidden_person = (
                isinstance(thing, Pledge)
                and thing.state == "published"
                and thing.person.state != "published"
            )
            never_in_office = isinstance(thing, Person) and not thing.terms.exists()
            if not (of_hidden_person or never_in_office):
                seen[thing.state].add(status)
            else:
                assert status == 404
    assert seen == {"published": {200}, "retracted": {410}, "draft": {404}}


def test_a_withdrawn_page_holds_its_reason_and_nothing_else(client: Client, hidden: Pledge) -> None:
    gone = Evidence.objects.get(state="retracted")
    response = client.get(f"/evidence/{gone.slug}/")
    assert b"It was a forgery." in response.content
    assert gone.publisher.encode() not in response.content
    assert gone.summary.encode() not in response.content


def test_counts_count_only_what_is_public(client: Client, hidden: Pledge) -> None:
    with time_machine.travel(LATER):
        pages = {name: client.get(address).content.decode() for name, address in PAGES.items()}
        topic = client.get(f"/topics/{hidden.topic.slug}/").content.decode()
    assert "<strong>0 of 1 kept,</strong> 1 stalled." in pages["prosecutors"]
    assert "One pledge</h2>" in pages["pledges"]
    assert "One pledge</caption>" in topic
    assert "One pledge</h2>" in pages["stale"]
    assert "Nobody has looked again in time</a> 1</li>" in pages["stale"]
    assert '<p class="row-meta">1 pledge</p>' in pages["topics"]
    assert "One pledge may be out of date:" in pages["home"]
    assert "of 3</h2>" in pages["updates"]
    assert "of 2</h2>" in pages["corrections"]
    assert "One series</h2>" in pages["metrics"]


def test_a_draft_published_later_appears(client: Client, author: User) -> None:
    draft = record.draft_pledge(by=author, title=f"{SECRET} draft")
    page = f"/pledges/{draft.slug}/"
    assert client.get(page).status_code == 404
    publish_pledge(pledge=draft, by=author, now=NOW)
    assert SECRET in client.get(page).content.decode()
    piece = record.draft_evidence(by=author)
    assert client.get(f"/evidence/{piece.slug}/").status_code == 404
    publish_evidence(evidence=piece, by=author, now=timezone.now())
    assert client.get(f"/evidence/{piece.slug}/").status_code == 200
