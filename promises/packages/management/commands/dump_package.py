"""Write everything that is published into a folder, as tables that load_package reads."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from promises.packages.dumping import NoRoomForPackage, dump_package


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="where the package goes")

    def handle(self, *args: Any, **options: Any) -> None:
        progress = self.stderr.write if options["verbosity"] else None
        try:
            edition = dump_package(folder=options["folder"], progress=progress)
        except NoRoomForPackage as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as failure:
            raise CommandError(
                f"Nothing was written: {failure}. Name a folder that this user may write to."
            ) from failure
        self.stdout.write(f"Wrote edition {edition} to {options['folder']}.")
