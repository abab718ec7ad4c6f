"""One clock for all hosts: that of PostgreSQL."""

from datetime import datetime

from django.db import connection


def database_clock() -> datetime:
    """Return the present moment as PostgreSQL sees it, aware.

    Periodic jobs ask it instead of their own host, whose clock may run ahead or behind: leases
    and due times of all workers then compare.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
