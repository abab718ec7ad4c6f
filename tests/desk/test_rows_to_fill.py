"""Rows are there to be filled in where the page can be saved, and nowhere else."""

import pytest
from django.test import Client

from promises.accounts.actions import give_role, write_roles
from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from tests import record
from tests.desk.conftest import election
from tests.desk.rows import change
from tests.desk.sent import fields_of


@pytest.fixture
def researcher(person: User) -> Client:
    """The browser of a researcher, who corrects nothing that is public."""
    given = {"by": person, "now": record.NOW}
    write_roles(**given)
    someone = record.user("researcher")
    give_role(person=someone, role="researcher", reason="Works here.", **given)
    client = Client()
    client.force_login(someone)
    return client


def typed_into(browser: Client, there: str) -> set[str]:
    """The fields of a page that someone can fill in."""
    found = fields_of(browser.get(there).content.decode())
    return {name for name in found if name.endswith(("-stance", "-note", "-pledge", "-reason"))}


def test_a_page_that_cannot_be_saved_asks_for_nothing(
    researcher: Client, desk: Client, author: User
) -> None:
    piece = record.evidence(by=author, about=record.pledge(by=author))
    assert typed_into(researcher, change(piece)) == set()
    assert "links-2-0-stance" in typed_into(desk, change(piece))
    assert b'name="_save"' not in researcher.get(change(piece)).content


def test_a_draft_and_the_page_of_a_pledge_take_new_rows(researcher: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    draft = record.draft_evidence(by=author)
    for there in (change(pledge), change(draft)):
        assert typed_into(researcher, there)
        assert b'name="_save"' in researcher.get(there).content


def test_why_a_row_is_removed_is_asked_only_of_who_may_remove_it(
    researcher: Client, desk: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    vote = election(pledge, author)
    for of in (pledge.person, vote):
        shown = researcher.get(change(of)).content.decode()
        assert "emoval reason" not in shown
    assert "Why, if removed" in desk.get(change(vote)).content.decode()


def test_a_page_that_cannot_be_saved_has_no_heads_of_rows_to_fill_in(
    researcher: Client, desk: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    heads = ("Add new evidence, as a draft", "Draft a status update", "Why, if removed")
    heads = (*heads, "Link evidence already in the record")
    shown = desk.get(change(pledge)).content.decode().lower()
    assert [head for head in heads if head.lower() not in shown] == []
    assert "say what it means" in desk.get(change(piece)).content.decode().lower()
    assert "say what it means" not in researcher.get(change(piece)).content.decode().lower()
    retract_pledge(pledge=pledge, reason="Never said.", by=author, now=record.NOW)
    shown = desk.get(change(pledge)).content.decode().lower()
    assert 'name="_save"' not in shown
    heads = (*heads, "Draft a status updates", "removal reason")
    assert [head for head in heads if head.lower() in shown] == []
    assert "status updates so far" in shown
