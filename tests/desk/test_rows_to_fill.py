"""Rows are there to be filled in where the page can be saved, and nowhere else."""

import pytest
from django.test import Client

from promises.accounts.actions import give_role, write_roles
from promises.accounts.models import User
from tests import record
from tests.desk.conftest import election
from tests.desk.sent import fields_of
from tests.desk.test_steps import change


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
