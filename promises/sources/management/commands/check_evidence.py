"""Visit the sources of evidence: is each still there, and does it say what it said?"""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from promises.accounts.actions import service_account
from promises.common.clock import database_clock
from promises.sources.actions import check_soon
from promises.sources.checking import Round, check_due
from promises.sources.entering import follow_evidence
from promises.sources.models import LinkCheck, Source


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="*", help="of these pieces of evidence, due or not")
        parser.add_argument("--most", type=int, default=0, help="stop after so many visits")

    def handle(self, *args: Any, **options: Any) -> None:
        by = service_account(name="link-checker", display_name="Link checker")
        follow_evidence(by=by, now=database_clock())
        among = self._named(options["slug"], by) if options["slug"] else Source.objects.all()
        checked, most = 0, options["most"] or 10**9
        while checked < most:
            done = check_due(by=by, clock=database_clock, most=1, among=among)
            checked += done.visits
            self._tell(done)
            if done.is_cut_off:
                self.stdout.write("No server answers: this looks like our own network. Stopped.")
                break
            if done.visits == 0 and not among.due(database_clock()).exists():
                break
            if done.visits == 0:
                # What is due stands on servers that were visited a moment ago.
                time.sleep(1)
        self.stdout.write(f"{checked} visited.")

    def _named(self, slugs: list[str], by: Any) -> Any:
        """Put the sources of these pieces of evidence at the head of the line."""
        found = Source.objects.filter(evidence__slug__in=slugs).select_related("evidence")
        missing = set(slugs) - {source.evidence.slug for source in found}
        if missing:
            raise CommandError(f"No evidence with a web address: {', '.join(sorted(missing))}")
        for source in found:
            check_soon(source=source, by=by, now=database_clock())
        return Source.objects.filter(evidence__slug__in=slugs)

    def _tell(self, done: Round) -> None:
        for check in done.checks:
            self.stdout.write(_line(check))


def _line(check: LinkCheck) -> str:
    source = check.source
    status = check.status or "-"
    changed = "  WORDING DIFFERS" if check.is_changed else ""
    why = f"  ({check.error})" if check.error else ""
    slug = source.evidence.slug
    return f"{slug:50} {status:>4}  {check.verdict:16} {source.state:16}{changed}{why}"
