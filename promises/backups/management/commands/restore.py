"""Bring a backup back into an empty database and an empty store, and check all of it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from promises.backups.programs import ProgramFailed
from promises.backups.restoring import NotRestored, restore
from promises.backups.shelf import Backup, NotWhole, Shelf
from promises.common.refusals import Refused


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="where all backups lie")
        parser.add_argument("--backup", metavar="NAME", help="which one; the newest if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        shelf = Shelf(options["folder"])
        backup = self._chosen(shelf, options["backup"])
        self.stderr.write(f"Restoring {backup.name}")
        try:
            restored = restore(shelf, backup, progress=self.stderr.write)
        except (NotRestored, NotWhole, ProgramFailed, Refused) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as failure:
            raise CommandError(
                f"The restore stopped: {failure}. Mend that and run it again: it goes on."
            ) from failure
        self.stdout.write(
            f"Restored {backup.name}: edition {restored.edition}, {restored.entries} entries of"
            f" the ledger and {restored.files} stored files, every hash right."
        )
        self.stdout.write("Next: manage.py migrate, and set again:")
        self.stdout.write(f"  {', '.join(backup.manifest.settings)}")

    def _chosen(self, shelf: Shelf, name: str | None) -> Backup:
        for backup in shelf.backups():
            if name in {None, backup.name}:
                return backup
        raise CommandError(f"There is no backup {f'{name} ' if name else ''}in {shelf.root}.")
