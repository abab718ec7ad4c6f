"""Lists of the site at a size at which taking every text apart would show."""

import pytest
from django.db import connection
from django.test import Client

from promises.accounts.models import User
from promises.evidence.models import EvidenceLink
from promises.pledges.models import Pledge
from promises.site.finding import OFFICIAL, TOPIC, found_evidence
from promises.staleness.models import Due, Watched
from promises.updates.models import MethodologyVersion, StatusUpdate
from tests import record
from tests.conftest import without_triggers
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


def test_pauses_of_an_official_are_looked_for_among_their_pledges_alone(at_size: User) -> None:
    found = list(Pledge.objects.published().filter(person__slug="person-7"))
    with statements() as made:
        assert Watched.objects.pauses_of(found) == []
    assert len(found) == 100
    (read,) = made
    # Joined to pledges once more, the view would be made of all of them at ten times this size.
    tables = [node.get("Relation Name") for node in nodes(plan_of(read))]
    assert tables.count("pledges_pledge") == 1
    assert most_touched(made)[0] <= ABOUT


def most_read(made: list[str], table: str) -> int:
    """Return the most rows of a table that one of these statements reads."""
    reads = [read for read in made if read.startswith("SELECT")]
    every = [node for read in reads for node in nodes(plan_of(read))]
    return max((touched(node) for node in every if node.get("Relation Name") == table), default=0)


def test_what_hangs_on_pledges_is_counted_without_a_look_at_each(
    at_size: User, pledges: int
) -> None:
    today = record.NOW.date()
    with connection.cursor() as cursor, without_triggers():
        cursor.execute(
            "INSERT INTO staleness_duedate (pledge_id, reason, due_on, flag_on, facts)"
            " SELECT id, unnest(ARRAY['review_overdue', 'single_source']), %(day)s, %(day)s, '{}'"
            " FROM pledges_pledge WHERE slug LIKE 'size-%%'",
            {"day": today},
        )
        cursor.execute("ANALYZE staleness_duedate")
        cursor.execute(
            "UPDATE officials_person SET state = 'draft', published_at = NULL,"
            " published_by_id = NULL WHERE slug = 'person-9'"
        )
    public = Pledge.objects.published().filter(slug__startswith="size-").count()
    with statements() as made:
        of_due = Due.objects.counts_by_reason(today)
        ages = Due.objects.published().counts_by_age(today)
        updates = StatusUpdate.objects.published_to_count()
        ratings = updates.count()
        list(MethodologyVersion.objects.with_rating_counts(updates))
    assert len(made) == 4
    assert of_due == {"review_overdue": public, "single_source": public}
    assert ages == {0: public}
    assert 0 < public < pledges - 100
    assert ratings == StatusUpdate.objects.published().count() > 0
    assert most_read(made, "pledges_pledge") <= ABOUT


def test_the_last_page_is_reached_from_the_end(at_size: User) -> None:
    last = -(-StatusUpdate.objects.published().count() // 50)
    with statements() as made:
        page = Client().get("/updates/", {"page": last})
    assert page.status_code == 200
    rows = page.context["listing"].rows
    found = list(StatusUpdate.objects.published().recently_published())
    assert rows == found[(last - 1) * 50 :]
    (count, numbers, shown) = made
    assert "COUNT" in count
    assert max(most_touched([one])[0] for one in (numbers, shown)) <= ABOUT
