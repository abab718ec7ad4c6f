"""Publish every item whose planned time has come, in order; set aside what the rules refuse."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from promises.accounts.actions import service_account
from promises.common.dates import read_moment
from promises.newsroom.models import PlannedPublication
from promises.newsroom.publishing import publish_due


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now",
            metavar="ISO",
            help="publish what was due at this moment, e.g. 2027-06-01T09:00; never one to come",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clock = timezone.now()
        try:
            now = read_moment(options["now"]) if options["now"] else clock
        except ValueError as error:
            raise CommandError(f"--now {error}") from error
        if now > clock:
            raise CommandError("--now lies in the future: nothing is published before its time.")
        by = service_account(name="publication-clock", display_name="Planned publication")
        done = publish_due(by=by, now=now)
        self.stdout.write(
            f"Due by {now:%Y-%m-%d %H:%M} UTC: {done.published} published,"
            f" {done.set_aside} set aside, {done.postponed} left to the next run."
        )
        for plan in PlannedPublication.objects.waiting().exclude(outcome="").with_items():
            self.stdout.write(f"  set aside: {plan.item}: {plan.reason}")
