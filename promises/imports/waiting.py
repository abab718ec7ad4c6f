"""One import at a time, since two files of one source are compared in turn; how far it is."""

from contextlib import suppress

from django.core.cache import cache
from django.db import connection, transaction

from promises.common import locks

# How long a worker's word about its progress is believed, in seconds.
_BELIEVED = 600


def wait_for_imports() -> None:
    """Wait until no other import runs; none can begin before this transaction ends."""
    locks.wait_for(locks.IMPORT)


def is_import_running() -> bool:
    """Return whether an import runs somewhere. It may end, or begin, a moment later."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = 0 AND objid = %s AND objsubid = 1)",
            [locks.IMPORT],
        )
        return bool(cursor.fetchone()[0])


def say_progress(upload_id: int, rows: int) -> None:
    """Tell whoever looks how many rows are done. It may get lost: the rows themselves do not."""
    # Read in by those who import: the desk reads in this file too.
    from redis import RedisError

    with suppress(RedisError):
        cache.set(f"imports:{upload_id}:rows", rows, _BELIEVED)


def rows_done(upload_id: int) -> int:
    """Return how many rows a running import has written, as far as is known."""
    from redis import RedisError

    rows = None
    with suppress(RedisError):
        rows = cache.get(f"imports:{upload_id}:rows")
    return rows if isinstance(rows, int) else 0
