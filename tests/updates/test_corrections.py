"""What readers rely on is changed by a correction that keeps, in words, what stood there."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from promises.accounts.models import User
from promises.evidence.actions import (
    LINK_WORDS,
    save_evidence,
)
from promises.evidence.actions import WORDS as WORDS_OF_EVIDENCE
from promises.evidence.columns import EVIDENCE, EVIDENCE_LINKS
from promises.evidence.models import Evidence
from promises.ledger.models import Entry
from promises.pledges.actions import (
    CRITERION_WORDS,
    PublishedWords,
    save_pledge,
)
from promises.pledges.actions import WORDS as WORDS_OF_PLEDGES
from promises.pledges.columns import CRITERIA, PLEDGES
from promises.pledges.models import Pledge
from promises.updates.correcting import correct_evidence, correct_pledge
from promises.updates.models import Correction
from tests import record
from tests.site.reading import words

pytestmark = pytest.mark.django_db

STANDING = "standing: always or never, until the term ends"
OF_PLEDGES = [
    ("kind", "standing", "outcome: to bring something about", STANDING),
    ("origin", "in_office", "in the campaign", "in office"),
    ("made_on", date(2023, 9, 1), "7 November 2023", "1 September 2023"),
    ("due_on", date(2026, 12, 31), "", "31 December 2026"),
    (
        "controlled_by", "others", "the office itself",
        "mainly others: courts, lawmakers, police",
    ),
]  # fmt: skip
OF_EVIDENCE = [
    ({"kind": "policy_memo"}, "kind", "news report", "policy memo"),
    ({"provenance": "adversarial"}, "provenance", "independent",
     "an opponent or the other side of a case"),
    ({"publisher": ""}, "publisher", "The Example Times", ""),
    ({"url": "https://moved.example.org/"}, "url", "https://news.example.org/",
     "https://moved.example.org/"),
    ({"published_on": date(2025, 5, 2)}, "published_on", "1 May 2025", "2 May 2025"),
    ({"date_precision": "month"}, "published_on", "1 May 2025", "May 2025"),
    ({"published_on": None, "date_precision": "unknown"}, "published_on", "1 May 2025", ""),
]  # fmt: skip


def told() -> list[tuple[str, str, str]]:
    return list(Correction.objects.values_list("field", "old_text", "new_text"))


@pytest.mark.parametrize(("field", "value", "old", "new"), OF_PLEDGES)
def test_a_fact_of_a_public_pledge_changes_by_a_correction(
    author: User, field: str, value: Any, old: str, new: str
) -> None:
    pledge = record.pledge(by=author)
    stood, editions = getattr(pledge, field), Entry.objects.count()
    setattr(pledge, field, value)
    with pytest.raises(PublishedWords):
        save_pledge(pledge=pledge, by=author, now=record.NOW)
    assert getattr(Pledge.objects.get(), field) == stood
    assert Entry.objects.count() == editions
    # The desk speaks Spanish to some; the record is in English.
    with translation.override("es"):
        correct_pledge(pledge=pledge, kind="correction", note="So.", by=author, now=record.NOW)
    assert told() == [(field, old, new)]
    assert getattr(Pledge.objects.get(), field) == value
    events = Entry.objects.filter(edition__gt=editions).values_list("event", flat=True)
    assert list(events) == ["pledge:saved", "correction:saved"]


def test_whose_a_pledge_is_and_in_which_term_changes_by_a_correction(author: User) -> None:
    pledge = record.pledge(by=author)
    another = record.term(by=author)
    was = (pledge.person, pledge.term)
    pledge.person, pledge.term = another.person, another
    with pytest.raises(PublishedWords):
        save_pledge(pledge=pledge, by=author, now=record.NOW)
    correct_pledge(pledge=pledge, kind="correction", note="Mixed up.", by=author, now=record.NOW)
    assert set(told()) == {
        ("person", str(was[0]), str(another.person)),
        ("term", str(was[1]), str(another)),
    }


@pytest.mark.parametrize(("values", "field", "old", "new"), OF_EVIDENCE)
def test_a_fact_of_public_evidence_changes_by_a_correction(
    author: User, values: dict[str, Any], field: str, old: str, new: str
) -> None:
    given = {"url": "https://news.example.org/"}
    piece = record.evidence(by=author, about=record.pledge(by=author), **given)
    editions = Entry.objects.count()
    for name, value in values.items():
        setattr(piece, name, value)
    with pytest.raises(PublishedWords):
        save_evidence(evidence=piece, by=author, now=record.NOW)
    assert Evidence.objects.filter(**values).count() == 0
    assert Entry.objects.count() == editions
    correct_evidence(evidence=piece, kind="correction", note="So.", by=author, now=record.NOW)
    assert told() == [(field, old, new)]
    assert Evidence.objects.filter(**values).count() == 1


def test_where_the_record_files_something_and_how_far_it_looked_stays_free(author: User) -> None:
    pledge = record.pledge(by=author)
    pledge.topic, pledge.position = record.topic(by=author), 7
    save_pledge(pledge=pledge, by=author, now=record.NOW)
    piece = record.evidence(by=author, about=pledge)
    piece.checked, piece.is_title_exact = "computed", False
    save_evidence(evidence=piece, by=author, now=record.NOW)
    assert (Pledge.objects.get().position, Evidence.objects.get().checked) == (7, "computed")
    assert told() == []


def test_each_public_column_is_free_or_takes_a_correction() -> None:
    """Whoever adds a column decides which."""
    free = {"slug", "position", "topic"}
    assert {column.field for column in PLEDGES.columns} == {*WORDS_OF_PLEDGES} | free
    free = {"slug", "is_title_exact", "checked"}
    assert {column.field for column in EVIDENCE.columns} == {*WORDS_OF_EVIDENCE} | free
    free = {"pledge", "position", "how_to_verify"}
    assert {column.field for column in CRITERIA.columns} == {*CRITERION_WORDS} | free
    free = {"pledge", "evidence", "note", "locator"}
    assert {column.field for column in EVIDENCE_LINKS.columns} == {*LINK_WORDS} | free


def test_readers_see_what_a_date_said_as_far_as_it_was_known(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(
        by=author, about=pledge, published_on=date(2018, 7, 1), date_precision="month"
    )
    piece.published_on, piece.date_precision = date(2018, 6, 26), "day"
    correct_evidence(evidence=piece, kind="correction", note="Dated.", by=author, now=record.NOW)
    pledge.due_on = date(2026, 12, 31)
    correct_pledge(pledge=pledge, kind="update", note="She said.", by=author, now=record.NOW)
    day = "published on · Author It said July 2018 It should say 26 June 2018 Why Dated."
    due = "due on · Author It said (nothing) It should say 31 December 2026 Why She said."
    assert day in words(client.get(f"/evidence/{piece.slug}/"))
    assert due in words(client.get(f"/pledges/{pledge.slug}/"))
    page, feed = words(client.get("/corrections/")), client.get("/corrections.json").json()
    assert day in page
    assert due in page
    assert {item["content_text"] for item in feed["items"]} == {
        "It said: July 2018\n\nIt should say: 26 June 2018\n\nWhy: Dated.",
        "It said: (nothing)\n\nIt should say: 31 December 2026\n\nWhy: She said.",
    }
    rows = client.get("/api/v1/corrections/").json()["results"]
    assert {(row["field"], row["old_text"], row["new_text"]) for row in rows} == {
        ("published_on", "July 2018", "26 June 2018"),
        ("due_on", "", "31 December 2026"),
    }
    spanish = client.get(f"/es/evidence/{piece.slug}/").content.decode()
    assert '<del><span lang="en">July 2018</span></del>' in spanish
