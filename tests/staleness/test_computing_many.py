"""Computing due dates of very many pledges at once."""

import re

import pytest
from django.db import connection

from promises.accounts.models import User
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
