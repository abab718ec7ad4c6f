"""Computing due dates of very many pledges at once."""

import re
from datetime import date

import pytest
from django.db import connection

from promises.accounts.models import User
from promises.pledges.models import Pledge
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
