"""A search that is narrowed until nothing is left can be widened again."""

import re
from html import unescape

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.officials.actions import publish_person, save_person
from promises.officials.models import Person
from promises.pledges.models import Pledge
from tests import record
from tests.record import NOW
from tests.site.reading import words
from tests.vocabulary import gather

pytestmark = pytest.mark.django_db
NOTHING_HOLDS = "Nothing holds all of these words"


@pytest.fixture
def bail(author: User) -> Pledge:
    """A pledge about bail; another official promised something else."""
    record.pledge(by=author, title="Watch police")
    made = record.pledge(by=author, title="Reform cash bail")
    gather()
    return made


def facets(client: Client, query: str) -> dict[str, tuple[str, str]]:
    """Return the values of all facets: how many have each, and where its link leads."""
    html = client.get(query).content.decode()
    rows = re.findall(
        r'<li><a href="(\?[^"]*)"(?: aria-current="true")?>([^<]*)</a>'
        r' <span class="since">(\d+)</span>',
        html,
    )
    return {unescape(label): (count, unescape(link)) for link, label, count in rows}


def test_a_chosen_value_without_hits_is_listed_and_can_be_taken_off(
    client: Client, bail: Pledge
) -> None:
    other = Pledge.objects.exclude(pk=bail.pk).get()
    query = f"/search/?q=bail&prosecutor={other.person.slug}&status=kept"
    assert facets(client, query) == {
        other.person.name: ("0", "?q=bail&status=kept"),
        "Kept": ("0", f"?q=bail&prosecutor={other.person.slug}"),
    }
    text = words(client.get(query))
    assert f"Prosecutor {other.person.name} 0 chosen; follow it to remove" in text
    assert "Nothing with these filters. The same words without them" in text
    assert NOTHING_HOLDS not in text
    assert '<a href="/search/?q=bail">The same words' in client.get(query).content.decode()
    assert "1 pledge" in words(client.get("/search/?q=bail"))


@pytest.mark.parametrize("chosen", ["in=evidence", "kind=court_filing", "topic=nothing-here"])
def test_whatever_was_chosen_it_is_the_filters_that_leave_nothing(
    client: Client, author: User, bail: Pledge, chosen: str
) -> None:
    record.topic(by=author, slug="nothing-here", name="Nothing here")
    text = words(client.get(f"/search/?q=bail&{chosen}"))
    assert "Nothing with these filters." in text
    assert NOTHING_HOLDS not in text


def test_without_a_choice_it_is_the_words_that_find_nothing(client: Client, bail: Pledge) -> None:
    text = words(client.get("/search/?q=bail+qwertyuiop"))
    assert NOTHING_HOLDS in text
    assert "Nothing with these filters" not in text


def test_a_chosen_value_stands_although_others_are_more_frequent(
    client: Client, author: User, bail: Pledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("promises.site.facets.MOST_VALUES", 0)
    found = facets(client, f"/search/?q=bail&topic={bail.topic.slug}")
    assert found == {bail.topic.name: ("1", "?q=bail")}


def test_who_never_held_an_office_is_named_and_can_be_chosen(
    client: Client, author: User, bail: Pledge
) -> None:
    draft = save_person(person=Person(slug="joan-sample", name="Joan Sample"), by=author, now=NOW)
    candidate = publish_person(person=draft, by=author, now=NOW)
    record.pledge(by=author, person=candidate, term=None, title="Bail for everybody")
    count, link = facets(client, "/search/?q=bail")["Joan Sample"]
    assert count == "1"
    assert facets(client, f"/search/{link}")["Joan Sample"] == ("1", "?q=bail")


def test_results_can_be_narrowed_to_pledges_or_evidence_by_a_link(
    client: Client, author: User, bail: Pledge
) -> None:
    for _ in range(2):
        record.evidence(by=author, about=bail, title="On bail")
    gather()
    both = facets(client, "/search/?q=bail&page=1")
    assert both["Pledges"] == ("1", "?q=bail&in=pledges")
    assert both["Evidence"] == ("2", "?q=bail&in=evidence")
    assert "Pledges or evidence Evidence 2 Pledges 1" in words(client.get("/search/?q=bail"))
    only = facets(client, "/search/?q=bail&in=evidence")
    assert only["Evidence"] == ("2", "?q=bail")
    assert "Pledges" not in only
    text = words(client.get("/search/?q=bail&in=evidence"))
    assert "Evidence 2 chosen; follow it to remove" in text
