"""Whether a disk is full: ours, or that of the database."""

import errno
import sqlite3

import psycopg
from django.db import connection, transaction

# A disk without room, and a share of it that is used up.
_ERRORS = {errno.ENOSPC, errno.EDQUOT}
# So much is written to find out: more than what PostgreSQL keeps in memory here.
_MEMORY, _ROWS = "64kB", 20_000


def is_full(error: BaseException) -> bool:
    """Tell whether something could not be written because a disk is full.

    Of the system, of SQLite, or of PostgreSQL (SQLSTATE 53100), also as Django wraps it.
    """
    match error:
        case OSError():
            return error.errno in _ERRORS
        case sqlite3.Error():
            return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        case _:
            return isinstance(error.__cause__ or error, psycopg.errors.DiskFull)


def database_has_room() -> bool:
    """Let the database write some hundred kilobytes beside its tables; tell whether it could.

    Nothing of it stays, and no row is touched. Where `temp_tablespaces` names another disk it is
    that disk that is asked. Raises what any query may.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL work_mem = '{_MEMORY}'")
            cursor.execute("SELECT count(*) FROM generate_series(1, %s)", [_ROWS])
    except Exception as error:
        if is_full(error):
            return False
        raise
    return True
