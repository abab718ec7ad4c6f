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
from promises.metrics.models import Metric
from promises.officials.models import Person
from promises.pledges.models import Pledge, Topic
from promises.record_requests.actions import save_request_pledge
from promises.record_requests.models import RequestPledge
from promises.sources.entering import follow_evidence
from promises.staleness.actions import sweep_stale
from promises.suggestions.actions import answer_challenge
from tests import record
from tests.record import NOW, record_review
from tests.record_requests.filed import request
from tests.site import whole
from tests.site.addresses import FORMS, MACHINES, OF_RECORDS, PAGES, RECORDS
from tests.suggestions.challenged import challenge
from tests.suggestions.suggested import suggestion
from tests.vocabulary import gather

pytestmark = pytest.mark.django_db

# Page → how many queries, and which.
QUERIES = {
    # Founding links, their newest updates, the oldest overdue, what is stale of all these,
    # counts by status, officials, their terms, how many are overdue, for which reasons, recent
    # updates.
    "home": 10,
    # How many officials, those of the page, their terms, counts by status.
    "prosecutors": 4,
    # Officials, their terms, the pledges, what is stale of them.
    "compare": 4,
    # The person, the terms, pledges, what is stale of them, ratings, elections, who stood, reports
    # of the results, where they were read, replies, pauses.
    "prosecutor": 11,
    # The person, the rows of the pledges.
    "prosecutor_csv": 2,
    # Topics and people for the filters, the count, the pledges, what is stale of them.
    "pledges": 5,
    # The pledge with its reviews, metrics, marked periods, the answers to challenges and requests
    # for records, what is stale, criteria, evidence, updates with who signed and what they cite,
    # values of the metrics that are drawn, replies, corrections.
    "pledge": 8,
    # The pledge, the rows of its ratings.
    "pledge_csv": 2,
    # The pledge.
    "pledge_bib": 1,
    # The pledge, what the ledger holds of its words.
    "wording": 4,
    # The tree with its counts.
    "topics": 1,
    # The topic, counts by status, how many pledges, those of the page, newest updates, what is
    # stale, the topics below it.
    "topic": 7,
    # The count, the updates with who signed.
    "updates": 2,
    # Officials for the filter, ages, the pledges, what is stale of them, counts by reason,
    # newest figures, sources, what nobody watches, the last sweep.
    "stale": 9,
    # The evidence, its original, what is quoted from it, what it says, what is stale of that,
    # ratings that rest on it, results read from it, corrections, copies.
    "evidence": 10,
    # The count, the series.
    "metrics": 2,
    # The series with its marked periods, its values, the pledges, what is stale of them.
    "metric": 5,
    # The series, the rows of its values.
    "metric_csv": 2,
    # The count, the requests.
    "record_requests": 2,
    # The request, its pledges, what is stale of them, extensions, what came of it.
    "record_request": 5,
    # Forms of the words, pledges found, their order (of one there is none), evidence found, copies
    # that hold the words, what it is about, its order, pledges, evidence.
    "search": 9,
    # Policies, versions with how many ratings were made under each.
    "methodology": 2,
    # The count, the corrections.
    "corrections": 2,
    "about": 0,
    # The newest entry of the ledger, where figures come from.
    "data": 2,
    "data_latest": 0,
    "design": 0,
    "healthz": 0,
    # The newest sweep; with a savepoint around: how little memory to take, what does not fit in.
    "readyz": 7,
    "robots": 0,
    "llms": 0,
    # The updates with who signed, their corrections.
    "updates_atom": 2,
    "updates_json": 2,
    # The record, then the same.
    "prosecutor_atom": 3,
    "prosecutor_json": 3,
    "pledge_atom": 3,
    "pledge_json": 3,
    "topic_atom": 3,
    "topic_json": 3,
    # How many of each of six kinds, the newest entry of the ledger, the six kinds.
    "sitemap": 13,
    "sitemap_part": 13,
    # The pledge.
    "pledge_card": 1,
    "oembed": 1,
    # The pledge, what is stale of it.
    "pledge_embed": 2,
    # The person, the terms, the pledges.
    "prosecutor_embed": 3,
    # The count, the corrections.
    "corrections_atom": 2,
    "corrections_json": 2,
    # The count, the episodes.
    "stale_atom": 2,
    "stale_json": 2,
    # The pledge, its newest rating.
    "challenge": 2,
    # Nothing: the address names nothing.
    "follow": 0,
    # Nothing: the address names nothing.
    "suggest": 0,
    # The suggestion with all it names.
    "suggestion": 1,
    "follow_sent": 0,
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
    follow_evidence(by=author, now=NOW)


def one(author: User) -> Pledge:
    """One pledge of which everything is known."""
    pledge = whole.pledge(by=author)
    founding(author, [pledge])
    challenge(of=pledge)
    suggestion(pledge=pledge)
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
        asked = request(by=author, about=pledges[0])
        link = RequestPledge(record_request=asked, pledge=pledges[1])
        save_request_pledge(link=link, by=author, now=NOW)
        record_review(pledge=pledges[0], note="Looked.", by=author, now=NOW)
        sent = challenge(of=pledges[0])
        answer_challenge(challenge=sent, is_accepted=False, answer="No.", by=author, now=NOW)
    founding(author, pledges)
    suggestion(pledge=pledges[0])
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
        "record_request": pledge.record_requests.latest("pk").slug,
        "challenge": pledge.slug,
        "tracking": pledge.challenges.latest("pk").reference,
        "suggestion": pledge.suggestions.latest("pk").reference,
    }
    slugs["wording"] = pledge.slug
    kinds = {Person: "prosecutor", Pledge: "pledge", Topic: "topic", Metric: "metric"}
    records = {name: pattern.format(slugs[name]) for name, (pattern, _model) in RECORDS.items()}
    records |= {
        name: pattern.format(slugs[kinds[model]]) for name, (pattern, model) in OF_RECORDS.items()
    }
    found = {**PAGES, **FORMS, **records, **MACHINES}
    more = {**MORE, "compare": f"?a={pledge.person.slug}"}
    return {name: address + more.get(name, "") for name, address in found.items()}


@pytest.mark.parametrize(("data", "search"), [(one, 8), (twelve, 9)])
def test_every_page_asks_as_often_as_written_above(
    client: Client, author: User, data: Callable[[User], Pledge], search: int
) -> None:
    asked = {}
    pages = addresses(data(author))
    sweep_stale(by=author, now=LATER)
    gather()
    for name, address in pages.items():
        with time_machine.travel(LATER), CaptureQueriesContext(connection) as queries:
            assert client.get(address).content, name
        asked[name] = len(queries)
    assert asked == {**QUERIES, "search": search}
