"""Due dates and episodes of very many pledges at once."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.staleness.triggers import rule_sql
from tests import record

pytestmark = pytest.mark.django_db


def test_what_is_due_no_more_is_looked_up_whatever_is_known_of_the_tables(author: User) -> None:
    """Compared with each other, dates of twenty thousand pledges took minutes."""
    pledge = record.pledge(by=author)
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'staleness_derive'")
        source = cursor.fetchone()[0]
        statement = re.search(r"WITH fresh AS MATERIALIZED .*?;", source, re.DOTALL)
        assert statement
        cursor.execute("ANALYZE staleness_duedate")
        cursor.execute(
            "EXPLAIN " + re.sub(r"\bids\b", f"ARRAY[{pledge.pk}]::bigint[]", statement[0])
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    gone = plan[plan.index("Delete on staleness_duedate") :]
    assert "hashed SubPlan" in gone
    assert "Nested Loop" not in gone


def test_what_is_due_is_found_once_for_all_pledges(author: User) -> None:
    """Found anew for each, the dates of 200 pledges took seconds."""
    for _ in range(20):
        record.pledge(by=author)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        # As of many pledges, of which few are expected.
        cursor.execute("SET LOCAL enable_hashjoin = off")
        cursor.execute("SET LOCAL enable_mergejoin = off")
        asked = re.sub(r"\bids\b", "$1", rule_sql())
        cursor.execute(f"PREPARE the_rule (bigint[]) AS {asked}")
        cursor.execute("SELECT array_agg(id)::text FROM pledges_pledge")
        (ids,) = cursor.fetchone()
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE the_rule('{ids}')")
        (((found,),),) = cursor.fetchall()
        cursor.execute("DEALLOCATE the_rule")
    appended = [node for node in nodes_of(found["Plan"]) if node["Node Type"] == "Append"]
    assert {node["Actual Loops"] for node in appended} == {1}
    assert max(node["Actual Rows"] for node in appended) >= 20


def nodes_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a node of a plan and all below it."""
    yield node
    for below in node.get("Plans", ()):
        yield from nodes_of(below)


def test_dates_asked_for_directly_are_computed_once(author: User) -> None:
    pledges = [record.pledge(by=author).pk for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL track_functions = 'all'")
        # As after a load that rang no trigger: the day of the next review is still to be set.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE pledges_pledge SET review_due_on = '2020-01-01'")
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SELECT staleness_derive(%s)", [pledges])
        cursor.execute(
            "SELECT pg_stat_get_xact_function_calls(oid) FROM pg_proc"
            " WHERE proname = 'staleness_derive'"
        )
        assert cursor.fetchone() == (1,)
    days = {pledge.review_due_on for pledge in Pledge.objects.all()}
    assert date(2020, 1, 1) not in days
    # Whoever else sets the day is set right.
    Pledge.objects.update(review_due_on=date(2020, 1, 1))
    assert {pledge.review_due_on for pledge in Pledge.objects.all()} == days


def test_what_a_sweep_tells_is_not_looked_for_among_all_pledges(author: User) -> None:
    """Where the database knew of fewer pledges before, it walked along a hundred thousand."""
    record.pledge(by=author)
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_mergejoin")
        assert cursor.fetchone() == ("on",)
        with CaptureQueriesContext(connection) as asked:
            assert sweep_stale(by=author, now=record.NOW).opened == 1
        cursor.execute("SHOW enable_mergejoin")
        assert cursor.fetchone() == ("off",)
    marks = ("enable_mergejoin", "officials_person")
    found = [mark for each in asked for mark in marks if mark in each["sql"]]
    assert found == ["enable_mergejoin", "officials_person"]
