"""Database work: search against the bare query, publications."""

import os
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

from benchmarks.rows import Row, row, seconds, told
from benchmarks.serving import OURS
from benchmarks.web import get, served

RARE, COMMON = "quillfeather", "bail"
BARE_SEARCH = """
SELECT id FROM evidence_evidence
WHERE state = 'published' AND {vector} @@ to_tsquery('simple', %s)
ORDER BY published_on DESC, id DESC LIMIT 20
"""


def search() -> list[Row]:
    """Measure the first page of a search with facets, never ready, against the bare query."""
    import psycopg

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
        row("search, a rare word, p50 of the page", page, bare, unit="ms",
            of="the bare `tsvector` query", most=2),
        row("search, a word in a third of all rows, p50", taken[COMMON][0], page, unit="ms",
            of="the rare word", most=3),
    ]  # fmt: skip


def _indexed(database: object) -> str:
    """Return the expression of the search index, as the database has it."""
    found = database.execute(  # type: ignore[attr-defined]
        "SELECT pg_get_indexdef(indexrelid, 1, true) FROM pg_index JOIN pg_class ON pg_class.oid ="
        " indexrelid WHERE indrelid = 'evidence_evidence'::regclass AND relam ="
        " (SELECT oid FROM pg_am WHERE amname = 'gin')"
    ).fetchone()
    return str(found[0])


def publication() -> list[Row]:
    """Measure publications by several editors at once, from the action to its commit."""
    from django.db import connection

    from promises.accounts.models import User
    from promises.pledges.models import Pledge
    from promises.updates.actions import publish_status_update
    from tests import record

    editors, each = 8, 6
    author = User.objects.get(pk=1)
    waiting = []
    for number in range(editors * each):
        pledge = Pledge.objects.get(pk=5 * number + 10)
        cited = pledge.evidence.order_by("pk")[0]
        waiting.append(_approved(record, author, pledge, cited))

    def work(updates: list[object]) -> list[float]:
        try:
            return [
                seconds(lambda u=update: publish_status_update(update=u, by=author, now=record.NOW))
                for update in updates
            ]
        finally:
            connection.close()

    with ThreadPoolExecutor(editors) as people:
        parts = [waiting[place::editors] for place in range(editors)]
        taken = sorted(value for part in people.map(work, parts) for value in part)
    p95 = quantiles(taken, n=20)[-1] * 1000
    return [Row(f"publication, p95 with {editors} editors at once", f"{told(p95)} ms", "", None,
        "≤ 100 ms", p95 <= 100)]  # fmt: skip


def _approved(record: object, author: object, pledge: object, cited: object) -> object:
    from promises.accounts.models import User
    from promises.updates.actions import approve_status_update, submit_status_update

    update = record.draft_update(  # type: ignore[attr-defined]
        by=author, of=pledge, cited=cited, has_copy=False
    )
    update = submit_status_update(update=update, by=author, now=record.NOW)  # type: ignore[attr-defined]
    approve_status_update(update=update, by=User.objects.get(pk=2), now=record.NOW)  # type: ignore[attr-defined]
    return update
