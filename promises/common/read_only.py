"""Whether the database takes no changes: it was set so, or it is a copy that only follows."""

import psycopg
from django.db import connection


def is_read_only(error: BaseException) -> bool:
    """Tell whether a change was refused since the database takes none (SQLSTATE 25006).

    Django raises it as OperationalError (tracker/postgres): nothing of ours is at fault.
    """
    return isinstance(error.__cause__ or error, psycopg.errors.ReadOnlySqlTransaction)


def database_takes_changes() -> bool:
    """Ask the database whether it would take a change. Raises what any query may.

    A session keeps what held when it began: one that takes none ends here, if nothing needs it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only') = 'off'")
        takes = bool(cursor.fetchone()[0])
    if not takes and not connection.in_atomic_block:
        connection.close()
    return takes
