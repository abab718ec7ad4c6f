"""`manage.py migrate`, which never makes the readers of a running site wait long."""

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

_IN_THE_WAY = (LockNotAvailable, DeadlockDetected)
# Of each app the first and the last migration that went on 29 November 2026, when all up to there
# became one first migration an app (docs/decisions/0065-one-first-migration-an-app.md). A database
# that has one of the first has to have all of the last, or its tables are others. One that this
# code made has none of them, whatever a newer version or an app of others added.
GONE = {
    "accounts": ("0002_api_keys", "0006_logins_closed_for_good"),
    "captures": ("0003_texts_of_copies", "0003_texts_of_copies"),
    "evidence": ("0003_inserts_told_by_statement", "0010_lists_in_order"),
    "ledger": ("0002_triggers_stay_on", "0003_ledger_entries"),
    "metrics": ("0002_newest_vintage", "0008_days_fit_their_period"),
    "newsroom": ("0003_comments_fit", "0003_comments_fit"),
    "officials": ("0002_names_stay", "0009_a_state_is_two_letters"),
    "pledges": ("0003_translations", "0011_lists_in_order"),
    "record_requests": ("0003_names_stay", "0005_a_state_is_two_letters"),
    "sources": ("0002_words_of_texts", "0003_found_is_known_of_what_is_lost"),
    "staleness": ("0005_review_by_in_order", "0023_newest_figures_as_far_as_known"),
    "suggestions": ("0002_suggestions", "0005_challenges_of_each_sender"),
    "updates": ("0003_sources_are_secured", "0018_dates_as_known"),
    "webhooks": ("0002_logins_that_close", "0002_logins_that_close"),
}
_HALF_WAY = (
    "This database is from before 29 November 2026, and its tables are older than those that the"
    " first migrations make now. Nothing was changed. Migrate it with the code of commit 3516bc9c,"
    " and with this one after that."
)


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
        """Migrate. Raises OperationalError when a lock was not to be had in any try.

        Raises CommandError for a database that has half of what the first migrations make.
        """
        connection = connections[options["database"]]
        _refuse_half_way(connection)
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


def _refuse_half_way(connection: Any) -> None:
    applied = MigrationRecorder(connection).applied_migrations().keys()
    is_of_before = any((app, first) in applied for app, (first, _last) in GONE.items())
    if is_of_before and not all((app, last) in applied for app, (_first, last) in GONE.items()):
        raise CommandError(_HALF_WAY)
