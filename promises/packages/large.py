"""A package with more evidence than fits into one transaction: brought in by steps that stay."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from promises.accounts.models import User
from promises.common import locks
from promises.evidence.columns import EVIDENCE
from promises.ledger.chain import current_edition
from promises.packages.actions import add_staged_rows, write_package
from promises.packages.checking import read_package
from promises.packages.comparing import compare
from promises.packages.judging import judge
from promises.packages.reading import Progress
from promises.packages.report import Faults, Report, stop_if_faulty
from promises.packages.rows import Package, Stored, Verdict
from promises.packages.staging import Stage
from promises.packages.stored import learn
from promises.packages.tables import shape_of
from promises.packages.writing import write_rows

# From so many bytes of evidence on, some 50,000 rows, a package is large.
LARGE = 16 * 1024 * 1024
# So many rows are one step: it holds the ledger for a second or two.
STEP = 5000


def is_large(folder: Path) -> bool:
    """Tell whether a package is loaded by steps."""
    path = folder / f"{EVIDENCE.name}.csv"
    return path.is_file() and path.stat().st_size >= LARGE


def load_large_package(
    *,
    folder: Path,
    by: User,
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Bring the tables of a folder into the record; return what became of the rows.

    1. Read and check every file, the evidence by way of a stage in the database.
    2. Compare with the record, hold its rules against what is to be written, and try the rows of
       evidence that a rule of the database may refuse.
    3. Write the evidence that is new in steps, each with its entries of the ledger in one
       transaction. What is written stays: a load that was interrupted and is run again finds these
       rows unchanged, and goes on after them.
    4. Write all the rest as `load_package` does, all or nothing.

    A dry run does all of it in one transaction and takes it back. Raises PackageRefused; before
    step 3 nothing has changed then.
    """
    if not dry_run:
        return _load(folder, by=by, now=now, progress=progress)
    with transaction.atomic():
        report = _load(folder, by=by, now=now, progress=progress, is_dry_run=True)
        transaction.set_rollback(True)
    return report


def _load(
    folder: Path, *, by: User, now: datetime, progress: Progress | None, is_dry_run: bool = False
) -> Report:
    faults = Faults()
    say = progress or (lambda _words: None)
    with _alone(), _staged() as stage:
        package = read_package(folder, faults=faults, progress=progress, stage=stage)
        stop_if_faulty(package, faults)
        edition = current_edition()
        say("Comparing with the record")
        stage.sift(package, by=by, now=now, faults=faults)
        stop_if_faulty(package, faults)
        compare(package, by=by, faults=faults)
        judge(package, now=now, faults=faults)
        stop_if_faulty(package, faults)
        _try_evidence(package, by=by, now=now, faults=faults)
        stop_if_faulty(package, faults)
        _write_staged(package, stage, by=by, now=now, say=say)
        package.stays = 0 if is_dry_run else package.counted[stage.file][Verdict.NEW]
        write_package(package=package, by=by, now=now, faults=faults, progress=say)
    return Report(package, faults, edition, current_edition(), is_dry_run=is_dry_run)


def _try_evidence(package: Package, *, by: User, now: datetime, faults: Faults) -> None:
    """Write the evidence that left the stage and take it back: the database has the last word."""
    rows = package.of(EVIDENCE)
    with transaction.atomic():
        shape = shape_of(EVIDENCE)
        write_rows(rows, shape=shape, package=package, by=by, now=now, faults=faults)
        transaction.set_rollback(True)


def _write_staged(
    package: Package, stage: Stage, *, by: User, now: datetime, say: Progress
) -> None:
    """Write what is on the stage, step by step; then rows of other tables can point to it."""
    total, line = package.counted[stage.file][Verdict.NEW], 0
    for done in range(0, total, STEP):
        line = add_staged_rows(stage=stage, after=line, most=STEP, by=by, now=now)
        say(f"{EVIDENCE.name}: {min(done + STEP, total)} of {total} rows written")
    package.stage = None
    known = package.known(EVIDENCE)
    waiting = [key for key, row in known.items() if isinstance(row, Stored) and not row.pk]
    for key in waiting:
        del known[key]
    learn(package, EVIDENCE, waiting)


@contextmanager
def _staged() -> Iterator[Stage]:
    stage = Stage(shape_of(EVIDENCE))
    stage.open()
    try:
        yield stage
    finally:
        stage.close()


@contextmanager
def _alone() -> Iterator[None]:
    """Wait for other loads, and let others wait until the block ends, or the connection does."""
    if connection.in_atomic_block:
        locks.wait_for(locks.LOAD)
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [locks.LOAD])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [locks.LOAD])
