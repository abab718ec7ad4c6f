"""What a sweep costs as the record grows: `python -m benchmarks.sweep [10000 100000 1000000]`.

Makes a database of its own beside that of DATABASE_URL and drops it at the end. In each round it
holds so many pledges, of which 1,000, then 1 %, are due, and at 100,000 then all of them; it times
the first sweep, which opens a flag for each, and a second one that finds nothing to do, and beside
them the bare INSERT … SELECT of the same rows, into a plain table with the same indexes and into
the live one, which has foreign keys and a history. All are taken in turns, five times; the least
and the median are told, since a busy machine only ever adds. The last lines say how long it takes
when the policy of the whole site changes, up to 100,000 pledges.
"""

import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from statistics import median
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks.sweep_data import AGE, BARE_TABLE, CLEARED, DERIVE, EMPTY, FILL, FRESH, POLICY, SAME

NAME = "benchmark_sweep"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUNS = 5
# The size at which a sweep is also measured that finds all of it due; the largest whose policy
# is changed.
FULL = 100_000


@dataclass(frozen=True)
class Measured:
    """Sweeps over one state of the record: seconds of five runs, rows, blocks of 8 kB."""

    pledges: int
    due: int
    bare: list[float]
    same: list[float]
    first: list[float]
    again: list[float]
    rows_first: int
    blocks_first: int
    rows_again: int
    blocks_again: int


@dataclass(frozen=True)
class Round:
    """One size of the record: seconds to build it, what sweeps cost, a changed policy."""

    pledges: int
    built: float
    derived: float
    measured: list[Measured]
    policy: float | None


def main(sizes: list[int]) -> None:
    """Measure every size and print the tables."""
    print(measured_text(sizes))


def measured_text(sizes: list[int]) -> str:
    """Measure every size and return the tables."""
    with own_database():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        rounds: list[Round] = []
        for size in sizes:
            rounds.append(measured_round(size))
            # A round may take long, and the next one longer: what is known is told.
            print(told(rounds), file=sys.stderr, flush=True)
    return told(rounds)


def told(rounds: list[Round]) -> str:
    """Return the tables as text."""
    text = StringIO()
    with redirect_stdout(text):
        report(rounds)
    return text.getvalue().rstrip()


@contextmanager
def own_database() -> Iterator[None]:
    """Point the settings to an empty database of our own, and drop it at the end."""
    import psycopg

    address = os.environ["DATABASE_URL"]
    server = psycopg.connect(address, autocommit=True)
    server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    server.execute(f"CREATE DATABASE {NAME}")
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(address)._replace(path=f"/{NAME}"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    # Another section may have set Django up with another database.
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = NAME
    try:
        yield
    finally:
        connection.close()
        server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        server.close()


def measured_round(size: int) -> Round:
    """Fill the record with this many pledges and measure sweeps over it."""
    run(EMPTY)
    built = seconds(lambda: run(FILL.format(pledges=size)))
    # As the database does by itself in the background of a record that grows.
    run("VACUUM ANALYZE")
    derived = seconds(lambda: run(DERIVE.format(which=True)))
    by_due = []
    for due in dict.fromkeys((1000, size // 100, *([size] if size == FULL else []))):
        step = size // due
        which = f"id % {step} = 0 AND id <= {step * due}"
        run(AGE.format(which=which))
        run(DERIVE.format(which=which))
        run("VACUUM ANALYZE")
        by_due.append(measured_sweeps(size, due))
        run(FRESH.format(which=which))
        run(DERIVE.format(which=which))
    policy = seconds(lambda: run(POLICY)) if size <= FULL else None
    return Round(size, built, derived, by_due, policy)


def measured_sweeps(size: int, due: int) -> Measured:
    """Measure the first sweep, the one that finds nothing new, and the bare statement."""
    from django.db import transaction

    from promises.accounts.models import User
    from promises.staleness.actions import sweep_stale

    by = User.objects.get(pk=1)
    first: list[float] = []
    bare: list[float] = []
    same: list[float] = []
    counted = (0, 0)

    def sweep() -> int:
        return sweep_stale(by=by, now=NOW).opened

    run(BARE_TABLE)
    for _ in range(RUNS):
        # In turns, so that a busy machine slows all of them.
        bare.append(rolled_back(lambda: run(SAME.format(table="bare"))))
        same.append(rolled_back(lambda: run(SAME.format(table="staleness_staleflag"))))
        run(CLEARED)
        with transaction.atomic():
            before = written_and_read()
            first.append(seconds(sweep))
            counted = since(before)
            transaction.set_rollback(True)
    opened = sweep()
    assert opened == due, (opened, due)
    run("VACUUM ANALYZE staleness_staleflag")
    again = [seconds(sweep) for _ in range(RUNS)]
    with transaction.atomic():
        before = written_and_read()
        sweep()
        counted_again = since(before)
    return Measured(size, due, bare, same, first, again, *counted, *counted_again)


def run(statement: str) -> None:
    """Run statements that bring nothing back."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def rolled_back(work: Callable[[], Any]) -> float:
    """Return how long some work takes, and undo it."""
    from django.db import transaction

    run(CLEARED)
    with transaction.atomic():
        took = seconds(work)
        transaction.set_rollback(True)
    return took


def written_and_read() -> tuple[int, int]:
    """Return how many rows this transaction wrote, and blocks it read from memory or disk."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(oid)"
            " + pg_stat_get_xact_tuples_updated(oid)"
            " + pg_stat_get_xact_tuples_deleted(oid)) FILTER (WHERE relkind = 'r'), 0)::bigint,"
            " coalesce(sum(pg_stat_get_xact_blocks_fetched(oid)), 0)::bigint"
            " FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"
        )
        rows, blocks = cursor.fetchone()
    return int(rows), int(blocks)


def since(before: tuple[int, int]) -> tuple[int, int]:
    """Return what was written and read since."""
    rows, blocks = written_and_read()
    return rows - before[0], blocks - before[1]


def seconds(work: Callable[[], Any]) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ms(taken: list[float]) -> str:
    """Return the least and the median of some runs in milliseconds."""
    return f"{min(taken) * 1000:.1f} / {median(taken) * 1000:.1f}"


def report(rounds: list[Round]) -> None:
    """Print what was measured, and how it grows."""
    print("| pledges | due | INSERT, plain table | INSERT, live table | first sweep | to live"
          " | next sweep | rows first | rows next | blocks first | blocks next |")  # fmt: skip
    print("|" + "---:|" * 11)
    for m in sorted((m for one in rounds for m in one.measured), key=lambda m: m.due != 1000):
        print(
            f"| {m.pledges:,} | {m.due:,} | {ms(m.bare)} | {ms(m.same)} | {ms(m.first)}"
            f" | {min(m.first) / min(m.same):.2f} / {median(m.first) / median(m.same):.2f}"
            f" | {ms(m.again)} | {m.rows_first:,} | {m.rows_again:,}"
            f" | {m.blocks_first:,} | {m.blocks_again:,} |"
        )
    print("Least / median of five runs, in milliseconds.")
    smallest, largest = rounds[0], rounds[-1]
    if largest.pledges > smallest.pledges:
        times = largest.pledges / smallest.pledges
        for what in ("first", "again"):
            few, many = (getattr(one.measured[0], what) for one in (smallest, largest))
            ratios = [least(many) / least(few) for least in (min, median)]
            factors = " / ".join(f"{ratio:.2f}" for ratio in ratios)
            exponents = " / ".join(f"{math.log(r) / math.log(times):.3f}" for r in ratios)
            print(
                f"At 1,000 due, {largest.pledges:,} pledges cost {factors} times"
                f" {smallest.pledges:,} ({what} sweep): growth exponent {exponents}."
            )
    for one in rounds:
        changed = "" if one.policy is None else f", the site's policy changed in {one.policy:.1f} s"
        print(
            f"{one.pledges:,} pledges: built in {one.built:.1f} s, due dates computed in"
            f" {one.derived:.1f} s{changed}."
        )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
