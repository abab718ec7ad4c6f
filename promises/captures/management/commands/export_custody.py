"""Write the custody export of a pledge: its copies, hashes, timestamps, ledger and a verifier."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from promises.captures.custody import write_custody
from promises.common.refusals import Refused
from promises.pledges.models import Pledge


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the pledge")
        parser.add_argument("file", type=Path, help="where to write the ZIP")

    def handle(self, *args: Any, **options: Any) -> None:
        pledge = Pledge.objects.published().filter(slug=options["slug"]).first()
        if pledge is None:
            raise CommandError(f"There is no public pledge {options['slug']!r}.")
        part = options["file"].with_suffix(".part")
        try:
            with part.open("wb") as file:
                write_custody(pledge=pledge, into=file)
        except Refused as error:
            part.unlink()
            raise CommandError(str(error)) from error
        part.replace(options["file"])
        self.stdout.write(f"{options['file']}: {options['file'].stat().st_size:,} bytes")
