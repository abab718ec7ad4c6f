"""Two officials side by side, one official term by term."""

from datetime import date

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.officials.actions import save_official_record
from promises.officials.models import Term
from tests import record
from tests.record import NOW
from tests.site.reading import words

pytestmark = pytest.mark.django_db


def test_two_officials_topic_by_topic_those_of_both_first(client: Client, author: User) -> None:
    ann, bea = record.term(by=author), record.term(by=author)
    police = record.topic(by=author, name="Police", position=1)
    bail = record.topic(by=author, name="Bail", position=2)
    record.pledge(by=author, of=ann, topic=police, title="Watch police")
    kept = record.pledge(by=author, of=ann, topic=bail, title="End bail")
    record.published_update(by=author, of=kept, status="kept")
    record.pledge(by=author, of=bea, topic=bail, title="Reform bail")
    record.draft_pledge(by=author, of=bea, topic=police, title="Secret")
    response = client.get(f"/compare/?a={ann.person.slug}&b={bea.person.slug}")
    text = words(response)
    assert "1 of 2 kept, 1 not yet rated. too few pledges to compare" in text
    assert f"Topic {ann.person} {bea.person} Bail End bail Kept since 1 June 2025" in text
    assert text.index("Reform bail Not yet rated") < text.index("Police Watch police")
    assert text.endswith("no promise on record")
    assert "Secret" not in text


def test_one_official_term_by_term(client: Client, author: User) -> None:
    first = record.term(by=author, started_on=date(2018, 1, 1), ends_on=date(2022, 1, 1))
    second = Term(
        slug="second-term",
        person=first.person,
        office=first.office,
        started_on=date(2022, 1, 1),
    )
    save_official_record(record=second, by=author, now=NOW)
    bail = record.topic(by=author, name="Bail")
    record.pledge(by=author, of=first, topic=bail, title="Once")
    record.pledge(by=author, of=second, topic=bail, title="Again")
    text = words(client.get(f"/compare/?a={first.person.slug}"))
    assert "Topic Term from 1 January 2018 Term from 1 January 2022 Bail Once Not yet rated" in text
    # Whoever is named twice is one official.
    twice = f"/compare/?a={first.person.slug}&b={first.person.slug}"
    assert "Term from 1 January 2022" in words(client.get(twice))


def test_nobody_is_chosen_at_first_and_the_unknown_is_refused(client: Client, author: User) -> None:
    record.pledge(by=author)
    assert "Topic by topic" not in words(client.get("/compare/"))
    assert client.get("/compare/?a=nobody").status_code == 400
