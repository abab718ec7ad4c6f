"""Check every entry of the ledger against its hash and its neighbours."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from promises.ledger.chain import verify_chain


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_chain()
        if verdict.fault:
            raise CommandError(
                f"Entry {verdict.edition} {verdict.fault}. The {verdict.entries} entries before"
                " it are sound. Restore the ledger from a backup; do not mend it by hand."
            )
        self.stdout.write(f"{verdict.entries} entries, no gap, every hash right.")
