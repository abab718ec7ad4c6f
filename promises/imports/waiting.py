"""One import at a time: two files of one source are compared one after the other."""

from django.db import connection, transaction

# The advisory lock of imports, held to the end of the transaction ("impo" in ASCII).
_IMPORT_LOCK = 0x696D706F


def wait_for_imports() -> None:
    """Wait until no other import runs; none can begin before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])


def is_import_running() -> bool:
    """Return whether an import runs somewhere. It may end, or begin, a moment later."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = 0 AND objid = %s AND objsubid = 1)",
            [_IMPORT_LOCK],
        )
        return bool(cursor.fetchone()[0])
