"""The first page: what this is, where the first promises stand, what changed, what is overdue."""

from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from promises.accounts.models import User
from promises.evidence.actions import publish_evidence, save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.pledges.models import Pledge
from tests import record
from tests.record import NOW
from tests.site.reading import words

pytestmark = pytest.mark.django_db


def founding_document(*, by: User, of: list[Pledge]) -> None:
    """Make the document this record began with the source of these pledges."""
    article = record.draft_evidence(
        by=by,
        slug=settings.FOUNDING_DOCUMENT,
        title="The article that began it",
        published_on=date(2017, 11, 1),
        date_precision="month",
    )
    for pledge in of:
        link = EvidenceLink(pledge=pledge, evidence=article, stance="context", is_source=True)
        save_evidence_link(link=link, by=by, now=NOW)
    publish_evidence(evidence=article, by=by, now=NOW)


def test_home_opens_with_the_promises_of_the_founding_document(
    client: Client, author: User
) -> None:
    term = record.term(by=author)
    first = record.pledge(by=author, of=term, title="First thing", position=1)
    second = record.pledge(by=author, of=term, title="Second thing", position=2)
    record.pledge(by=author, of=term, title="Not from there", position=3)
    founding_document(by=author, of=[second, first])
    record.published_update(by=author, of=first, status="kept", reasoning="It was done.")
    with time_machine.travel(NOW):
        text = words(client.get("/"))
    assert (
        "The promises this record began with 2 promises, reported in The article that began it, "
        f"November 2017. This is where each of them stands. {term.person}, {term.office} "
        "Kept since 1 June 2025 First thing It was done. may be out of date "
        "Not yet rated Second thing It has no rating. The officials" in text
    )


def test_home_counts_with_denominators_and_shows_news_and_what_is_overdue(
    client: Client, author: User
) -> None:
    term = record.term(by=author)
    pledges = [record.pledge(by=author, of=term, title=f"Thing {n}") for n in range(5)]
    record.published_update(by=author, of=pledges[0], status="kept")
    record.published_update(by=author, of=pledges[1], status="broken", reasoning="It was not done.")
    with time_machine.travel(NOW + timedelta(days=400)):
        response = client.get("/")
    text = words(response)
    assert "1 of 5 kept, 1 broken, 3 not yet rated." in text
    assert "too few pledges to compare" not in text
    assert "%" not in text
    assert (
        f"What changed lately Thing 1 {term.person} · published here 2 March 2026 "
        "Broken since 1 June 2025" in text
    )
    assert "before that" not in text
    assert (
        "Overdue for another look"
        " 5 pledges may be out of date: by reason, then the longest overdue. "
        "Nobody has looked again in time 5 No editor here has reviewed it yet 3 "
        "It has no published evidence 3 Its rating rests on a single publisher 2 Thing 0" in text
    )
    assert (
        f"Thing 0 {term.person} · overdue since 2 March 2026 Its rating rests on a single publisher"
        in text
    )
    assert "The promises this record began with" not in text


def test_home_says_what_a_new_rating_took_the_place_of(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, kind="standing")
    for year, status in ((2023, "in_the_works"), (2024, "in_the_works"), (2025, "broken")):
        record.published_update(by=author, of=pledge, status=status, effective_on=date(year, 1, 8))
    text = words(client.get("/"))
    assert "Broken since 8 January 2025, before that holding so far" in text
    assert "Holding so far since 8 January 2024 " in text
    assert "Holding so far since 8 January 2023 " in text


def test_home_of_an_empty_record(client: Client) -> None:
    text = words(client.get("/"))
    assert "No officials are on record yet." in text
    assert "Nothing has been published yet." in text
    assert "Nothing is overdue today." in text
