"""The database refuses in the words of the desk, where a rating is called a status update."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_no_refusal_of_the_database_speaks_of_ratings() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, (regexp_match(prosrc, 'RAISE EXCEPTION [^;]*\\mratings?\\M[^;]*'))[1]"
            " FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND prosrc ~ 'RAISE EXCEPTION [^;]*\\mratings?\\M'"
        )
        assert cursor.fetchall() == []
