"""Every list, search, filter, box and autocomplete of the desk at a size that a scan would show.

Nothing is timed. Each statement is run again under EXPLAIN ANALYZE, and the rows that it touches
in any table are counted: they stay within what a page needs, whatever the table holds.

The long form holds ten times as much and asks the same, with the same bounds:
make test ARGS="-m slow --timeout 3600 tests/desk/test_at_size.py"
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client

from promises.accounts.models import User
from promises.pledges.models import Pledge
from tests import record
from tests.desk.conftest import registered
from tests.desk.rows import address
from tests.desk.size import TABLES, fill
from tests.desk.test_queries import LISTS as QUERIES

SIZES = [20_000, pytest.param(200_000, marks=pytest.mark.slow)]
# A page shows 50 rows, and a count stops at 1000 of what may be a ninth of the table (kinds of
# evidence). A scan of the smallest large table touches 20,000.
TOUCHED = 10_000


@pytest.fixture(scope="module", params=SIZES)
def pledges(request: pytest.FixtureRequest) -> int:
    """How many pledges there are."""
    count: int = request.param
    return count


@pytest.fixture(scope="module")
def at_size(pledges: int, django_db_setup: None, django_db_blocker: Any) -> Iterator[User]:
    """Many rows in every table that grows, and the person who looks at them."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            # What earlier tests left in the indexes would decide by which of them a page is read.
            with connection.cursor() as cursor:
                for table in TABLES:
                    cursor.execute(f"REINDEX TABLE {table}")
            person = record.user("at-size", is_staff=True, is_superuser=True)
            other = record.user("other")
            topic = record.topic(by=person).pk
            methodology = record.methodology(by=person).pk
            fill(by=person, other=other, topic=topic, methodology=methodology, pledges=pledges)
            yield person
            transaction.set_rollback(True)
        # What was rolled back would be in the way of every test that follows.
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"VACUUM ANALYZE {table}")


@pytest.fixture
def desk(at_size: User, db: None) -> Client:
    client = Client()
    client.force_login(at_size)
    return client


def touched(plan: dict[str, Any]) -> int:
    """Return how many rows of a table a node of a plan, or one below it, reads."""
    below = max((touched(node) for node in plan.get("Plans", ())), default=0)
    if "Relation Name" not in plan and "Index Name" not in plan:
        return below
    read = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    read += plan.get("Rows Removed by Index Recheck", 0)
    return max(below, round(read * plan["Actual Loops"]))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements of the block, each with its values, also where the server has them."""
    found: list[str] = []

    def note(execute: Any, sql: Any, values: Any, many: bool, context: Any) -> Any:
        found.append(connection.ops.compose_sql(sql, values))  # type: ignore[attr-defined]
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        yield found


def most_touched(asked: list[str]) -> tuple[int, str]:
    """Return the most rows that one of these statements reads from a table, and the statement."""
    reads = [statement for statement in asked if statement.startswith("SELECT")]
    return max(((touched(plan_of(read)), read) for read in reads), default=(0, ""))


def plan_of(statement: str) -> dict[str, Any]:
    """Run a statement again and return what the database did for it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}")
        found = cursor.fetchone()[0]
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return a node of a plan and all below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def opened(browser: Client, address: str, queries: int | None = None, **asked: str) -> Any:
    """Open a page, hold that it read no more than it needs, and return it.

    `queries` is how many it may take; None for as many as it likes.
    """
    with statements() as made:
        page = browser.get(address, asked)
    assert page.status_code == 200
    assert queries in {None, len(made)}
    rows, statement = most_touched(made)
    assert rows <= TOUCHED, f"{address} {asked}: {rows} rows read by {statement}"
    return page


# The handful of versions of the method says of each how many ratings were made under it.
COUNTS_ALL = {"updates.MethodologyVersion"}
LISTS = [model for model in registered() if model._meta.label not in COUNTS_ALL]


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_a_list_reads_no_more_than_its_page(model: type[Model], desk: Client) -> None:
    there = address(model, "changelist")
    # As many queries as with a handful of rows.
    first = opened(desk, there, queries=QUERIES[model._meta.label]).context["cl"]
    if getattr(first, "next_address", ""):
        second = opened(desk, f"{there}{first.next_address}").context["cl"]
        shown = {row.pk for row in first.result_list}
        assert shown.isdisjoint({row.pk for row in second.result_list})
    if site.get_model_admin(model).search_fields:
        opened(desk, there, q="0cc175b9c0f1")
        opened(desk, there, q="size-7777")


def test_a_page_in_the_middle_is_reached_by_its_key(desk: Client, pledges: int) -> None:
    listed = desk.get(address(Pledge, "changelist")).context["cl"]
    assert listed.count_in_words == f"about {pledges:,}"
    rows = Pledge.objects.in_reading_order().select_related("person")
    middle = rows[pledges // 2]
    middle.key_0, middle.key_1 = middle.person.name, middle.person_id
    middle.key_2, middle.key_3 = middle.position, middle.pk
    there = listed._address("after", [middle], {f"key_{n}": None for n in range(4)})
    page = opened(desk, f"{address(Pledge, 'changelist')}{there}").context["cl"]
    after = rows[pledges // 2 + 1 : pledges // 2 + 51]
    assert [row.pk for row in page.result_list] == [row.pk for row in after]


def test_the_front_page_reads_no_more_than_it_shows(desk: Client, pledges: int) -> None:
    boxes = opened(desk, "/admin/").context["boxes"]
    counts = {str(box.title): box.count_in_words for box in boxes if box.count}
    stale, waits = pledges // 100, pledges // 500
    assert counts["Stale and mine"] == (str(stale) if stale <= 500 else "500+")
    assert counts["Stale and nobody's"] == "500+"
    assert counts["Waits for my approval"] == str(waits)


# Every value of every filter, but for what is computed: why a pledge is stale is a view over
# stored dates, so these read as many rows as are stale, by their indexes; which policy holds for a
# pledge is a view over all levels; which method is the newest is asked of each rating.
UNBOUNDED = ("stale=", "which=", "method=")


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_a_filter_reads_no_more_than_its_page(model: type[Model], desk: Client) -> None:
    listed = desk.get(address(model, "changelist")).context["cl"]
    too_much = {}
    for spec in listed.filter_specs:
        for choice in spec.choices(listed):
            query = choice["query_string"].removeprefix("?")
            # An address of its own is another list: that on which a prosecutor is chosen.
            if not query or query.startswith(("/", *UNBOUNDED)):
                continue
            with statements() as made:
                assert desk.get(f"{address(model, 'changelist')}?{query}").status_code == 200
            rows, statement = most_touched(made)
            if rows > TOUCHED:
                too_much[query] = (rows, statement)
    assert too_much == {}


WHOSE = ("evidence/evidence", "pledges/pledge", "staleness/staleflag", "updates/statusupdate")


@pytest.mark.parametrize("there", WHOSE)
def test_the_list_of_one_prosecutor_reads_no_more_than_its_page(there: str, desk: Client) -> None:
    opened(desk, f"/admin/{there}/", prosecutor="person-7")


AUTOCOMPLETES = [
    ("evidence", "evidencelink", "pledge"),
    ("evidence", "evidencelink", "evidence"),
    ("pledges", "pledge", "person"),
    ("pledges", "pledge", "term"),
    ("pledges", "pledge", "topic"),
]


@pytest.mark.parametrize("term", ["", "0cc175b9", "c4ca4238 0cc17"])
@pytest.mark.parametrize(("app", "model", "field"), AUTOCOMPLETES)
def test_an_autocomplete_reads_no_more_than_it_offers(
    desk: Client, app: str, model: str, field: str, term: str
) -> None:
    asked = {"app_label": app, "model_name": model, "field_name": field, "term": term}
    with statements() as made:
        answer = opened(desk, "/admin/autocomplete/", **asked).json()
    assert len(answer["results"]) <= 20
    # The tables that grow are asked by an index alone.
    reads = [statement for statement in made if statement.startswith("SELECT")]
    scanned = {
        node["Relation Name"]
        for read in reads
        for node in nodes(plan_of(read))
        if node["Node Type"] == "Seq Scan"
    }
    assert scanned.isdisjoint({"pledges_pledge", "evidence_evidence", "evidence_evidencelink"})
