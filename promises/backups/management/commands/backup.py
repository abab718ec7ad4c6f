"""Write database and copies of evidence into a folder of backups; what is there is not copied."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from promises.backups.making import make_backup
from promises.backups.programs import ProgramFailed
from promises.backups.shelf import Shelf


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="where all backups lie")
        parser.add_argument("--keep", type=int, help="remove all but so many of the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep must be 1 or more.")
        shelf = Shelf(options["folder"])
        try:
            made = make_backup(shelf, now=timezone.now, progress=self.stderr.write)
        except ProgramFailed as failure:
            raise CommandError(f"No backup was made. {failure}") from failure
        except OSError as failure:
            raise CommandError(f"No backup was made: {failure}.") from failure
        manifest = made.backup.manifest
        self.stdout.write(
            f"Backup {made.backup.name}: edition {manifest.edition},"
            f" {manifest.dump_size / 1_000_000:.1f} MB, {manifest.files} stored files,"
            f" {made.copied} of them new."
        )
        if options["keep"]:
            for name in shelf.keep_only(options["keep"]):
                self.stdout.write(f"Removed {name}.")
        if made.broken:
            raise CommandError(
                f"{len(made.broken)} stored files are missing or damaged and not in the backup:"
                f" {', '.join(made.broken[:3])}. The rest is."
            )
