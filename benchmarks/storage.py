"""Database work: search against the bare query, loads against COPY."""

import os
import time
from itertools import count
from statistics import median

from benchmarks.rows import Row, in_turns, row, seconds, told
from benchmarks.serving import OURS
from benchmarks.web import get, served

RARE, COMMON = "quillfeather", "bail"
LOADED = 20_000
BARE_SEARCH = """
SELECT id FROM evidence_evidence
WHERE state = 'published' AND {vector} @@ to_tsquery('simple', %s)
ORDER BY published_on DESC, id DESC LIMIT 20
"""
COLUMNS = """version, state, created_at, created_by_id, published_at, published_by_id,
    retraction_reason, slug, title, is_title_exact, kind, provenance, publisher, url,
    published_on, date_precision, summary, checked"""
_turn = count(1)


def search() -> list[Row]:
    """Measure the first page of a search with facets, made anew, against the bare query."""
    import psycopg

    with served(OURS) as port:
        get(port, f"/search/?q={RARE}")
        ready = median(seconds(lambda: get(port, f"/search/?q={RARE}")) for _ in range(30)) * 1000
    with served(OURS, ANSWERS_MEGABYTES="0") as port:
        get(port, f"/search/?q={RARE}")
        database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        statement = BARE_SEARCH.format(vector=_indexed(database))
        taken = {}
        for word in (RARE, COMMON):
            pages = [seconds(lambda w=word: get(port, f"/search/?q={w}")) for _ in range(30)]
            bare = [
                seconds(lambda w=word: database.execute(statement, [w]).fetchall())
                for _ in range(30)
            ]
            taken[word] = median(pages) * 1000, median(bare) * 1000
        database.close()
    page, bare = taken[RARE]
    return [
        row("search, a rare word, made anew, p50 of the page", page, bare, unit="ms",
            of="the bare `tsvector` query", most=2),
        row("the same search again, ready", ready, bare, unit="ms",
            of="the bare `tsvector` query", most=2),
        row("search, a word in a third of all rows, made anew, p50", taken[COMMON][0], page,
            unit="ms", of="the rare word", most=3),
    ]  # fmt: skip


def _indexed(database: object) -> str:
    """Return the expression of the search index, as the database has it."""
    found = database.execute(  # type: ignore[attr-defined]
        "SELECT pg_get_indexdef(indexrelid, 1, true) FROM pg_index JOIN pg_class ON pg_class.oid ="
        " indexrelid WHERE indrelid = 'evidence_evidence'::regclass AND relam ="
        " (SELECT oid FROM pg_am WHERE amname = 'gin')"
    ).fetchone()
    return str(found[0])


def load() -> list[Row]:
    """Measure what COPY and bulk_create take to bring evidence into the live table."""
    from django.db import connection, transaction

    from promises.evidence.models import Evidence

    def copied() -> float:
        first = next(_turn) * LOADED
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE loaded ON COMMIT DROP AS SELECT {COLUMNS} FROM"
                f" evidence_evidence ORDER BY id LIMIT {LOADED}"
            )
            cursor.execute(
                "UPDATE loaded SET slug = slug || %s, url = url || %s", [f"-{first}"] * 2
            )
            with cursor.copy(f"COPY (SELECT {COLUMNS} FROM loaded) TO STDOUT") as out:
                rows = [bytes(part) for part in out]
            began = time.perf_counter()
            with cursor.copy(f"COPY evidence_evidence ({COLUMNS}) FROM STDIN") as into:
                for part in rows:
                    into.write(part)
            took = time.perf_counter() - began
            transaction.set_rollback(True)
        return LOADED / took

    def created() -> float:
        rows = list(Evidence.objects.order_by("pk")[:LOADED])
        for evidence in rows:
            evidence.pk, evidence.slug = None, f"{evidence.slug}-b"
            evidence.url += "-b"
        with transaction.atomic():
            took = seconds(lambda: Evidence.objects.bulk_create(rows, batch_size=1000))
            transaction.set_rollback(True)
        return LOADED / took

    taken = in_turns({"copy": copied, "create": created})
    return [Row("load of evidence: `bulk_create`, the way to beat",
        f"{told(taken['create'])} rows/s",
        f"{told(taken['copy'])} rows/s, COPY into the live table",
        taken["create"] / taken["copy"], "", None)]  # fmt: skip


def dump() -> list[Row]:
    """Measure COPY and a cursor with Python's csv: what a dump of evidence is held against."""
    import csv
    import io

    from django.db import connection

    statement = f"SELECT {COLUMNS} FROM evidence_evidence"

    def copied() -> float:
        size = 0
        began = time.perf_counter()
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as out,
        ):
            for part in out:
                size += len(part)
        return size / (time.perf_counter() - began) / 1e6

    def written() -> float:
        size = 0
        began = time.perf_counter()
        with connection.chunked_cursor() as cursor:
            cursor.execute(statement)
            while rows := cursor.fetchmany(2000):
                text = io.StringIO()
                csv.writer(text).writerows(rows)
                size += len(text.getvalue().encode())
        return size / (time.perf_counter() - began) / 1e6

    taken = in_turns({"copy": copied, "csv": written})
    return [Row("dump of evidence: a cursor and Python's csv, the way to beat",
        f"{told(taken['csv'])} MB/s", f"{told(taken['copy'])} MB/s, `COPY … TO STDOUT`",
        taken["csv"] / taken["copy"], "", None)]  # fmt: skip
