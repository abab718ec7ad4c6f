"""Lists of the site at a size at which taking every text apart would show."""

import pytest
from django.db import connection
from django.test import Client

from promises.accounts.models import User
from promises.evidence.models import EvidenceLink
from promises.site.finding import OFFICIAL, TOPIC, found_evidence
from tests import record
from tests.desk.test_at_size import (
    at_size,
    most_touched,
    nodes,
    opened,
    plan_of,
    pledges,
    statements,
    touched,
)

__all__ = ["at_size", "pledges"]
pytestmark = pytest.mark.django_db


# The first page of a word in every row may be met on the way through the list.
TAKEN_APART = 1000
# About an official are three pieces for each of a hundred pledges.
ABOUT = 1000


@pytest.mark.parametrize("words", ["thing", "thing do"])
@pytest.mark.parametrize("sort", ["prosecutor", "title", "since"])
def test_a_common_word_is_found_by_its_index_and_not_in_the_texts(
    at_size: User, words: str, sort: str
) -> None:
    with connection.cursor() as cursor:
        # What waits to be sorted in makes the index dear; a vacuum would have done it.
        cursor.execute("SELECT gin_clean_pending_list('pledges_words')")
    with statements() as made:
        page = Client().get("/pledges/", {"q": words, "sort": sort})
    assert page.status_code == 200
    reads = [read for read in made if read.startswith("SELECT") and "to_tsquery" in read]
    taken_apart = [
        touched(node)
        for read in reads
        for node in nodes(plan_of(read))
        if node.get("Relation Name") == "pledges_pledge" and "to_tsv" in node.get("Filter", "")
    ]
    assert len(reads) > 0
    assert max(taken_apart, default=0) <= TAKEN_APART


@pytest.mark.parametrize("address", ["/updates.atom", "/updates.json", "/updates.json?page=2"])
def test_a_feed_reads_no_more_than_it_shows(at_size: User, address: str) -> None:
    opened(Client(), address)


@pytest.mark.parametrize("words", [["'example'"], ["'example'", "'report'"]])
def test_a_search_narrowed_to_an_official_reads_what_is_about_them_alone(
    at_size: User, words: list[str]
) -> None:
    with statements() as made:
        found = found_evidence(words, {OFFICIAL: "person-7"}, "", are_common=True)
    about = EvidenceLink.objects.published().filter(pledge__person__slug="person-7")
    assert {row[0] for row in found} == set(about.values_list("evidence", flat=True))
    assert len(made) == 2
    assert most_touched(made)[0] <= ABOUT


def test_a_search_narrowed_to_a_topic_reads_what_is_about_it_alone(at_size: User) -> None:
    topic = record.topic(by=at_size)
    pledges = [record.pledge(by=at_size, topic=topic) for _ in range(3)]
    for pledge in pledges:
        record.evidence(by=at_size, about=pledge)
    with statements() as made:
        found = found_evidence(["'example'"], {TOPIC: topic.slug}, "", are_common=True)
    about = EvidenceLink.objects.published().filter(pledge__in=pledges)
    assert len(found) == 3
    assert {row[0] for row in found} == set(about.values_list("evidence", flat=True))
    assert len(made) == 2
    assert most_read(made, "evidence_evidence") <= ABOUT


def most_read(made: list[str], table: str) -> int:
    """Return the most rows of a table that one of these statements reads."""
    reads = [read for read in made if read.startswith("SELECT")]
    every = [node for read in reads for node in nodes(plan_of(read))]
    return max((touched(node) for node in every if node.get("Relation Name") == table), default=0)
