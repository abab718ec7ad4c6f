"""A word that very many texts have is looked for in a sample; what is shown stays right."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promises.accounts.models import User
from promises.common.words import SAMPLE, raw
from promises.evidence.actions import retract_evidence
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from promises.site import finding, searching
from promises.site.pages import search as page
from tests import record
from tests.record import NOW
from tests.site.reading import words
from tests.vocabulary import gather

pytestmark = pytest.mark.django_db
SAMPLED = f"% {SAMPLE}"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two hits are very many, and a word of four texts is common."""
    monkeypatch.setattr(page, "MOST", 2)
    monkeypatch.setattr(finding, "MOST", 2)
    monkeypatch.setattr(searching, "COMMON", 2)
    finding._evidence.cache_clear()
    yield
    finding._evidence.cache_clear()


@pytest.fixture
def pieces(author: User) -> list[Evidence]:
    """Evidence with the same words: three pieces in the sample, one that is not."""
    pledge = record.pledge(by=author, title="Ask less often")
    made = []
    for n in range(4):
        if n < 3:
            begin_at((n + 1) * 1000 * SAMPLE)
        made.append(record.evidence(by=author, about=pledge, title=f"Memo on bail {n}"))
    gather()
    assert [piece.pk % SAMPLE for piece in made] == [0, 0, 0, 1]
    return made


def begin_at(number: int) -> None:
    """Give the next piece of evidence this number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('evidence_evidence', 'id'), %s, false)", [number]
        )


def asked(client: Client, query: str) -> tuple[str, list[bool]]:
    """Return what a search says, and of each query for evidence whether it is of the sample."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/search/", {"q": query, "in": "evidence"})
    assert response.status_code == 200
    finds = [each["sql"] for each in queries if each["sql"].startswith("WITH found")]
    return words(response), [SAMPLED in each for each in finds if "evidence_evidence" in each]


def test_the_sample_answers_for_a_common_word(client: Client, pieces: list[Evidence]) -> None:
    said, of_sample = asked(client, "bail")
    assert "More than 2 pieces of evidence" in said
    assert of_sample == [True]


def test_where_the_sample_has_too_few_all_evidence_is_asked(
    client: Client, author: User, pieces: list[Evidence]
) -> None:
    for piece in pieces[:2]:
        retract_evidence(evidence=piece, reason="Not about this.", by=author, now=NOW)
    said, of_sample = asked(client, "bail")
    assert "2 pieces of evidence" in said
    assert "More than" not in said
    assert of_sample == [True, False]


def test_a_rare_word_is_looked_for_once(
    client: Client, author: User, pieces: list[Evidence]
) -> None:
    record.evidence(by=author, about=Pledge.objects.get(), title="Quillfeather", summary="One.")
    gather()
    said, of_sample = asked(client, "quillfeather")
    assert "1 piece of evidence" in said
    assert of_sample == [False]
    _said, of_sample = asked(client, "bail quillfeather")
    assert of_sample == [False]


def test_the_beginning_of_words_may_be_common(client: Client, pieces: list[Evidence]) -> None:
    said, of_sample = asked(client, "bai")
    assert "More than 2 pieces of evidence" in said
    assert of_sample == [True]


def test_the_sample_has_an_index_of_its_own(author: User) -> None:
    found = Evidence.objects.published().in_sample().matching([raw("bail")]).order_by()
    with connection.cursor() as cursor:
        # Of an empty table any way is as good, so the others are closed.
        cursor.execute(
            "SET LOCAL enable_seqscan = off;"
            " DROP INDEX evidence_by_publication, evidence_by_kind, evidence_words"
        )
    assert "evidence_words_sample" in found.explain()
