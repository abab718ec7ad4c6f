"""The filters of the list of pledges, and the addresses that make no sense."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.site.pages.pledges import filter_options
from tests import record
from tests.record import NOW
from tests.site import addresses, whole
from tests.site.reading import words
from tests.vocabulary import gather

pytestmark = pytest.mark.django_db


def titles(client: Client, address: str) -> list[str]:
    """Return the titles that the list at this address shows, in its order."""
    response = client.get(address)
    assert response.status_code == 200, address
    rows = response.content.decode().split('<a class="row-title"')[1:]
    return [row[row.index(">") + 1 : row.index("<")] for row in rows]


@pytest.fixture
def three(author: User) -> None:
    """Three pledges that differ in everything a filter asks for."""
    parent = record.topic(by=author, slug="fairness")
    bail = record.topic(by=author, slug="bail", parent=parent)
    ann = record.term(by=author, who={"slug": "ann", "name": "Ann Example"})
    first = record.pledge(
        by=author, of=ann, topic=bail, title="Alpha", made_on=date(2021, 1, 1), position=1
    )
    record.published_update(by=author, of=first, status="kept", effective_on=date(2022, 1, 1))
    second = record.pledge(
        by=author, of=ann, topic=parent, title="Beta", made_on=date(2020, 1, 1), position=2
    )
    record.evidence(by=author, about=second)
    third = record.pledge(
        by=author, title="Gamma", statement="She said so.", made_on=date(2022, 1, 1)
    )
    update = record.published_update(
        by=author, of=third, status="stalled", effective_on=date(2024, 1, 1)
    )
    record.copy_of(update.citations.get().evidence, by=author)
    record.draft_pledge(by=author, title="Delta", topic=bail)


KEPT = {
    "": ["Alpha", "Beta", "Gamma"],
    "status=kept": ["Alpha"],
    "status=broken": [],
    "topic=bail": ["Alpha"],
    "topic=fairness": ["Alpha", "Beta"],
    "prosecutor=ann": ["Alpha", "Beta"],
    "prosecutor=ann&status=not_yet_rated": ["Beta"],
    "q=so+said": ["Gamma"],
    "q=ann": ["Alpha", "Beta"],
    "stale=true": ["Alpha", "Beta"],
    "stale=false": ["Gamma"],
    "stale=never_reviewed": ["Beta"],
    "stale=single_source": ["Alpha"],
    "stale=review_overdue": [],
    "sort=title": ["Alpha", "Beta", "Gamma"],
    "sort=since": ["Gamma", "Alpha", "Beta"],
    "sort=made": ["Gamma", "Alpha", "Beta"],
    "sort=reviewed": ["Beta", "Alpha", "Gamma"],
    "status=&topic=&prosecutor=&stale=&q=&sort=&page=": ["Alpha", "Beta", "Gamma"],
    "utm_source=elsewhere": ["Alpha", "Beta", "Gamma"],
}


@pytest.mark.usefixtures("three")
def test_each_filter_keeps_what_it_says(client: Client) -> None:
    with time_machine.travel(NOW + timedelta(days=100)):
        assert {query: titles(client, f"/pledges/?{query}") for query in KEPT} == KEPT


def test_what_holds_so_far_is_not_in_the_works(client: Client, author: User) -> None:
    """A filter and a facet mean by a status what the row they find says."""
    for title, kind in (("Alpha", "standing"), ("Beta", "outcome")):
        made = record.pledge(by=author, title=title, kind=kind)
        record.published_update(by=author, of=made, status="in_the_works")
    assert titles(client, "/pledges/?status=holding") == ["Alpha"]
    assert titles(client, "/pledges/?status=in_the_works") == ["Beta"]
    assert b'<option value="holding" selected>Holding so far</option>' in (
        client.get("/pledges/?status=holding").content
    )
    found = client.get("/search/?q=county&in=pledges").content.decode()
    facet = r'status=(\w+)">([^<]+)</a> <span class="since">(\d+)'
    assert sorted(re.findall(facet, found)) == [
        ("holding", "Holding so far", "1"), ("in_the_works", "In the works", "1"),
    ]  # fmt: skip
    assert titles(client, "/search/?q=county&in=pledges&status=holding") == ["Alpha"]
    assert titles(client, "/search/?q=county&in=pledges&status=in_the_works") == ["Beta"]


def test_words_name_office_place_and_topic_and_all_must_occur(client: Client, author: User) -> None:
    """The list and the search find the same."""
    bail = record.topic(by=author, name="Cash bail")
    term = record.term(by=author)
    number = term.office.title.split()[-1]
    record.pledge(by=author, of=term, topic=bail, title="Alpha")
    record.pledge(by=author, of=term, title="Beta")
    record.pledge(by=author, topic=bail, title="Gamma")
    wanted = {
        "district attorney": ["Alpha", "Beta", "Gamma"],
        f"county {number}": ["Alpha", "Beta"],
        f"attorney {number} bail": ["Alpha"],
        "said county bail": ["Alpha", "Gamma"],
        "beta bail": [],
    }
    for asked, found in wanted.items():
        # In order of names, in which Person 10 comes before Person 9.
        assert sorted(titles(client, f"/pledges/?q={asked}")) == found, asked
        assert sorted(titles(client, f"/search/?q={asked}&in=pledges")) == found, asked


def test_a_slip_of_the_pen_is_understood_in_the_list_too(client: Client, author: User) -> None:
    record.pledge(by=author, title="Reform bail")
    gather()
    assert titles(client, "/pledges/?q=refrom") == ["Reform bail"]
    text = words(client.get("/pledges/?q=refrom"))
    assert "Nothing here holds “refrom”. These are the results for “reform”." in text
    assert titles(client, "/pledges/?q=refrom&status=kept") == []
    assert "Nothing here holds" not in words(client.get("/pledges/?q=refrom&status=kept"))


@pytest.mark.usefixtures("three")
def test_the_form_repeats_what_was_chosen(client: Client) -> None:
    page = client.get("/pledges/?status=kept&topic=bail&prosecutor=ann&sort=made&q=al").content
    for chosen in (b'"kept"', b'"bail"', b'"ann"', b'"made"'):
        assert b"<option value=" + chosen + b" selected>" in page
    assert b'value="al">' in page
    assert page.count(b" selected>") == 4


def test_every_choice_of_the_form_is_an_address_that_works(client: Client) -> None:
    for name, values in filter_options([]).items():
        for value in values:
            assert client.get("/pledges/", {name: value}).status_code == 200, (name, value)


UNKNOWN = {
    "status=hold": "“hold” is not a known value of “status”.",
    "topic=nothing": "“nothing” is not a known value of “topic”.",
    "prosecutor=nobody": "“nobody” is not a known value of “prosecutor”.",
    "stale=maybe": "“maybe” is not a known value of “stale”.",
    "sort=-pk": "“-pk” is not a known value of “sort”.",
    "status=kept&status=broken": "“status” is given more than once.",
    "q=%00": "The search holds an invisible control character.",
    "q=" + "x" * 10_000: "The search is longer than 200 characters.",
    "status=%00%1b": "is not a known value of “status”.",
}


@pytest.mark.usefixtures("three")
def test_an_unknown_value_is_said_and_nothing_is_listed(client: Client) -> None:
    for query, message in UNKNOWN.items():
        response = client.get(f"/pledges/?{query}")
        assert response.status_code == 400, query
        assert message in words(response), query
        assert b"row-title" not in response.content, query
        assert len(response.content) < 12_000, query


def test_several_unknown_values_are_all_said(client: Client) -> None:
    text = words(client.get("/pledges/?status=x&sort=y"))
    assert "“x” is not a known value of “status”. “y” is not a known value of “sort”." in text


PAGED = ["/pledges/", "/updates/", "/stale/", "/corrections/", "/metrics/", "/search/?q=a"]


@pytest.mark.parametrize("address", PAGED)
@pytest.mark.parametrize(
    ("page", "status", "message"),
    [
        ("abc", 400, "“abc” is not a page number: pages are counted from 1."),
        ("0", 400, "“0” is not a page number"),
        ("-1", 400, "“-1” is not a page number"),
        ("1.5", 400, "“1.5” is not a page number"),
        ("²", 400, "“²” is not a page number"),
        ("٣", 400, "“٣” is not a page number"),
        ("9" * 5000, 400, "is not a page number"),
        ("%00", 400, "is not a page number"),
        ("9999", 404, "There is no page 9999: the last one is page 1."),
        ("999999999", 404, "There is no page 999999999: the last one is page 1."),
    ],
)
def test_a_page_that_does_not_exist(
    client: Client, address: str, page: str, status: int, message: str
) -> None:
    response = client.get(f"{address}{'&' if '?' in address else '?'}page={page}")
    assert response.status_code == status
    assert message in words(response)


def test_fifty_a_page_each_row_once_and_the_filters_stay(client: Client, author: User) -> None:
    term = record.term(by=author)
    for number in range(53):
        record.pledge(by=author, of=term, title=f"Thing {number:02}")
    pages = [titles(client, f"/pledges/?q=thing&sort=made&page={page}") for page in (1, 2)]
    assert [len(page) for page in pages] == [50, 3]
    assert len({*pages[0], *pages[1]}) == 53
    first = client.get("/pledges/?q=thing&sort=made")
    assert "Pledges 1 to 50 of 53" in words(first)
    assert b'<a href="?q=thing&amp;sort=made&amp;page=2" rel="next">' in first.content
    assert b'rel="prev"' not in first.content
    second = client.get("/pledges/?q=thing&sort=made&page=2")
    assert "Pledges 51 to 53 of 53" in words(second)
    assert b'<a href="?q=thing&amp;sort=made&amp;page=1" rel="prev">' in second.content
    assert b'rel="next"' not in second.content
    with time_machine.travel(NOW + timedelta(days=365)):
        assert "Pledges 51 to 53 of 53" in words(client.get("/stale/?page=2"))


@pytest.mark.parametrize("query", ["%00", "x" * 10_000, "%1b", "a&q=b"])
def test_a_search_that_makes_no_sense(client: Client, query: str) -> None:
    response = client.get(f"/search/?q={query}")
    assert response.status_code == 400
    assert "This address holds something we do not know" in words(response)


def test_a_search_for_odd_characters_is_a_search(client: Client, author: User) -> None:
    whole.pledge(by=author)
    for query in ("%ff", "%ed%a0%80", "%25", "_", "'", '"><b>', "\\", "é", "%F0%9F%98%80"):
        response = client.get(f"/search/?q={query}")
        assert response.status_code == 200, query
        assert b"<b>" not in response.content, query


@pytest.mark.parametrize(
    "address",
    [
        "/prosecutors/nobody/",
        "/pledges/nothing/",
        "/topics/nothing/",
        "/evidence/nothing/",
        "/metrics/nothing/",
        "/metrics/?pledge=nothing",
        f"/pledges/{'x' * 3000}/",
    ],
)
def test_an_unknown_name_is_not_in_the_record(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "in this record." in words(response)


@pytest.mark.parametrize("address", ["/nothing/", "/pledges/a%00b/", "/pledges/a b/", "/index.php"])
def test_an_unknown_address_is_a_plain_404(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Nothing is published at this address." in words(response)


@pytest.mark.parametrize("address", ["/", "/pledges/", "/healthz", "/readyz", "/robots.txt"])
def test_pages_are_only_read(client: Client, address: str) -> None:
    assert client.head(address).content == b""


def test_other_methods_are_refused_before_anybody_asks_for_a_token(author: User) -> None:
    """A browser without cookies was told of a form that had expired, where there is none."""
    whole.pledge(by=author)
    strict = Client(enforce_csrf_checks=True)
    read_only = set(addresses.every_address()) | set(addresses.every_address_for_programs())
    read_only -= {"/suggest/", "/follow/", *(each for each in read_only if "/challenge/" in each)}
    assert {"/", "/pledges/", "/updates.atom", "/readyz"} < read_only
    for address in sorted(read_only):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(strict, method)(address)
            told = (answer.status_code, answer.headers.get("Allow"))
            assert told == (405, "GET, HEAD"), (method, address)
    assert strict.post("/suggest/").status_code == 403


def test_metrics_of_a_pledge_whose_name_makes_no_sense(client: Client) -> None:
    response = client.get("/metrics/?pledge=%00")
    assert response.status_code == 400


def test_beyond_the_last_page_a_link_leads_to_it(client: Client, author: User) -> None:
    response = client.get("/es/updates/?page=7&x=1")
    assert response.status_code == 404
    link = '<a href="/es/updates/?page=1&amp;x=1">'
    assert link in response.content.decode()
    assert "Updates Every" in words(client.get("/updates/?page=1&x=1"))
