"""Make the package that /data/latest/ hands out, if the newest is not of the record as it is now.

The worker does so every five minutes (PACKAGE_SECONDS); this is for whoever does not want to wait.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from promises.common.clock import database_clock
from promises.packages.dumping import NoRoomForPackage
from promises.packages.keeping import keep_package, kept_packages


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            is_new = keep_package(now=database_clock())
        except (NoRoomForPackage, OSError) as failure:
            raise CommandError(f"No package was made: {failure}") from failure
        if is_new:
            self.stdout.write(f"Made the package of edition {kept_packages()[-1].edition}.")
        else:
            self.stdout.write("The newest package is of this edition, or another run makes one.")
