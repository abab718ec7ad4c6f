"""Load the seed record; a second run finds nothing to do.

What is here and cannot follow the files stays as it is: published words, what editors changed. New
rows that rest on what was withdrawn here stay out.
"""

from pathlib import Path

from django.core.management.base import CommandParser

from promises.packages.management.commands.load_package import Command as LoadPackage

SEEDS = Path(__file__).resolve().parents[4] / "seeds"


class Command(LoadPackage):
    help = __doc__
    # A newer version brings newer files: no site waits for its editors before it may start.
    leaves = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dir", dest="folder", metavar="DIR", type=Path, default=SEEDS, help="another folder"
        )
        self.add_dry_run(parser)
