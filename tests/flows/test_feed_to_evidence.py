"""From a feed that an editor adds to evidence on a public page; and a source that falls ill."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from promises.accounts.models import User
from promises.discovery.models import Candidate, Feed
from promises.discovery.reading import Read, read_due
from promises.evidence.models import Evidence
from promises.officials.models import Person
from promises.pledges.models import Pledge
from tests import record
from tests.desk.sent import page, step
from tests.discovery.test_parsing import item, rss
from tests.fetching.servers import HERE, Hostile, says
from tests.record import NOW

pytestmark = pytest.mark.django_db
STORY = item(
    guid="tag:1",
    title="Prosecutors asked for cash bail less often",
    link="https://times.example.org/bail",
    description="Jane Quillon published figures on minor cases.",
)
ADVERT = item(
    guid="tag:2",
    title="Quillon bail bonds: cash for minor cases",
    link="https://times.example.org/advert",
    description="An advertisement.",
)


@pytest.fixture
def times(settings: LazySettings) -> Iterator[Hostile]:
    """A newsroom whose feed can be changed while it runs: `body`, or None for a fault."""

    def answer(connection: socket.socket, path: str) -> None:
        body = server.body  # type: ignore[attr-defined]
        if body is None:
            says(b"", status="503 Out of order")(connection, path)
        else:
            says(rss(body).encode())(connection, path)

    server = Hostile(answer)
    server.body = STORY + ADVERT  # type: ignore[attr-defined]
    settings.FETCH_ALLOWED_NETWORKS = [f"{HERE}/32"]
    settings.FETCH_PORTS = [server.port]
    yield server
    server.close()


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge about cash bail by Jane Quillon."""
    term = record.term(by=author)
    Person.objects.filter(pk=term.person_id).update(name="Jane Quillon")
    term.person.refresh_from_db()
    return record.pledge(
        by=author,
        of=term,
        title="Stop asking for cash bail",
        statement="She said prosecutors would not ask for cash bail in minor cases.",
    )


def reads(at: Any, **done: int) -> None:
    """Let the worker read what is due at a moment, and say what came of it."""
    by = User.objects.get(username="top")
    assert read_due(by=by, clock=lambda: at) == Read(**done)


def front(client: Client) -> dict[str, list[str]]:
    """Return the boxes of the front page with the names of what waits in them."""
    boxes = client.get("/admin/").context["boxes"]
    return {str(box.title): [row.text for row in box.rows] for box in boxes if box.rows}


def test_from_a_feed_to_a_public_page(
    people: dict[str, Client], pledge: Pledge, times: Hostile
) -> None:
    editor, researcher = people["editor"], people["researcher"]
    added = page(editor, "/admin/discovery/feed/add/", name="Example Times", kind="newsroom",
                 publisher="The Example Times", url=times.url("/feed.xml"))  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        assert editor.post("/admin/discovery/feed/add/", added).status_code == 302
        reads(NOW, feeds=1, new_items=2, matched=2)
        waits = front(researcher)["May be evidence"]
    assert waits[0] == "Prosecutors asked for cash bail less often"
    # The worker has linked nothing, and readers see nothing of it.
    assert Evidence.objects.count() == 0
    story = Candidate.objects.get(item__guid="tag:1")
    there = f"/admin/discovery/candidate/{story.pk}/"
    shown = researcher.get(f"{there}change/").content.decode()
    assert "asked, bail, cases, cash, minor, prosecutors" in shown
    answer = step(
        researcher, f"{there}step/link/", stance="supports", checked="excerpt",
        summary="The office asked for cash bail less often than the year before.",
    )  # fmt: skip
    assert answer.status_code == 302
    piece = Evidence.objects.get()
    assert (piece.state, piece.title) == ("draft", "Prosecutors asked for cash bail less often")
    assert (piece.url, piece.kind) == ("https://times.example.org/bail", "news_report")
    public = Client()
    assert piece.summary not in public.get(f"/pledges/{pledge.slug}/").content.decode()
    step(editor, f"/admin/evidence/evidence/{piece.pk}/step/publish/")
    assert piece.summary in public.get(f"/pledges/{pledge.slug}/").content.decode()
    advert = Candidate.objects.get(item__guid="tag:2")
    step(researcher, f"/admin/discovery/candidate/{advert.pk}/step/dismiss/", reason="An advert.")
    assert "May be evidence" not in front(researcher)
    # Read again, nothing comes back: neither what was linked nor what was dismissed.
    reads(NOW + timedelta(hours=4), feeds=1)
    assert list(Candidate.objects.waiting()) == []


def test_a_source_that_falls_ill_stands_out_until_it_is_well(
    people: dict[str, Client], times: Hostile, author: User
) -> None:
    editor = people["editor"]
    added = page(editor, "/admin/discovery/feed/add/", name="Example Times", kind="newsroom",
                 publisher="The Example Times", url=times.url("/feed.xml"))  # fmt: skip
    title = "Feeds that fail or fell silent"
    with time_machine.travel(NOW, tick=False):
        editor.post("/admin/discovery/feed/add/", added)
        times.body = None  # type: ignore[attr-defined]
        reads(NOW, failed=1)
        assert front(editor)[title] == ["Example Times"]
        feed = Feed.objects.get()
        health = editor.get("/admin/discovery/feed/?health=failing").content.decode()
    for words in ("⚠\u00a0fails", "The server answered with status 503.", "2 March 2026, 12:00"):
        assert words in health
    times.body = STORY  # type: ignore[attr-defined]
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        # It is not its turn for hours; someone asks for it.
        reads(NOW + timedelta(minutes=1))
        step(editor, f"/admin/discovery/feed/{feed.pk}/step/requeue/")
        reads(NOW + timedelta(minutes=1), feeds=1, new_items=1, matched=1)
        assert title not in front(editor)
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        assert front(editor)[title] == ["Example Times"]
        assert (
            "⚠\u00a0silent" in editor.get("/admin/discovery/feed/?health=silent").content.decode()
        )


def test_an_address_that_is_evidence_already_is_linked_not_doubled(
    people: dict[str, Client], pledge: Pledge, times: Hostile, author: User
) -> None:
    piece = record.draft_evidence(by=author, url="http://times.example.org/bail/")
    times.body = STORY  # type: ignore[attr-defined]
    added = page(people["editor"], "/admin/discovery/feed/add/", name="Example Times",
                 kind="newsroom", publisher="x", url=times.url("/feed.xml"))  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        people["editor"].post("/admin/discovery/feed/add/", added)
        reads(NOW, feeds=1, new_items=1, matched=1)
    (candidate,) = Candidate.objects.all()
    there = f"/admin/discovery/candidate/{candidate.pk}/"
    shown = people["researcher"].get(f"{there}change/").content.decode()
    assert "Already evidence" in shown
    assert "Link as new evidence" not in shown
    step(people["researcher"], f"{there}step/link-known/", stance="supports")
    assert list(pledge.evidence.all()) == [piece]
    assert Evidence.objects.count() == 1
