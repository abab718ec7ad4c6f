"""A list reads few rows, whatever the table holds: in any order, on any page, by rare letters."""

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.api.paging import Cursor
from tests.api.test_paging import ORDERS
from tests.desk.test_at_size import at_size, opened, pledges, statements

__all__ = ["at_size", "pledges"]
pytestmark = pytest.mark.django_db
# Of stale flags many are found at one moment, and level by it: they are sorted by their pledges.
LARGE = {"pledges", "evidence", "status-updates", "reviews"}


@pytest.mark.parametrize("section", ["pledges", "evidence", "status-updates", "responses"])
@pytest.mark.parametrize("letters", ["quillfeather", "0cc175b9c0f1", "example 0cc175b9c0f1", "zq!"])
def test_rare_letters_read_no_more_than_their_rows(
    at_size: User, section: str, letters: str
) -> None:
    opened(Client(), f"/api/v1/{section}/", q=letters)


@pytest.mark.parametrize(("section", "sign"), [pair for pair in ORDERS if pair[0] in LARGE])
def test_a_page_anywhere_in_a_list_reads_no_more_than_it_holds(
    at_size: User, section: str, sign: str
) -> None:
    there = f"/api/v1/{section}/"
    first = opened(Client(), there, ordering=sign).json()
    second = opened(Client(), first["next"]).json()
    assert opened(Client(), second["previous"]).json()["results"] == first["results"]
    last = opened(Client(), there, ordering=sign, cursor=str(Cursor(True, sign, ()))).json()
    before = opened(Client(), last["previous"]).json()
    assert opened(Client(), before["next"]).json()["results"] == last["results"]


@pytest.mark.parametrize("section", ["pledges", "evidence", "status-updates", "responses"])
@pytest.mark.parametrize("signs", ["%%%", "example %%%", "5%"])
def test_signs_that_nothing_has_are_looked_for_in_the_order_of_the_table(
    at_size: User, section: str, signs: str
) -> None:
    with statements() as made:
        answer = Client().get(f"/api/v1/{section}/", {"q": signs})
    assert answer.json()["results"] == []
    # Of the gathered words those that weigh most come first; the list itself is not read.
    ordered = [read for read in made if "ORDER BY" in read and "vocabulary_word" not in read]
    assert (len(made) > 0, ordered) == (True, [])
