"""Hold every public row against what the ledger told of it last, and old rows against new rules."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from promises.packages.unkept import unkept
from promises.packages.verifying import differences

# So many are named; where there are more, something larger is wrong than rows.
MOST_NAMED = 50


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        faults = [self._untold(options["verbosity"]), self._unkept()]
        if any(faults):
            raise CommandError(" ".join(filter(None, faults)))
        self.stdout.write("Every public row is as the ledger told it last.")

    def _untold(self, verbosity: int) -> str:
        """Name each row that is not as the ledger told it. Return what to do; nothing: ""."""
        progress = self.stderr.write if verbosity else None
        count = 0
        for count, found in enumerate(differences(progress=progress), 1):
            if count <= MOST_NAMED:
                self.stdout.write(f"{found.subject} {found.says}.")
        if not count:
            return ""
        more = f" The first {MOST_NAMED} are named." if count > MOST_NAMED else ""
        return (
            f"Not as the ledger says: {count}.{more} Someone wrote past the actions:"
            " find out who and when in the history of the rows, and put right by the desk,"
            " with a correction or a withdrawal, what readers were shown."
        )

    def _unkept(self) -> str:
        """Name the rows that break a rule. Return what to do; nothing: ""."""
        found = list(unkept())
        for one in found:
            self.stdout.write(str(one))
        if not found:
            return ""
        return (
            f"Rows that break a rule which came after them: {sum(one.count for one in found)}."
            " Each change of such a row is refused until it keeps the rule: put it right at the"
            " desk (docs/operations.md)."
        )
