"""Whatever an answer that is kept was read from is counted by the database."""

import re
from collections.abc import Iterable

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promises.accounts.models import User
from promises.api.urls import RESOURCES
from promises.serving.counting import OF_WORK
from promises.serving.marks import FROM_RECORD, FROM_RECORD_AND_WORK, KEPT
from promises.staleness.actions import sweep_stale
from tests.site.test_queries import LATER, addresses, one

pytestmark = pytest.mark.django_db

# The head of the ledger moves with every entry, which is counted. A text never changes: which one
# is shown is told by the copy, which is.
MOVES_WITH_OTHERS = {"ledger_head", "sources_pagetext"}
# What `FROM` and `JOIN` also stand before: aliases of subqueries, functions.
NO_TABLES = re.compile(r"U\d+|ts_stat|unnest|jsonb?_\w+|generate_series|lateral|select")
# Answers that are true for the moment only, or somebody's.
NOT_KEPT = {"stale", "readyz", "healthz", "suggest", "challenge", "follow",
    "tracking", "suggestion", "data_latest"}  # fmt: skip
VIEWS = """
SELECT DISTINCT view.relname, used.relname FROM pg_rewrite rule
JOIN pg_class view ON view.oid = rule.ev_class AND view.relkind = 'v'
JOIN pg_depend depend ON depend.objid = rule.oid
JOIN pg_class used ON used.oid = depend.refobjid AND used.oid <> view.oid
WHERE view.relnamespace = 'public'::regnamespace
"""
# The history of a counted row is written with it, in its transaction.
WITH_THEIR_ROW = {
    "officials_personevent",
    "pledges_pledgeevent",
    "staleness_staleflagevent",
    "pghistory_context",
}


def test_every_table_behind_a_kept_answer_is_counted(client: Client, author: User) -> None:
    pledge = one(author)
    pages = addresses(pledge)
    sweep_stale(by=author, now=LATER)
    for resource in RESOURCES:
        pages[f"api/{resource.section}"] = f"/api/v1/{resource.section}/"
    pages["api/observations"] += f"?metric={pledge.metrics.get().slug}"
    pages |= {"api": "/api/v1/", "api/one": f"/api/v1/pledges/{pledge.slug}/"}
    for name in ("prosecutor", "pledge", "topic"):
        pages[f"{name} as of"] = f"{pages[name]}?as_of=2026-12-01"
    in_spanish = ("home", "pledge", "topics", "prosecutor", "search")
    pages |= {f"{name} in Spanish": f"/es{pages[name]}" for name in in_spanish}
    behind, unkept = {}, set()
    for name, address in pages.items():
        with time_machine.travel(LATER), CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        mark = response.wsgi_request.META.get(KEPT)
        if response.status_code != 200 or not mark or "no-store" in str(response.headers):
            unkept.add(name)
            continue
        behind[name] = (mark, tables(query["sql"] for query in queries))
    assert unkept == NOT_KEPT
    known = counted() | WITH_THEIR_ROW
    assert {name: found - known for name, (_, found) in behind.items() if found - known} == {}
    work = {name for name, (_, found) in behind.items() if found & set(OF_WORK)}
    assert work == {name for name, (mark, _) in behind.items() if mark == FROM_RECORD_AND_WORK}
    assert {mark for mark, _ in behind.values()} == {FROM_RECORD, FROM_RECORD_AND_WORK}


def counted() -> set[str]:
    """Return the tables whose changes the database counts."""
    with connection.cursor() as cursor:
        cursor.execute(r"SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname ~ '^serving_'")
        return {table for (table,) in cursor.fetchall()}


def tables(statements: Iterable[str]) -> set[str]:
    """Return the tables that statements read, those behind views included."""
    found = set()
    for statement in statements:
        found |= set(re.findall(r'\b(?:FROM|JOIN)\s+"?([a-zA-Z]\w*)"?', statement))
        made = set(re.findall(r'"?(\w+)"? AS (?:NOT )?(?:MATERIALIZED )?\(', statement))
        found -= made
    with connection.cursor() as cursor:
        cursor.execute(VIEWS)
        rows = cursor.fetchall()
    views = {view: {used for of, used in rows if of == view} for view, _ in rows}
    while found & views.keys():
        for view in found & views.keys():
            found = (found - {view}) | views[view]
    return {name for name in found if not NO_TABLES.fullmatch(name)} - MOVES_WITH_OTHERS
