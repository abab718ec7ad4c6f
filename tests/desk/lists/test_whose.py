"""Lists of one prosecutor, from their page."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.staleness.models import StaleFlag
from tests import record
from tests.desk.rows import change
from tests.desk.staleness.test_stale_flags import LATER
from tests.desk.test_queries import queries_of

LISTS = {
    "Their pledges": "/admin/pledges/pledge/",
    "Their evidence": "/admin/evidence/evidence/",
    "Their status updates": "/admin/updates/statusupdate/",
    "Their flags": "/admin/staleness/staleflag/",
}


@pytest.fixture
def pledges(author: User) -> list[Pledge]:
    """The pledges of two people, each with evidence, a rating and flags."""
    both = [record.pledge(by=author) for _ in range(2)]
    for pledge in both:
        record.evidence(by=author, about=pledge)
        record.draft_update(by=author, of=pledge)
    sweep_stale(by=author, now=LATER)
    return both


def listed(browser: Client, there: str) -> Any:
    with time_machine.travel(LATER, tick=False):
        return browser.get(there)


def test_the_page_of_a_person_leads_to_what_is_theirs(desk: Client, pledges: list[Pledge]) -> None:
    mine, _other = pledges
    facts = listed(desk, change(mine.person)).context["facts"]
    there = {str(fact.label): fact.address for fact in facts if fact.address}
    assert there == {
        label: f"{path}?prosecutor={mine.person.slug}" for label, path in LISTS.items()
    }
    found = {
        label: set(listed(desk, address).context["cl"].result_list)
        for label, address in there.items()
    }
    assert found == {
        "Their pledges": {mine},
        "Their evidence": {link.evidence for link in mine.evidence_links.all()},
        "Their status updates": set(mine.status_updates.all()),
        "Their flags": set(StaleFlag.objects.filter(pledge=mine)),
    }
    assert all(found.values())


@pytest.mark.parametrize("there", LISTS.values())
def test_a_list_says_whose_it_is_and_where_to_choose(
    desk: Client, pledges: list[Pledge], there: str
) -> None:
    person = pledges[0].person
    told = f"Only what is about {person.name}."
    page = listed(desk, f"{there}?prosecutor={person.slug}&q=example").content.decode()
    assert told in page
    assert '<a href="?q=example">Show all</a>' in page
    assert "Only what is about" not in listed(desk, there).content.decode()
    assert '<a href="/admin/officials/person/">' in page


@pytest.mark.parametrize("there", LISTS.values())
def test_whom_nobody_knows_leads_back_to_a_refusal(desk: Client, there: str, db: None) -> None:
    answer = desk.get(f"{there}?prosecutor=nobody-example")
    assert (answer.status_code, answer["Location"]) == (302, f"{there}?e=1")


@pytest.mark.parametrize("there", LISTS.values())
def test_the_list_of_one_takes_one_query_more(
    desk: Client, pledges: list[Pledge], there: str
) -> None:
    every = queries_of(desk, there)
    assert queries_of(desk, f"{there}?prosecutor={pledges[0].person.slug}") == every + 1
