"""Database work: search against the bare query."""

import os
from statistics import median

from benchmarks.rows import Row, row, seconds
from benchmarks.serving import OURS
from benchmarks.web import get, served

RARE, COMMON = "quillfeather", "bail"
BARE_SEARCH = """
SELECT id FROM evidence_evidence
WHERE state = 'published' AND {vector} @@ to_tsquery('simple', %s)
ORDER BY published_on DESC, id DESC LIMIT 20
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
