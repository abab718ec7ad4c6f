"""The number of queries of every list and detail, the same for little and for much."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from promises.staleness.actions import sweep_stale
from tests import record
from tests.api.conftest import Api
from tests.api.contrast import add_contrast
from tests.api.world import NOW, World
from tests.record import record_review

pytestmark = pytest.mark.django_db
QUERIES = {
    "": 1,  # the edition
    "prosecutors/": 2,  # people; their terms
    "offices/": 1,  # offices
    "elections/": 4,  # elections; candidates; results; sources of the results
    "terms/": 1,  # terms
    "topics/": 1,  # topics with their counts
    "pledges/": 2,  # pledges; what is due
    "pledges/?status=in_the_works&topic=bail&stale=false": 4,  # the same; the topic; few fresh
    "pledges/?topic=no-such-topic": 1,  # the topic
    "status-updates/?topic=no-such-topic": 1,  # the same
    "evidence/?topic=no-such-topic&stance=supports": 1,  # the same
    "pledges/?fields=slug,status": 1,  # pledges
    # Words with these letters; people, terms, topics and pledges that have them; pledges.
    "pledges/?q=cash&fields=slug": 6,
    # Words with each; what belongs to pledges and has each; pledges that have both; pledges.
    "pledges/?q=cash%20bail&fields=slug": 6,
    "evidence/?q=gazette&fields=slug": 3,  # words with these letters; evidence that has them; both
    # The same; what has no date comes after it.
    "evidence/?q=gazette&fields=slug&ordering=-published_on": 4,
    "evidence/?q=%C2%A7&fields=slug": 1,  # evidence: a sign is in no index
    "status-updates/?q=quillfeather&fields=slug": 2,  # words; updates that have it, none
    # Pledges of that day; their slugs, words, evidence entries, links, updates, approvals,
    # reviews, newest entries; flags.
    "pledges/?as_of=2026-03-01": 1,
    "pledges/end-cash-bail/": 6,  # pledge; what is due; criteria; evidence; updates; metrics
    "evidence/": 4,  # evidence; what it says about pledges; copies; waivers
    "status-updates/": 3,  # updates; approvals; citations
    "reviews/": 1,  # reviews
    "responses/": 2,  # replies with a date; those without
    "corrections/": 1,  # corrections
    "metrics/": 2,  # metrics; the pledges they bear on
    "observations/?metric=cash-bail-share&latest=true": 1,  # values
    "stale-flags/": 1,  # flags
    "scorecards/": 3,  # people; counts by status; stale pledges
    "scorecards/jane-example/": 3,  # the same
    # Entries; their content; pledges, evidence, updates, replies, people and metrics they name.
    "changes/?page_size=200": 8,
}
AS_OF = "pledges/?as_of=2026-03-02"


@pytest.fixture(scope="module")
def much(built_world: World, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        add_contrast(built_world)
        by, term, topic = built_world.author, built_world.term, built_world.topic
        for _ in range(12):
            pledge = record.pledge(by=by, of=term, topic=topic, due_on=NOW.date())
            record.published_update(by=by, of=pledge)
            record_review(pledge=pledge, note="Looked.", by=by, now=NOW)
        sweep_stale(by=by, now=NOW + timedelta(days=400))
    return


def count(api: Api, path: str, queries: Any, number: int) -> None:
    with queries(number):
        api.ask(path)


@pytest.mark.parametrize("path", QUERIES)
def test_little(path: str, api: Api, world: World, django_assert_num_queries: Any) -> None:
    count(api, path, django_assert_num_queries, QUERIES[path])


@pytest.mark.parametrize("path", QUERIES)
def test_much(
    path: str, api: Api, world: World, much: None, django_assert_num_queries: Any
) -> None:
    count(api, path, django_assert_num_queries, QUERIES[path])


def test_a_past_day(api: Api, world: World, much: None, django_assert_num_queries: Any) -> None:
    # Pledges of that day; what flags lasted; their slugs, words, evidence in the ledger, links,
    # updates, approvals, reviews, newest entries.
    with time_machine.travel(NOW + timedelta(days=1)):
        count(api, AS_OF, django_assert_num_queries, 10)
        count(api, f"{AS_OF}&page_size=1", django_assert_num_queries, 10)


def test_what_is_refused_costs_no_query(api: Api, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        for path in ("pledges/?statu=kept", "pledges/?status=x", "pledges/?cursor=x", "nothing/"):
            assert api.client.get(f"/api/v1/{path}").status_code in (400, 404)
