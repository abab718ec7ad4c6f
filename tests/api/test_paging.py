"""Cursor paging: every row once, whatever comes and goes meanwhile, in every order."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
import time_machine

from promises.api.paging import Cursor
from promises.api.urls import RESOURCES
from promises.metrics.actions import add_observation
from promises.metrics.models import Observation
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from tests import record
from tests.api.conftest import Api
from tests.api.contrast import add_contrast
from tests.api.world import NOW, World
from tests.record import record_review
from tests.record_requests import filed

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def many(built_world: World, django_db_blocker: Any) -> Iterator[None]:
    """More of everything, with equal values and empty ones in every column that sorts."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        add_contrast(built_world)
        by, term, topic = built_world.author, built_world.term, built_world.topic
        for number in range(6):
            pledge = record.pledge(
                by=by, of=term, topic=topic, slug=f"more-{number}", title="The same title",
                due_on=date(2026, 6, 1) if number % 2 else None,
            )  # fmt: skip
            record.evidence(
                by=by, about=pledge, slug=f"more-evidence-{number}", published_on=None,
                date_precision="unknown",
            )  # fmt: skip
            record_review(pledge=pledge, note="Looked.", by=by, now=NOW)
            filed.request(by=by, about=pledge)
        for months, period, vintages, source in product(
            (3, 4), ("week", "month"), (5, 6), ("a", "b")
        ):
            observation = Observation(
                metric=built_world.metric, observed_on=date(2025, months, 1), period=period,
                value=Decimal(1), vintage_on=date(2025, vintages, 1), source=source,
            )  # fmt: skip
            add_observation(observation=observation, by=by, now=NOW)
        sweep_stale(by=by, now=NOW + timedelta(days=400))
    return


def walk(api: Api, path: str, meanwhile: Callable[[], None] = lambda: None) -> list[Any]:
    """Return every row from the first page to the last, doing something between the pages."""
    rows, address = [], f"/api/v1/{path}"
    while address:
        page = api.read(address)
        rows += page["results"]
        address = page["next"]
        meanwhile()
    return rows


def walk_back(api: Api, path: str) -> list[Any]:
    """Return every row from the last page to the first."""
    address, page = f"/api/v1/{path}", {}
    while address:
        page = api.read(address)
        address = page["next"]
    rows = page["results"]
    while page["previous"]:
        page = api.read(page["previous"])
        rows = page["results"] + rows
    return rows


ORDERS = [
    (resource.section, order.sign)
    for resource in RESOURCES
    for once in resource.orders
    for order in (once, once.turned())
]


@pytest.mark.parametrize(("section", "sign"), ORDERS)
def test_pages_of_every_size_hold_every_row_once_in_order(
    section: str, sign: str, api: Api, world: World, many: None
) -> None:
    query = f"?ordering={sign}"
    everything = walk(api, f"{section}/{query}&page_size=200")
    assert len({json.dumps(row) for row in everything}) == len(everything) > 0
    size = 50 if section == "changes" else 2
    assert walk(api, f"{section}/{query}&page_size={size}") == everything
    assert walk_back(api, f"{section}/{query}&page_size={size}") == everything


def test_the_two_ways_of_an_order_mirror_each_other_and_nothing_comes_last(
    api: Api, world: World, many: None
) -> None:
    for name in ("due_on", "status_since", "made_on", "title"):
        up = [row[name] for row in walk(api, f"pledges/?ordering={name}&page_size=3")]
        down = [row[name] for row in walk(api, f"pledges/?ordering=-{name}&page_size=3")]
        filled = [value for value in up if value is not None]
        empty: list[None] = [None] * (len(up) - len(filled))
        assert up == sorted(filled) + empty
        assert down == sorted(filled, reverse=True) + empty


def test_rows_inserted_on_the_way_neither_hide_nor_double_another(
    api: Api, world: World, many: None
) -> None:
    before = [row["slug"] for row in walk(api, "pledges/?page_size=200")]
    numbers = iter(range(100))

    def insert() -> None:
        number = next(numbers)
        for slug in (f"a-new-{number}", f"more-{number}-new", f"z-new-{number}"):
            if number < 3:
                record.pledge(by=world.author, of=world.term, topic=world.topic, slug=slug)

    found = [row["slug"] for row in walk(api, "pledges/?page_size=3", insert)]
    assert len(found) == len(set(found))
    assert [slug for slug in found if slug in before] == before
    # What was added ahead of the reader is read too.
    assert "z-new-0" in found


def test_a_row_that_goes_while_its_page_is_the_last_seen_changes_nothing_else(
    api: Api, world: World, many: None
) -> None:
    everything = [row["slug"] for row in walk(api, "pledges/?page_size=200")]
    first = api.read("pledges/?page_size=3")
    gone = first["results"][-1]["slug"]
    retract_pledge(
        pledge=Pledge.objects.get(slug=gone), reason="Doubled.", by=world.author, now=NOW
    )
    rest = [row["slug"] for row in walk(api, first["next"].split("/api/v1/")[1])]
    assert rest == everything[3:]


@pytest.mark.parametrize("query", ["", "&ordering=-slug"])
def test_who_goes_back_to_a_page_whose_rows_are_gone_goes_on_with_the_first(
    query: str, api: Api, world: World, many: None
) -> None:
    path = f"pledges/?page_size=3{query}"
    first = api.read(path)
    second = api.read(first["next"])
    for row in first["results"]:
        pledge = Pledge.objects.get(slug=row["slug"])
        retract_pledge(pledge=pledge, reason="Doubled.", by=world.author, now=NOW)
    gone = api.ask(second["previous"])
    body = gone.json()
    assert (body["results"], body["previous"]) == ([], None)
    assert gone["Link"] == f'<{body["next"]}>; rel="next"'
    assert "cursor" not in body["next"]
    assert api.read(body["next"])["results"] == second["results"]


@pytest.mark.parametrize("query", ["", "&ordering=-slug", "&ordering=due_on"])
def test_who_comes_to_a_last_page_whose_rows_are_gone_goes_back_to_what_is_last_now(
    query: str, api: Api, world: World, many: None
) -> None:
    size = len(walk(api, f"pledges/?page_size=200{query}")) // 2
    path = f"pledges/?page_size={size}{query}"
    first = api.read(path)
    behind = walk(api, first["next"].split("/api/v1/")[1])
    for row in behind:
        pledge = Pledge.objects.get(slug=row["slug"])
        retract_pledge(pledge=pledge, reason="Doubled.", by=world.author, now=NOW)
    gone = api.ask(first["next"])
    body = gone.json()
    assert (body["results"], body["next"]) == ([], None)
    assert gone["Link"] == f'<{body["previous"]}>; rel="prev"'
    last = api.read(body["previous"])
    # All of it: nothing that was there is passed over, and it is known to be the last.
    assert last == {"next": None, "previous": None, "results": first["results"]}
    one = api.read(body["previous"].replace(f"page_size={size}", "page_size=1"))
    assert (one["results"], one["next"]) == (first["results"][-1:], None)
    assert api.read(one["previous"])["results"] == first["results"][-2:-1]


def test_links_say_the_same_in_the_header_and_keep_the_query(api: Api, world: World) -> None:
    path = (
        "observations/?metric=cash-bail-share&observed_before=2025-02-28&page_size=1&fields=value"
        "&ordering=-observed_on"
    )
    first = api.ask(path)
    second = api.ask(first.json()["next"])
    third = api.ask(second.json()["next"])
    here, query = first.json()["next"].split("?")
    assert here == "http://127.0.0.1:8000/api/v1/observations/"
    # In order of their names, however it was asked.
    assert query.startswith("cursor=")
    assert query.split("&")[1:] == sorted(path.split("?")[1].split("&"))
    assert (first.json()["previous"], first["Link"]) == (
        None,
        f'<{first.json()["next"]}>; rel="next"',
    )
    body = second.json()
    assert second["Link"] == f'<{body["next"]}>; rel="next", <{body["previous"]}>; rel="prev"'
    assert (third.json()["next"], third["Link"]) == (
        None,
        f'<{third.json()["previous"]}>; rel="prev"',
    )
    assert api.read(body["previous"])["results"] == first.json()["results"] == [{"value": "39"}]
    assert not api.ask("offices/").has_header("Link")


def test_page_sizes_end_at_200_and_begin_at_1(api: Api, world: World) -> None:
    assert len(api.read("evidence/?page_size=1")["results"]) == 1
    assert api.read("evidence/?page_size=200")["next"] is None
    for size in ("0", "201", "-1", "ten", "1.0", "", "9" * 30):
        problem = api.problem(f"evidence/?page_size={size}")
        assert (problem["parameter"], problem["value"]) == ("page_size", size)
        assert "from 1 to 200" in problem["detail"]


def packed(*content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "%00", "é", "AAAA", "=" * 8, "W10", "A" * 2000,
        packed(), packed("n"), packed("n", "slug"), packed("n", "slug", "a"),
        packed("n", "slug", []), packed("n", "slug", [1]), packed("n", "slug", ["a", "b"]),
        packed("n", "slug", [None]), packed("n", "slug", ["\x00"]), packed("x", "slug", ["a"]),
        packed("n", "-slug", ["a"]), packed("n", "made_on", ["a"]),
        str(Cursor(False, "slug", ("a",))) + "=",
    ],
)  # fmt: skip
def test_a_cursor_that_was_never_given_out_is_refused(cursor: str, api: Api, world: World) -> None:
    problem = api.problem(f"pledges/?cursor={cursor}")
    assert problem["parameter"] == "cursor"
    assert re.search("bad-(cursor|value)$", problem["type"])


def test_a_cursor_of_another_order_is_refused(api: Api, world: World) -> None:
    cursor = str(Cursor(False, "edition", (3, "a")))
    assert api.read(f"pledges/?ordering=edition&cursor={cursor}")["results"] != []
    problem = api.problem(f"pledges/?ordering=made_on&cursor={cursor}")
    assert problem["type"].endswith("bad-cursor")


@pytest.mark.parametrize("value", ["2026-13-01", "20260101", "", 3, None, True])
def test_values_in_a_cursor_are_of_their_kind(value: Any, api: Api, world: World) -> None:
    cursor = packed("n", "made_on", [value, "a"]).replace("=", "")
    assert api.problem(f"pledges/?ordering=made_on&cursor={cursor}")["parameter"] == "cursor"
    edition = packed("n", "edition", [2**63 if value is None else f"{value}", "a"])
    assert api.problem(f"pledges/?ordering=edition&cursor={edition}")["parameter"] == "cursor"
