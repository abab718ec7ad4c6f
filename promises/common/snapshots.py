"""Reading the database as it stands at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# Elsewhere whoever is idle in a transaction for ten minutes is taken for gone. Here pg_dump works
# meanwhile, or an archive is packed; nothing is locked, and a host that is lost is noticed as ever.
_AS_LONG_AS_IT_TAKES = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
    " SET LOCAL idle_in_transaction_session_timeout = 0"
)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read the database as it is now, whatever others write meanwhile; nothing can be written.

    Inside a transaction of the caller, what that one sees is read.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_AS_LONG_AS_IT_TAKES)
        yield
