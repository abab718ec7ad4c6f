from datetime import datetime
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from promises.accounts.models import User
from promises.common import locks
from promises.common.columns import Table
from promises.common.effects import pledges_changed
from promises.common.writes import write
from promises.evidence.columns import EVIDENCE
from promises.ledger.actions import Change, append_entries, record_rows
from promises.ledger.chain import current_edition
from promises.officials.columns import TERMS
from promises.packages.checking import read_package
from promises.packages.comparing import compare
from promises.packages.holding import hold
from promises.packages.judging import judge
from promises.packages.reading import ROWS_PER_PROGRESS, Progress
from promises.packages.report import Faults, FaultsOfNews, Left, Report, stop_if_faulty
from promises.packages.requests import tell_of_touched_requests
from promises.packages.rows import Package, Row, Verdict
from promises.packages.staging import Stage
from promises.packages.tables import IN_FOLDERS, Shape, shape_of
from promises.packages.writing import publish_rows, write_rows
from promises.pledges.columns import PLEDGES
from promises.pledges.models import Pledge
from promises.record_requests.columns import RECORD_REQUESTS
from promises.updates.columns import STATUS_UPDATES

# Tables whose new rows begin as drafts: the database publishes them with what they rest on.
_BEGIN_AS_DRAFTS = (STATUS_UPDATES, RECORD_REQUESTS)


@write
def load_package(
    *,
    folder: Path,
    by: User,
    now: datetime,
    dry_run: bool = False,
    leaves: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Bring the tables of a folder into the record, all or nothing; return what became of each row.

    1. Read and check every file.
    2. Wait for other imports; compare each row with the record and with what was imported before.
    3. Hold the rules of the record against what is to be written.
    4. Write in the order of the tables, publish, and tell the ledger.

    A second run finds nothing to do and writes nothing. A dry run does all of it and takes it
    back. With `leaves`, a row that does not fit what is here stays as it is, or out with all that
    rests on it, and is no fault. Raises PackageRefused.
    """
    faults = Faults()
    beside, refused = (Left(), FaultsOfNews()) if leaves else (faults, faults)
    say = progress or (lambda _words: None)
    package = read_package(folder, faults=faults, progress=progress)
    stop_if_faulty(package, faults)
    locks.wait_for(locks.LOAD)
    edition = current_edition()
    say("Comparing with the record")
    compare(package, by=by, faults=beside)
    judge(package, now=now, faults=refused)
    stop_if_faulty(package, refused)
    write_package(package=package, by=by, now=now, faults=faults, progress=say)
    report = Report(package, faults, edition, current_edition(), is_dry_run=dry_run)
    if dry_run:
        transaction.set_rollback(True)
    return report


@write
def write_package(
    *, package: Package, by: User, now: datetime, faults: Faults, progress: Progress
) -> None:
    """Write every row that is new or changed, publish the new updates, and tell the ledger.

    Raises PackageRefused where the database objects.
    """
    if package.has_news:
        _write(package, by=by, now=now, faults=faults, say=progress)
        stop_if_faulty(package, faults)
        _tell(package, by=by, now=now, say=progress)


@write
def add_staged_rows(*, stage: Stage, after: int, most: int, by: User, now: datetime) -> int:
    """Write the next rows of a stage after a line, and tell the ledger; return the last line."""
    last, ids = stage.insert(after=after, most=most, by=by, now=now)
    record_rows(table=stage.shape.table, ids=ids, verb="imported", by=by, now=now)
    return last


def _write(package: Package, *, by: User, now: datetime, faults: Faults, say: Progress) -> None:
    """Write every row that is new or changed, then publish what began as a draft."""
    # Pledges are locked before anything else and the ledger last, as by every other action.
    hold(package, faults)
    if faults.count:
        return
    for shape, rows in package.everything():
        if (count := sum(row.is_written for row in rows)) >= ROWS_PER_PROGRESS:
            say(f"{shape.table.name}: writing {count} rows")
        write_rows(rows, shape=shape, package=package, by=by, now=now, faults=faults)
        if faults.count:
            # What points to a refused row would only be refused for that.
            return
    for table in _BEGIN_AS_DRAFTS:
        if drafts := [row for row in package.of(table) if row.is_new]:
            publish_rows(drafts, shape=shape_of(table), by=by, now=now, faults=faults)


def _tell(package: Package, *, by: User, now: datetime, say: Progress) -> None:
    """Write what was loaded into the ledger, in the order of the tables, and settle the flags."""
    say("Writing the ledger")
    for shape, rows in package.everything():
        if shape.table.name in IN_FOLDERS:
            if changes := _changes_of_files(shape, rows, package):
                append_entries(changes=changes, by=by, now=now)
            continue
        for verdict, verb in ((Verdict.NEW, "imported"), (Verdict.CHANGED, "saved")):
            ids = [row.pk for row in rows if row.verdict == verdict and row.pk]
            if ids:
                record_rows(table=shape.table, ids=ids, verb=verb, by=by, now=now)
    touched = {
        *_touched_pledges(package),
        *tell_of_touched_requests(package, by=by, now=now),
    }
    pledges_changed(pledge_ids=sorted(touched), by=by, now=now)


def _changes_of_files(shape: Shape, rows: list[Row], package: Package) -> list[Change]:
    """Return one change for each file with new rows: a table of many files has too many rows."""
    new = [row for row in rows if row.is_new]
    return [
        Change(
            event=f"{shape.table.name}:imported",
            subject=file,
            data={"file": file, "rows": len(list(group)), "sha256": package.digests[file]},
        )
        for file, group in groupby(new, key=lambda row: row.file)
    ]


def _touched_pledges(package: Package) -> list[int]:
    """Return the pledges that a load changes, or whose term or evidence it changes."""

    def written(table: Table) -> list[int]:
        return [row.pk for row in package.of(table) if row.is_written and row.pk]

    slugs = {
        row.values["pledge"]
        for _shape, rows in package.everything()
        for row in rows
        if row.is_written and "pledge" in row.values
    }
    touched = Pledge.objects.filter(
        Q(pk__in=written(PLEDGES))
        | Q(slug__in=slugs)
        | Q(term__in=written(TERMS))
        | Q(evidence__in=written(EVIDENCE))
    )
    return list(touched.order_by("pk").values_list("pk", flat=True).distinct())
