"""Numbers as digits, on their way to the database."""

import pytest
from django.db import connection

from promises.common.numbers import array_of


@pytest.mark.django_db
@pytest.mark.parametrize("numbers", [[], [7], [3, -1, 2**63 - 1, -(2**63)], list(range(1000))])
def test_the_database_reads_an_array_as_it_was(numbers: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::bigint[]", [array_of(iter(numbers))])
        assert cursor.fetchone() == (numbers,)
