"""Lists: pages by key that stay where they are, counts, and what may sort."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin import site
from django.db.models import Model
from django.test import Client

from promises.accounts.models import User
from promises.desk.lists.large import LongList
from promises.desk.record_admin import RecordAdmin
from promises.pledges.models import Pledge
from tests import record
from tests.desk.conftest import registered
from tests.desk.rows import address

LIST = "/admin/pledges/pledge/"
# Django's own page of a handful of rows; the files of researchers, which have pages of their own.
OTHERS = {"auth.Group", "imports.Import"}
OURS = [model for model in registered() if model._meta.label not in OTHERS]


@pytest.fixture
def pledges(author: User, monkeypatch: pytest.MonkeyPatch) -> list[Pledge]:
    """Seven pledges of two people, in the order of the list, three to a page."""
    monkeypatch.setattr(site.get_model_admin(Pledge), "list_per_page", 3)
    one, another = (record.term(by=author) for _ in range(2))
    found = [
        record.pledge(by=author, of=of, position=number % 3)
        for of, many in ((one, 4), (another, 3))
        for number in range(many)
    ]
    return sorted(found, key=lambda row: (row.person.name, row.person_id, row.position, row.pk))


def pages(browser: Client, address: str, way: str) -> Iterator[Any]:
    """Yield the lists from an address on, page by page."""
    while address:
        listed = browser.get(address).context["cl"]
        yield listed
        there = getattr(listed, f"{way}_address")
        address = f"{LIST}{there}" if there else ""


def test_pages_follow_one_another_and_lead_back(desk: Client, pledges: list[Pledge]) -> None:
    forward = list(pages(desk, LIST, "next"))
    assert [row for listed in forward for row in listed.result_list] == pledges
    assert [len(listed.result_list) for listed in forward] == [3, 3, 1]
    assert [bool(listed.previous_address) for listed in forward] == [False, True, True]
    back = list(pages(desk, f"{LIST}{forward[-1].previous_address}", "previous"))
    assert [[row.pk for row in listed.result_list] for listed in back] == [
        [row.pk for row in pledges[3:6]],
        [row.pk for row in pledges[:3]],
    ]
    assert back[-1].previous_address == ""


def test_a_page_stays_where_it_is_while_rows_arrive(
    desk: Client, author: User, pledges: list[Pledge]
) -> None:
    first = desk.get(LIST).context["cl"]
    there = f"{LIST}{first.next_address}"
    before = [row.pk for row in desk.get(there).context["cl"].result_list]
    record.pledge(by=author, of=pledges[0].term, position=0)
    assert [row.pk for row in desk.get(there).context["cl"].result_list] == before


def test_a_changed_filter_starts_from_the_first_page(desk: Client, pledges: list[Pledge]) -> None:
    listed = desk.get(f"{LIST}{desk.get(LIST).context['cl'].next_address}").context["cl"]
    assert listed.get_query_string({"state__exact": "published"}) == "?state__exact=published"
    assert listed.first_address == "?"


def test_filter_and_search_stay_while_one_turns_pages(desk: Client, pledges: list[Pledge]) -> None:
    asked = f"{LIST}?q=example&state__exact=published"
    listed = list(pages(desk, asked, "next"))
    assert [row for page in listed for row in page.result_list] == pledges
    assert "q=example" in listed[0].next_address


@pytest.mark.parametrize(
    "place", ["after=%%", "after=bm90IGpzb24", "after=WyIxIl0", "before=WyJhIiwiYiIsImMiLCJkIl0"]
)
def test_a_place_that_was_never_given_out_leads_to_the_first_page(
    desk: Client, pledges: list[Pledge], place: str
) -> None:
    answer = desk.get(f"{LIST}?{place}")
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?e=1")


def test_a_page_behind_the_last_row_says_so(desk: Client, pledges: list[Pledge]) -> None:
    last = list(pages(desk, LIST, "next"))[-1]
    beyond = last._address("after", last.result_list, {f"key_{n}": None for n in range(4)})
    listed = desk.get(f"{LIST}{beyond}").context["cl"]
    assert (listed.result_list, listed.result_count) == ([], 7)
    assert (listed.next_address, listed.previous_address, listed.first_address) == ("", "", "?")


def test_short_lists_are_counted_exactly_and_long_ones_estimated(
    desk: Client, pledges: list[Pledge], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.get(LIST).context["cl"].count_in_words == "7"
    monkeypatch.setattr("promises.desk.lists.large.COUNTED", 5)
    listed = desk.get(LIST).context["cl"]
    assert not listed.is_exact
    assert listed.count_in_words.startswith("about ")
    listed.result_count = 203_417
    assert listed.count_in_words == "about 200,000"


def test_only_what_has_an_index_sorts(desk: Client, pledges: list[Pledge]) -> None:
    # The titles are the second column; nothing but the order of the list has an index for it.
    listed = desk.get(f"{LIST}?o=-1").context["cl"]
    assert list(listed.result_list) == pledges[:3]
    assert listed.get_ordering_field_columns() == {}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_list_is_one_whose_order_is_a_key(model: type[Model], desk: Client) -> None:
    admin = site.get_model_admin(model)
    assert isinstance(desk.get(address(model, "changelist")).context["cl"], LongList)
    ways = {name.startswith("-") for name in admin.ordering}
    assert len(ways) == 1
    assert admin.ordering[-1].removeprefix("-") in {"pk", model._meta.pk.name}
    for name in admin.ordering:
        path = name.removeprefix("-")
        assert not any(field.null for field in fields_of(model, path)), path


def fields_of(model: type[Model], path: str) -> list[Any]:
    found = []
    for name in path.split("__"):
        field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
        found.append(field)
        model = field.related_model or model
    return found


def test_every_record_of_the_desk_has_such_a_list() -> None:
    for model in OURS:
        if model._meta.label != "accounts.User":
            assert isinstance(site.get_model_admin(model), RecordAdmin)


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ("open fil", True),
        ("FILES open", True),
        ("jane open", True),
        ("open-the-files", True),
        ("pen", False),
        ("open nothing", False),
        ("' \\ & | !", True),
        ("o'pen", False),
        ("court", True),
    ],
)
def test_words_find_pledges_by_how_they_begin(
    desk: Client, author: User, asked: str, finds: bool
) -> None:
    pledge = record.pledge(
        by=author, title="Open the files", slug="open-the-files", statement="In every court."
    )
    found = desk.get(LIST, {"q": asked}).context["cl"].result_list
    assert [row.pk for row in found] == ([pledge.pk] if finds else [])


def test_what_hangs_on_a_pledge_is_found_by_its_words(
    desk: Client, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledges = [record.pledge(by=author, title=title) for title in ("Open files", "Close doors")]
    updates = [record.draft_update(by=author, of=pledge) for pledge in pledges]
    there = "/admin/updates/statusupdate/"
    # Alike whether the pledges found are few, and looked up, or many, and met on the way.
    for few in (1000, 0):
        monkeypatch.setattr("promises.common.words.FEW", few)
        for words, expected in (("clos", [updates[1]]), ("evidence says", updates[::-1])):
            found = desk.get(there, {"q": words}).context["cl"].result_list
            assert list(found) == expected


def test_the_ledger_is_searched_by_whole_names(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    there = "/admin/ledger/entry/"
    found = desk.get(there, {"q": f"pledges/{pledge.slug}"}).context["cl"].result_list
    assert [entry.event for entry in found] == ["pledge:published"]
    by_pledge = desk.get(there, {"q": pledge.slug}).context["cl"].result_list
    assert {entry.pledge for entry in by_pledge} == {pledge.slug}
    edition = found[0].edition
    by_number = desk.get(there, {"q": str(edition)}).context["cl"].result_list
    assert [entry.edition for entry in by_number] == [edition]


def test_an_autocomplete_counts_nothing_and_knows_whether_there_is_more(
    desk: Client, author: User
) -> None:
    of = record.term(by=author)
    for number in range(21):
        record.pledge(by=author, of=of, position=number)
    field = {"app_label": "evidence", "model_name": "evidencelink", "field_name": "pledge"}
    answers = [
        desk.get("/admin/autocomplete/", {**field, "term": "jane", "page": page}).json()
        for page in (1, 2)
    ]
    assert [len(answer["results"]) for answer in answers] == [20, 1]
    assert [answer["pagination"]["more"] for answer in answers] == [True, False]
