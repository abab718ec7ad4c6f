"""Evidence by the hundred thousand, out and in: our ways beside COPY, and beside what people use.

Everything that is loaded is taken back, so that the next measurement meets the same record.
"""

import csv
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.rows import Row, in_turns, row, seconds, told

COLUMNS = """version, state, created_at, created_by_id, published_at, published_by_id,
    retraction_reason, slug, title, is_title_exact, kind, provenance, publisher, url,
    published_on, date_precision, summary, checked"""
PUBLIC = """slug, title, is_title_exact::text AS is_title_exact, kind, provenance, publisher, url,
    published_on, date_precision, summary, checked"""
# The rows to load: those of the record, as often as it takes, under new names.
MAKE = """
CREATE TEMP TABLE to_load AS
SELECT {columns} FROM (
    SELECT version, state, created_at, created_by_id, published_at, published_by_id,
        retraction_reason, slug || '-' || n AS slug, title, is_title_exact, kind, provenance,
        publisher, url || '-' || n AS url, published_on, date_precision, summary, checked
    FROM generate_series(1, 1 + {rows} / (SELECT count(*) FROM evidence_evidence)) n,
        LATERAL (SELECT * FROM evidence_evidence ORDER BY id LIMIT {rows}) of_the_record
) made LIMIT {rows}
"""
# How many rows are loaded; `--rows 2000000` is the long one.
ROWS = 20_000
# Django holds each of its rows as an object.
MOST_CREATED = 100_000
BLOCK = 1 << 16


def dump() -> list[Row]:
    """Measure the sheet of evidence against a bare COPY, and against a cursor and Python's csv."""
    from promises.common.snapshots import snapshot
    from promises.evidence.columns import EVIDENCE
    from promises.packages.copying import write_sheet

    peaks: list[float] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "evidence.csv"

        def ours() -> float:
            with _peak(peaks), snapshot():
                took = seconds(lambda: write_sheet(EVIDENCE, path))
            return path.stat().st_size / took / 1e6

        taken = in_turns({"ours": ours, "copy": _copied_out, "csv": _written})
    return [
        row("dump of evidence as CSV", taken["ours"], taken["copy"], unit="MB/s",
            of="`COPY … TO STDOUT`", least=0.5),
        Row("the same, a cursor and Python's csv", f"{told(taken['csv'])} MB/s",
            f"{told(taken['copy'])} MB/s, `COPY … TO STDOUT`", taken["csv"] / taken["copy"], "",
            None),
        Row("memory that the dump takes", f"{max(peaks):.1f} MB", "", None, "", None),
    ]  # fmt: skip


def _copied_out() -> float:
    from django.db import connection

    size = 0
    began = time.perf_counter()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY (SELECT {PUBLIC} FROM evidence_evidence) TO STDOUT (FORMAT csv)") as out,
    ):
        for part in out:
            size += len(part)
    return size / (time.perf_counter() - began) / 1e6


def _written() -> float:
    from django.db import connection

    size = 0
    began = time.perf_counter()
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {PUBLIC} FROM evidence_evidence")
        while rows := cursor.fetchmany(2000):
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            size += len(text.getvalue().encode())
    return size / (time.perf_counter() - began) / 1e6


def load() -> list[Row]:
    """Measure a load of ROWS rows of evidence against COPY into the same table, and Django."""
    from django.utils import timezone

    from promises.accounts.models import User
    from promises.packages.large import load_large_package

    peaks: list[float] = []
    rows = ROWS
    by, now = User.objects.get(pk=1), timezone.now()
    with TemporaryDirectory() as place, _to_load(rows, Path(place)):
        folder, copied = Path(place) / "package", Path(place) / "copied"

        def loaded() -> None:
            report = load_large_package(folder=folder, by=by, now=now)
            assert report.totals == {"new": rows}

        def ours() -> float:
            with _peak(peaks):
                return rows / _taken_back(loaded)

        taken = in_turns(
            {
                "ours": ours,
                "copy": lambda: rows / _taken_back(lambda: _copied_in(copied)),
                "create": lambda: _created(min(rows, MOST_CREATED)),
            },
            rounds=3 if rows <= MOST_CREATED else 1,
        )
    many = f"load of {rows:,} rows of evidence"
    return [
        row(f"{many}, with their ledger", taken["ours"], taken["copy"], unit="rows/s",
            of="COPY into the live table, no ledger", least=0.4),
        row("the same", taken["ours"], taken["create"], unit="rows/s",
            of="`bulk_create`, no ledger", least=2),
        Row("memory that the load takes", f"{max(peaks):.1f} MB", "", None, "", None),
    ]  # fmt: skip


@contextmanager
def _to_load(rows: int, place: Path) -> Iterator[None]:
    """Make the rows: as a table, as a file for COPY, and as a package with nothing else in it."""
    from django.db import connection

    from promises.packages.tables import ORDER, shape_of

    (place / "package").mkdir()
    for table in ORDER:
        header = ",".join(shape_of(table).names)
        (place / "package" / f"{table.name}.csv").write_text(f"{header}\n")
    with connection.cursor() as cursor:
        cursor.execute(MAKE.format(columns=COLUMNS, rows=rows))
        files = {
            place / "copied": f"COPY to_load ({COLUMNS}) TO STDOUT",
            place / "package" / "evidence.csv": f"COPY (SELECT {PUBLIC} FROM to_load) TO STDOUT"
            " (FORMAT csv, HEADER)",
        }
        for path, statement in files.items():
            with path.open("wb") as file, cursor.copy(statement) as out:
                for part in out:
                    file.write(part)
        try:
            yield
        finally:
            cursor.execute("DROP TABLE to_load")


def _copied_in(path: Path) -> None:
    from django.db import connection

    with (
        path.open("rb") as file,
        connection.cursor() as cursor,
        cursor.copy(f"COPY evidence_evidence ({COLUMNS}) FROM STDIN") as into,
    ):
        while block := file.read(BLOCK):
            into.write(block)


def _created(rows: int) -> float:
    from django.db import connection

    from promises.evidence.models import Evidence

    names = [name.strip() for name in COLUMNS.split(",")]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM to_load LIMIT {rows}")
        new: list[Any] = [Evidence(**dict(zip(names, r, strict=True))) for r in cursor.fetchall()]
    return rows / _taken_back(lambda: Evidence.objects.bulk_create(new, batch_size=1000))


def _taken_back(work: Callable[[], object]) -> float:
    """Return how many seconds some work takes with what is checked at its commit; take it back."""
    from django.db import connection, transaction

    with transaction.atomic():
        took = seconds(work) + seconds(connection.check_constraints)
        transaction.set_rollback(True)
    return took


@contextmanager
def _peak(peaks: list[float]) -> Iterator[None]:
    """Note by how many megabytes the memory of this process grows at most while the block runs."""
    Path("/proc/self/clear_refs").write_text("5")
    before = _memory("VmRSS")
    yield
    peaks.append((_memory("VmHWM") - before) / 1000)


def _memory(what: str) -> int:
    """Return a figure of this process in kilobytes: what it holds (VmRSS), or held at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))
