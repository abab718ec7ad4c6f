"""How often each page asks the database: the same for one pledge and for twelve."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promises.accounts.models import User
from promises.evidence.actions import publish_evidence, save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.suggestions.actions import answer_challenge
from promises.updates.following import record_review
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.addresses import MACHINES, PAGES, RECORDS
from tests.suggestions.challenged import challenge

pytestmark = pytest.mark.django_db

# Page → how many queries, and which.
QUERIES = {
    # Founding links, their newest updates, the oldest overdue, what is stale of all these,
    # counts by status, officials, their terms, how many are overdue, for which reasons, recent
    # updates.
    "home": 10,
    # Counts by status, officials, their terms.
    "prosecutors": 3,
    # The person, the terms, pledges, what is stale of them, elections, who stood, reports of the
    # results, where they were read, pauses.
    "prosecutor": 9,
    # Topics and people for the filters, the count, the pledges, what is stale of them.
    "pledges": 5,
    # The pledge with its metrics and the answers to challenges, what is stale, criteria, evidence,
    # updates with who signed and what they cite, reviews, replies, corrections.
    "pledge": 8,
    # The tree with its counts.
    "topics": 1,
    # The topic, the topics below it, pledges, newest updates, what is stale.
    "topic": 5,
    # The count, the updates with who signed.
    "updates": 2,
    # Officials for the filter, the count, the pledges, what is stale of them, counts by reason,
    # ages, newest figures, sources, what nobody watches, the last sweep.
    "stale": 10,
    # The evidence, what it says, ratings that rest on it, results read from it, corrections.
    "evidence": 5,
    # The count, the series.
    "metrics": 2,
    # The series, its values, the pledges.
    "metric": 3,
    # Pledges, what is stale of them, how many, how much evidence, the evidence.
    "search": 5,
    # Policies, versions with how many ratings were made under each.
    "methodology": 2,
    # The count, the corrections.
    "corrections": 2,
    "about": 0,
    # Where figures come from.
    "data": 1,
    "healthz": 0,
    # The newest sweep.
    "readyz": 1,
    "robots": 0,
    # The count, the corrections.
    "corrections_atom": 2,
    "corrections_json": 2,
    # The count, the episodes.
    "stale_atom": 2,
    "stale_json": 2,
    # The pledge, its newest rating.
    "challenge": 2,
    # The challenge with all it names.
    "tracking": 1,
}
LATER = NOW + timedelta(days=400)  # All of it is stale by then.
MORE = {"search": "?q=example"}


def founding(author: User, pledges: list[Pledge]) -> None:
    """Make all these pledges part of the founding document."""
    article = record.draft_evidence(by=author, slug=settings.FOUNDING_DOCUMENT)
    for pledge in pledges:
        link = EvidenceLink(pledge=pledge, evidence=article, stance="context", is_source=True)
        save_evidence_link(link=link, by=author, now=NOW)
    publish_evidence(evidence=article, by=author, now=NOW)


def one(author: User) -> Pledge:
    """One pledge of which everything is known."""
    pledge = whole.pledge(by=author)
    founding(author, [pledge])
    challenge(of=pledge)
    return pledge


def twelve(author: User) -> Pledge:
    """Twelve pledges by three people; the first one has several of everything."""
    topic = record.topic(by=author)
    terms = [record.term(by=author) for _ in range(3)]
    pledges = [whole.pledge(by=author, of=term, topic=topic) for term in terms]
    pledges += [record.pledge(by=author, of=terms[number % 3], topic=topic) for number in range(9)]
    for _ in range(3):
        record.evidence(by=author, about=pledges[0], stance="contradicts")
        record.published_update(by=author, of=pledges[0])
        whole.metric(by=author, about=pledges[0])
        record_review(pledge=pledges[0], note="Looked.", by=author, now=NOW)
        sent = challenge(of=pledges[0])
        answer_challenge(challenge=sent, is_accepted=False, answer="No.", by=author, now=NOW)
    founding(author, pledges)
    return pledges[0]


def addresses(pledge: Pledge) -> dict[str, str]:
    """Return the address of every page, with the records around this pledge."""
    evidence, metric = pledge.evidence.order_by("pk").first(), pledge.metrics.order_by("pk").first()
    assert evidence is not None
    assert metric is not None
    slugs = {
        "prosecutor": pledge.person.slug,
        "pledge": pledge.slug,
        "topic": pledge.topic.slug,
        "evidence": evidence.slug,
        "metric": metric.slug,
        "challenge": pledge.slug,
        "tracking": pledge.challenges.latest("pk").reference,
    }
    records = {name: pattern.format(slugs[name]) for name, (pattern, _model) in RECORDS.items()}
    found = {**PAGES, **records, **MACHINES}
    return {name: address + MORE.get(name, "") for name, address in found.items()}


@pytest.mark.parametrize("data", [one, twelve])
def test_every_page_asks_as_often_as_written_above(
    client: Client, author: User, data: Callable[[User], Pledge]
) -> None:
    asked = {}
    pages = addresses(data(author))
    sweep_stale(by=author, now=LATER)
    for name, address in pages.items():
        with time_machine.travel(LATER), CaptureQueriesContext(connection) as queries:
            assert client.get(address).content, name
        asked[name] = len(queries)
    assert asked == QUERIES
