"""Ask for copies of evidence and make them now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from promises.accounts.actions import service_account
from promises.captures.actions import ask_for_capture, ask_for_missing
from promises.captures.capturing import capture_due
from promises.captures.choices import CaptureState
from promises.captures.models import Capture
from promises.common.clock import database_clock
from promises.common.refusals import Refused
from promises.evidence.models import Evidence


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="*", help="evidence; none: all public without a copy")
        parser.add_argument("--seconds", type=int, default=3600, help="stop after so many")

    def handle(self, *args: Any, **options: Any) -> None:
        by = service_account(name="capturer", display_name="Capturer")
        for slug in options["slug"]:
            evidence = Evidence.objects.filter(slug=slug).first()
            if evidence is None:
                raise CommandError(f"There is no evidence {slug!r}.")
            try:
                asked = ask_for_capture(evidence=evidence, by=by, now=database_clock())
            except Refused as error:
                raise CommandError(f"{slug}: {error}") from error
            capture_due(by=by, clock=database_clock, only=asked.pk)
            self._tell(asked.pk)
        if not options["slug"]:
            asked_for = ask_for_missing(limit=10_000, by=by, now=database_clock())
            done = capture_due(by=by, clock=database_clock, seconds=options["seconds"])
            self.stdout.write(
                f"{asked_for} asked for, {done.kept} kept, {done.put_off} put off,"
                f" {Capture.objects.waiting().count()} wait for their next try."
            )

    def _tell(self, capture_id: int) -> None:
        capture = Capture.objects.select_related("evidence").get(pk=capture_id)
        if capture.state == CaptureState.WAITING:
            why = capture.last_error or capture.error_code or "another run is at work"
            what = f"not captured: {why} Next try {capture.next_try_at:%Y-%m-%d %H:%M} UTC."
        else:
            what = f"captured {capture.body_id} ({capture.verdict})"
        self.stdout.write(f"{capture.evidence.slug}: {what}")
