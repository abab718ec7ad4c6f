"""Hold every public row against what the ledger told of it last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from promises.packages.verifying import differences

# So many are named; where there are more, something larger is wrong than rows.
MOST_NAMED = 50


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        progress = self.stderr.write if options["verbosity"] else None
        count = 0
        for count, found in enumerate(differences(progress=progress), 1):
            if count <= MOST_NAMED:
                self.stdout.write(f"{found.subject} {found.says}.")
        if count:
            more = f" The first {MOST_NAMED} are named." if count > MOST_NAMED else ""
            raise CommandError(
                f"Not as the ledger says: {count}.{more} Someone wrote past the actions:"
                " find out who and when in the history of the rows, and put right by the desk,"
                " with a correction or a withdrawal, what readers were shown."
            )
        self.stdout.write("Every public row is as the ledger told it last.")
