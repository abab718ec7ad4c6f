"""Read every feed that is due, hold what came against the pledges, and say how it went."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.discovery.actions import requeue_feed
from promises.discovery.models import Feed
from promises.discovery.reading import read_due


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="read every feed now, due or not")

    def handle(self, *args: Any, **options: Any) -> None:
        by = service_account(name="reader", display_name="Reader of feeds")
        if options["all"]:
            for feed in Feed.objects.filter(is_active=True):
                requeue_feed(feed=feed, by=by, now=database_clock())
        done = read_due(by=by, clock=database_clock, progress=self._say)
        self.stdout.write(
            f"{done.feeds} read, {done.failed} failed; {done.new_items} new items,"
            f" {done.matched} held against the pledges."
        )

    def _say(self, name: str, words: str) -> None:
        self.stdout.write(f"  {name}: {words}")
        self.stdout.flush()
