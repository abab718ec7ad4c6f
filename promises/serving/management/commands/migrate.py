"""`manage.py migrate`, which never makes the readers of a running site wait long."""

import time
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

_IN_THE_WAY = (LockNotAvailable, DeadlockDetected)


class Command(migrate.Command):
    """Django's, with patience: it gives way instead of holding up everybody behind it.

    A change of a table waits for all who read it, and whoever comes after waits for the change:
    one long download would stop the site. So each wait for a lock ends after seconds, those
    behind it go on, and it is tried again. So it is where PostgreSQL ended it because somebody who
    writes held one table and wanted another. What was migrated before stays (PostgreSQL
    documentation, "Explicit Locking" and `lock_timeout`).
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask how long to wait, and how often."""
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-seconds", type=int, default=3, help="wait so long for a lock (default: 3)"
        )
        parser.add_argument(
            "--tries", type=int, default=60, help="ask so often for it (default: 60)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. Raises OperationalError when a lock was not to be had in any try."""
        connection = connections[options["database"]]
        for tries_left in reversed(range(options["tries"])):
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{options['lock_seconds']}s'")
            try:
                super().handle(*args, **options)
                break
            except OperationalError as error:
                # Django keeps foreign keys for the end, and where one of those statements fails it
                # leaves the transaction open, with all that it holds.
                if connection.in_atomic_block:
                    connection.close()
                    connection.connect()
                if not isinstance(error.__cause__, _IN_THE_WAY) or not tries_left:
                    raise
                self.stderr.write(f"Others hold what this changes; trying again. ({error})")
                time.sleep(options["lock_seconds"])
            finally:
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")
