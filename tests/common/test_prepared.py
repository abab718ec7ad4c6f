"""Queries that are made once give what their querysets give."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, Q, Value
from django.db.utils import NotSupportedError, OperationalError
from django.test.utils import CaptureQueriesContext

from promises.accounts.models import User
from promises.common.prepared import IsAny, Prepared
from promises.pledges.models import Pledge, Topic
from tests import record
from tests.record import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledges(author: User) -> list[Pledge]:
    return [record.pledge(by=author, title=f"100% of it, no. {number}") for number in range(3)]


def columns(rows: list[Pledge]) -> list[dict[str, Any]]:
    return [{k: v for k, v in vars(row).items() if k != "_state"} for row in rows]


def test_rows_are_those_of_the_queryset_with_what_they_bring_along(pledges: list[Pledge]) -> None:
    def asked(slug: str) -> Any:
        found = Pledge.objects.published().filter(slug=slug).select_related("person", "topic")
        return found.annotate(said=F("title"), mark=Value("50%"))

    prepared = Prepared(asked)
    for pledge in pledges:
        (found,), (expected,) = prepared(pledge.slug), asked(pledge.slug)
        assert columns([found]) == columns([expected])
        assert found.mark == "50%"
        with CaptureQueriesContext(connection) as queries:
            assert (found.person.pk, found.topic.pk) == (pledge.person_id, pledge.topic_id)
        assert len(queries) == 0


@pytest.mark.parametrize("is_planned", [True, False])
def test_every_kind_of_value_reaches_the_database(pledges: list[Pledge], is_planned: bool) -> None:
    found = Prepared(
        lambda ids, title, day, moment, pk: (
            Pledge.objects.filter(IsAny(F("pk"), ids), title__gte=title, made_on__gte=day)
            .filter(Q(published_at__gte=moment) | Q(pk=pk))
            .order_by("pk")
            .values_list("slug", flat=True)
        ),
        is_planned=is_planned,
    )
    first, second, third = pledges
    ids, day = [first.pk, third.pk, 2**40], first.made_on
    assert found(ids, "", day, NOW - timedelta(days=1), 0) == [first.slug, third.slug]
    assert found(ids, "", day, NOW + timedelta(days=9), third.pk) == [third.slug]
    assert found(ids, third.title, day, NOW - timedelta(days=1), second.pk) == [third.slug]
    assert found(ids, "", day + timedelta(days=1), NOW - timedelta(days=1), 0) == []
    assert found([], "", day, NOW - timedelta(days=1), 0) == []


def test_a_value_may_come_after_many_others(pledges: list[Pledge]) -> None:
    first = pledges[0]
    slugs = [first.slug, *(f"pledge-that-is-not-{number}" for number in range(99))]
    found = Prepared(
        lambda day, *rest: Pledge.objects.filter(
            slug__in=rest[:-2], made_on__gte=day, made_on__lte=rest[-2], published_at__gte=rest[-1]
        ).values_list("slug", flat=True)
    )
    day, moment = first.made_on, NOW - timedelta(days=1)
    assert found(day, *slugs, day, moment) == [first.slug]
    assert found(day, *slugs, day - timedelta(days=1), moment) == []


def test_it_is_one_query_whose_text_stays_the_same(pledges: list[Pledge]) -> None:
    prepared = Prepared(lambda pk: Pledge.objects.filter(pk=pk, title__contains="100%"))
    with CaptureQueriesContext(connection) as queries:
        rows = [prepared(pledge.pk) for pledge in pledges]
    assert rows == [[pledge] for pledge in pledges]
    texts = {query["sql"] for query in queries}
    assert (len(queries), len(texts)) == (3, 1)
    # What is the same each time stands in the text, what is not does not.
    text = texts.pop()
    assert "100" in text
    assert '"id" = $1' in text


def test_of_many_no_more_are_read_than_wanted(pledges: list[Pledge]) -> None:
    prepared = Prepared(
        lambda title: Pledge.objects.filter(title__gte=title).values_list("pk"), most=2
    )
    assert len(prepared("")) == 2
    assert prepared(pledges[2].title) == [(pledges[2].pk,)]


def plan_of(text: str) -> str:
    """Return how the database finds what it was asked, by the plan it has kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_prepared_statements WHERE position(%s IN statement) > 0", [text]
        )
        ((name,),) = cursor.fetchall()
        cursor.execute(f"EXPLAIN EXECUTE {name}('')")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_what_is_cut_short_is_found_in_an_order_that_does_not_change(
    pledges: list[Pledge],
) -> None:
    def named(title: str) -> Any:
        return Pledge.objects.filter(statement__gt=title).values_list("pk")

    def read_whole(title: str) -> Any:
        return Pledge.objects.filter(quote__gte=title).values_list("pk")

    with connection.cursor() as cursor:
        # As each connection has it that has asked before; a test that was undone took it back.
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        # Parallel workers for whatever may have some, however few the rows, if it knows of any.
        cursor.execute("ANALYZE pledges_pledge")
        for name in ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size"):
            cursor.execute(f"SET LOCAL {name} = 0")
        cursor.execute("SET LOCAL cpu_tuple_cost = 100")
        assert len(Prepared(named, most=2)("")) == 2
        cursor.execute("SHOW max_parallel_workers_per_gather")
        assert cursor.fetchone() == ("2",)
    assert len(Prepared(read_whole)("")) == 3
    # Whatever has to be read whole may have parallel workers.
    assert "Gather" in plan_of('"quote" >= ')
    assert "Gather" not in plan_of('"statement" > ')


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("most", [None, 2])
def test_a_database_that_is_gone_is_told_as_django_tells_it(author: User, most: int | None) -> None:
    asked = Prepared(lambda title: Pledge.objects.filter(title__gt=title), most=most)
    assert asked("") == []
    with connection.copy().cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        other.connection.close()
    with pytest.raises(OperationalError):
        asked("")
    connection.close()
    assert asked("") == []


def test_a_value_that_is_changed_on_its_way_is_refused() -> None:
    changed = Prepared(lambda title: Pledge.objects.filter(title=title.upper()))
    with pytest.raises(AssertionError, match="does not reach the SQL"):
        changed("reform")


@pytest.mark.django_db(transaction=True)
def test_a_column_that_a_migration_changes_beside_us_is_asked_for_anew(author: User) -> None:
    pledge = record.pledge(by=author)
    names = Prepared(lambda pk: Topic.objects.filter(pk=pk).values_list("name", flat=True))
    wanted = [Topic.objects.get(pk=pledge.topic_id).name]
    length = Topic._meta.get_field("name").max_length or 0
    migration = connection.copy()

    def change(length: int) -> None:
        with migration.cursor() as cursor:
            cursor.execute(f"ALTER TABLE pledges_topic ALTER COLUMN name TYPE varchar({length})")

    in_writes = Prepared(
        lambda pk: Topic.objects.filter(pk=pk).values_list("name", flat=True), is_planned=False
    )
    assert names(pledge.topic_id) == in_writes(pledge.topic_id) == wanted
    try:
        change(length + 1)
        # A write has no plan that could be out of date.
        with transaction.atomic():
            assert in_writes(pledge.topic_id) == wanted
        # Where a transaction is open its statements cannot be asked again.
        with pytest.raises(NotSupportedError, match="must not change result"), transaction.atomic():
            names(pledge.topic_id)
        assert names(pledge.topic_id) == wanted
    finally:
        change(length)
        migration.close()
    assert names(pledge.topic_id) == wanted
