"""Load the CSV tables of a folder into the record: all of them, or nothing and the reasons."""

from collections.abc import Iterable
from contextlib import nullcontext
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db import DatabaseError, transaction
from django.utils import timezone

from promises.accounts.actions import service_account
from promises.packages import large
from promises.packages.actions import load_package
from promises.packages.report import PackageRefused, Report
from promises.packages.rows import Verdict
from promises.packages.writing import in_words

# More faults, or rows left as they are, are counted and not listed.
LISTED = 50


class Command(BaseCommand):
    help = __doc__
    # Whether rows that are here and cannot follow the files stay as they are, or stop the load.
    leaves = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="the folder with the tables")
        self.add_dry_run(parser)

    def add_dry_run(self, parser: CommandParser) -> None:
        """Declare what this command and load_seeds share."""
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and take it back"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verbosity = options["verbosity"]
        is_large = large.is_large(options["folder"])
        load = large.load_large_package if is_large else partial(load_package, leaves=self.leaves)
        try:
            # The account is made, at the first load, in the same transaction as the rows. A large
            # package has many.
            with nullcontext() if is_large and not options["dry_run"] else transaction.atomic():
                report = load(
                    folder=options["folder"],
                    by=service_account(name="import", display_name="Seed import"),
                    now=timezone.now(),
                    dry_run=options["dry_run"],
                    progress=self.stdout.write if verbosity else None,
                )
                if report.is_dry_run:
                    transaction.set_rollback(True)
        except PackageRefused as refusal:
            faults = refusal.report.faults.count
            self._list(map(str, refusal.report.sorted_faults), faults, self.stderr)
            self._show(refusal.report, verbosity)
            raise CommandError(refusal.report.outcome()) from refusal
        except DatabaseError as error:
            done = "What was written before stays; run it again." if is_large else ""
            raise CommandError(f"{done or 'Nothing was loaded.'} {in_words(error)}") from error
        self._show(report, verbosity)
        self.stdout.write(report.outcome())

    def _show(self, report: Report, verbosity: int) -> None:
        """Print the counts, and rows changed or left; at verbosity 2 every row, at 0 nothing."""
        if not verbosity:
            return
        few = {Verdict.CHANGED, Verdict.LEFT, Verdict.LEFT_OUT}
        told = set(Verdict) if verbosity > 1 else few
        if report.faults.count:
            told = set()
        rows = [row for row in report.rows if row.verdict in told]
        if verbosity == 1:
            # What was left first: of many that changed the last are not listed.
            rows.sort(key=lambda row: row.verdict == Verdict.CHANGED)
        lines = (f"{row.file}, row {row.line}: {row.name} {row.verdict}" for row in rows)
        self._list(lines, len(rows), self.stdout, LISTED if verbosity == 1 else len(rows))
        for line in report.table():
            self.stdout.write(line)

    def _list(
        self, lines: Iterable[str], count: int, out: OutputWrapper, listed: int = LISTED
    ) -> None:
        """Print the first lines, and how many more there are."""
        for line in islice(lines, listed):
            out.write(line)
        if count > listed:
            out.write(f"… and {count - listed} more.")
