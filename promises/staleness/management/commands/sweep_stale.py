"""Open a flag for every pledge that is due for another look, close those that no longer are."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count
from django.utils import timezone

from promises.accounts.actions import service_account
from promises.common.dates import read_moment
from promises.staleness.actions import sweep_stale
from promises.staleness.choices import StaleReason
from promises.staleness.due_dates import recompute_due_dates
from promises.staleness.models import StaleFlag


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", metavar="ISO", help="sweep as if it were this moment, e.g. 2027-06-01"
        )

        parser.add_argument(
            "--recompute", action="store_true", help="compute every due date anew before the sweep"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["recompute"]:
            for done, of_all in recompute_due_dates():
                self.stdout.write(f"Due dates of {done:,} of {of_all:,} pledges.")
        try:
            now = read_moment(options["now"]) if options["now"] else timezone.now()
        except ValueError as error:
            raise CommandError(f"--now {error}") from error
        by = service_account(name="sweep", display_name="Periodic sweep")
        swept = sweep_stale(by=by, now=now)
        self.stdout.write(
            f"Swept for {now:%Y-%m-%d %H:%M} UTC: {swept.opened} opened, {swept.closed} closed."
        )
        counts = StaleFlag.objects.open().values_list("reason").annotate(Count("pk"))
        for reason, count in sorted(counts):
            self.stdout.write(f"  {count:4} open: {StaleReason(reason).label}")
