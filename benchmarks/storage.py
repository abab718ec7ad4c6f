"""Database work: search against the bare query."""

import os
from statistics import median

from benchmarks.rows import Row, row, seconds
from benchmarks.serving import OURS
from benchmarks.web import get, served

RARE, COMMON = "quillfeather", "bail"
# Found first and ordered then: left to choose, PostgreSQL walks the large table from its newest row
# on and takes every text apart until twenty hold a rare word, which takes it a minute.
BARE_SEARCH = """
WITH found AS MATERIALIZED (
    SELECT id, published_on FROM evidence_evidence
    WHERE state = 'published' AND {vector} @@ to_tsquery('simple', %s)
)
SELECT id FROM found ORDER BY published_on DESC, id DESC LIMIT 20
"""


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
        page, common = (
            median(seconds(lambda w=word: get(port, f"/search/?q={w}")) for _ in range(30)) * 1000
            for word in (RARE, COMMON)
        )
        bare, bare_common = (
            median(
                seconds(lambda w=word: database.execute(statement, [w]).fetchall())
                for _ in range(times)
            )
            * 1000
            for word, times in ((RARE, 30), (COMMON, 5))
        )
        database.close()
    return [
        row("search, a rare word, made anew, p50 of the page", page, bare, unit="ms",
            of="the bare `tsvector` query", most=2),
        row("the same search again, ready", ready, bare, unit="ms",
            of="the bare `tsvector` query", most=2),
        row("search, a word in two thirds of all rows, made anew, p50", common, page,
            unit="ms", of="the rare word", most=3),
        row("the same", common, bare_common, unit="ms",
            of="the bare `tsvector` query of that word", most=2),
    ]  # fmt: skip


def _indexed(database: object) -> str:
    """Return the expression of the search index, as the database has it."""
    found = database.execute(  # type: ignore[attr-defined]
        "SELECT pg_get_indexdef(indexrelid, 1, true) FROM pg_index JOIN pg_class ON pg_class.oid ="
        " indexrelid WHERE indrelid = 'evidence_evidence'::regclass AND relam ="
        " (SELECT oid FROM pg_am WHERE amname = 'gin')"
    ).fetchone()
    return str(found[0])
