"""No word of ours is written into a page: each can be translated, each of the record is marked.

Every public page is asked for in a language in which each message stands in brackets. What stands
outside of them must be the record's, and marked as English, or a name.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from promises.accounts.models import User
from promises.alerts import tokens
from promises.alerts.models import Subscription
from promises.evidence.actions import retract_evidence
from promises.evidence.models import Evidence, EvidenceLink
from promises.metrics.models import Metric
from promises.officials.models import Jurisdiction, Office, Person
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge, Topic
from promises.record_requests.models import RecordRequest
from promises.site.pages.reference import COLOURS, SIZES
from promises.sources.entering import follow_evidence
from promises.staleness.actions import sweep_stale
from promises.suggestions.actions import answer_challenge
from promises.suggestions.models import Challenge, Suggestion
from promises.suggestions.suggesting import set_suggestion_aside
from tests import record
from tests.alerts.followed import ask, deliver, following, told
from tests.record import NOW
from tests.site import pseudo, whole
from tests.site.addresses import every_address
from tests.site.test_queries import founding
from tests.suggestions.challenged import challenge
from tests.suggestions.suggested import suggestion

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=400)
TEMPLATES = Path(settings.TEMPLATES[0]["DIRS"][0])
# The same in every language: names of formats and licences, of ourselves, of the other language.
NAMES = {
    "Atom", "JSON Feed", "JSON", "BibTeX", "CSV", "SHA-256", "UTC", "English", "/api/v1/",
    "21 Principles for the 21st Century Prosecutor", "text/plain",
}  # fmt: skip
# Of the page that shows how pages look: tokens of the style sheet, invented people.
NAMES |= {*COLOURS, *SIZES, "Jane Example", "Sam Example"}
# Drawn for programs, not read as a page.
NO_PAGE = {"site/embed/frame.html", "site/cards/pledge.svg"}


@pytest.fixture
def everything(author: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pledge]:
    """A record that has one of everything, long ago; Spanish stands in brackets."""
    topic = record.topic(by=author, parent=record.topic(by=author, about="What is on top."))
    pledge = whole.pledge(by=author, topic=topic, quote="Never.", quote_attribution="Jane, 2023")
    founding(author, [pledge])
    made_in = EvidenceLink.objects.filter(pledge=pledge, is_source=True)[0].evidence
    record.copy_of(made_in, by=author, text="She said it aloud. Never. So it stands.")
    follow_evidence(by=author, now=NOW)
    whole.successor(by=author, term=pledge.term, is_published=True)
    answered = challenge(of=pledge)
    answer_challenge(challenge=answered, is_accepted=False, answer="No.", by=author, now=NOW)
    challenge(of=pledge)
    suggestion(pledge=pledge)
    aside = suggestion()
    set_suggestion_aside(suggestion=aside, reason="We have it.", by=author, now=NOW)
    gone = record.evidence(by=author, about=pledge)
    retract_evidence(evidence=gone, reason="A forgery.", by=author, now=NOW)
    other = record.pledge(by=author, of=pledge.term, topic=topic)
    retract_pledge(pledge=other, reason="Never said.", by=author, now=NOW)
    sweep_stale(by=author, now=LATER)
    language = pseudo.speak(monkeypatch)
    with time_machine.travel(LATER, tick=False):
        yield pledge
    assert language.missing == set()


def names() -> set[str]:
    """Return names of people, places, publishers and numbers of ours: no language has others."""
    found = NAMES | {"example-dashboard", "news.example.org"}
    found |= {str(user) for user in User.objects.all()}
    found |= {person.name for person in Person.objects.all()}
    for place in Jurisdiction.objects.all():
        found |= {str(place), place.name, place.state}
    found |= {piece.publisher for piece in Evidence.objects.all()}
    found |= {piece.slug for piece in Evidence.objects.all()}
    found |= {str(made.sent_to) for made in RecordRequest.objects.all()}
    found |= {made.reference for made in [*Challenge.objects.all(), *Suggestion.objects.all()]}
    return {name for name in found if name}


def words_of_the_record() -> set[str]:
    """Return what the record says where nothing can be marked: titles, in the head of a page."""
    found = {str(each) for model in (Topic, Office, Metric) for each in model.objects.all()}
    found |= {pledge.title for pledge in Pledge.objects.all()}
    found |= {pledge.statement for pledge in Pledge.objects.all()}
    found |= {made.subject for made in RecordRequest.objects.all()}
    for piece in Evidence.objects.all():
        found |= {piece.title, piece.summary}
    return found


def pages(pledge: Pledge) -> list[str]:
    """Return the address of every page in Spanish, and of pages in each of their states."""
    person, slug = pledge.person.slug, pledge.slug
    gone = Evidence.objects.get(state="retracted")
    day = NOW.date()
    more = [
        "/search/?q=example", "/search/?q=exampel", "/search/?q=!", "/search/?q=a&in=x",
        "/search/?q=example&in=pledges", f"/compare/?a={person}", f"/compare/?a={person}&b=x",
        "/pledges/?status=x", "/pledges/?q=nothingofthesort", "/pledges/?page=9",
        "/pledges/?page=x", "/nothing/", "/stale/?reason=x", f"/metrics/?pledge={slug}",
        f"/prosecutors/{person}/?by=status", f"/follow/?pledge={slug}",
        f"/follow/?prosecutor={person}", f"/suggest/?pledge={slug}",
        f"/suggest/?prosecutor={person}",
        f"/evidence/{gone.slug}/", f"/pledges/{slug}/?as_of={day}", f"/pledges/{slug}/?as_of=x",
        f"/prosecutors/{person}/?as_of={day}", f"/topics/{pledge.topic.slug}/?as_of={day}",
        f"/pledges/{slug}/?as_of=2019-01-01", f"/embed/pledges/{slug}/",
        f"/embed/prosecutors/{person}/", f"/embed/pledges/{gone_pledge().slug}/",
    ]  # fmt: skip
    return [f"/es{address}" for address in [*every_address(), *more]]


def gone_pledge() -> Pledge:
    """Return the pledge that was withdrawn."""
    return Pledge.objects.get(state="retracted")


def answers(client: Client, pledge: Pledge) -> Iterator[tuple[str, Any]]:
    """Return the answer of every page, of forms sent empty, and of the links of mails."""
    for address in pages(pledge):
        yield address, client.get(address)
    forms = (f"pledges/{pledge.slug}/challenge/", "suggest/", f"follow/?pledge={pledge.slug}")
    for form in forms:
        yield f"POST {form}", client.post(f"/es/{form}", {})
    followed = following(pledge, language="es")
    ask(pledge.person, language="es")
    waiting = Subscription.objects.latest("pk")
    with translation.override("es"):
        links = [
            tokens.confirm_address(waiting, "daily"),
            tokens.manage_address(followed.subscriber),
            tokens.stop_address(followed.subscriber),
            tokens.stop_address(followed.subscriber, followed),
        ]
    for link in links:
        yield link, client.get(link.removeprefix(settings.SITE_URL))
    yield "POST stop", client.post(links[2].removeprefix(settings.SITE_URL), {})


def wrong_in(html: str) -> list[str]:
    """Return what of a page is neither a message, nor marked, nor a name."""
    page = pseudo.Outside(html)
    of_the_record = names() | words_of_the_record()
    return pseudo.unknown(page.bare, names()) + pseudo.unknown(page.named, of_the_record)


def test_every_word_of_a_page_can_be_translated_or_is_marked(
    client: Client, everything: Pledge
) -> None:
    wrong, used = {}, set()
    for address, response in answers(client, everything):
        used |= {template.name for template in response.templates}
        if found := wrong_in(response.content.decode()):
            wrong[address] = found
    assert wrong == {}
    ours = {str(path.relative_to(TEMPLATES)) for path in (TEMPLATES / "site").rglob("*.*")}
    assert ours - used - NO_PAGE == set()


@pytest.mark.parametrize(
    "template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"]
)
def test_pages_of_refusal_too(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pseudo.speak(monkeypatch)
    with translation.override("es"):
        assert wrong_in(render_to_string(template)) == []


def test_mails_to_followers_too(everything: Pledge, author: User) -> None:
    followed = following(everything, now=LATER, language="es")
    record.published_update(by=author, of=everything, now=LATER + timedelta(minutes=1))
    assert told(LATER + timedelta(minutes=2)) == 1
    deliver(LATER + timedelta(minutes=2))
    ask(everything.person, now=LATER, language="es")
    deliver(LATER + timedelta(minutes=3))
    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        ((html, _type),) = sent.alternatives  # type: ignore[attr-defined]
        assert wrong_in(str(html)) == []
        assert f"/es/follow/manage/{tokens.manage_token(followed.subscriber)[:8]}" in str(
            html
        ) or "/es/follow/confirm/" in str(html)
