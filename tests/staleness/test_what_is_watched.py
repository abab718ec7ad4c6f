"""Whatever a rule of staleness reads, a trigger watches: else stored due dates fall behind.

PostgreSQL itself says which columns the rule reads, and the views it reads them through: a view is
made of its SQL. What a function reads that the rule calls is not among them.
"""

import re

import pytest
from django.db import connection

from promises.staleness.triggers import rule_sql

pytestmark = pytest.mark.django_db

INSERT, UPDATE = 4, 16  # Bits of pg_trigger.tgtype.
_READ = """
    WITH RECURSIVE read_from (id) AS (
        SELECT 'the_rule'::regclass::oid
        UNION
        SELECT d.refobjid FROM read_from
        JOIN pg_rewrite r ON r.ev_class = read_from.id
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
            AND d.refclassid = 'pg_class'::regclass
    )
    SELECT DISTINCT c.relname, a.attname FROM read_from
    JOIN pg_rewrite r ON r.ev_class = read_from.id
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    JOIN pg_class c ON c.oid = d.refobjid AND c.relkind = 'r'
        AND d.refclassid = 'pg_class'::regclass
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND a.attnum > 0
"""
_WATCHING = """
    SELECT c.relname, t.tgtype, p.prosrc FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgname LIKE 'zz\\_staleness\\_%'
"""
# Columns, or whole tables, that change only together with what is watched.
CHANGE_WITH_OTHERS = {
    # Evidence is published and withdrawn by its state.
    "evidence_evidence.published_at",
    "evidence_evidence.retracted_at",
    # An address is checked for one piece of evidence, and stays with it.
    "sources_source.evidence_id",
    # What an update cites changes only while it is a draft; the database keeps that.
    "updates_citation",
    # Writing a row writes its history.
    "pledges_pledgeevent",
    "updates_statusupdateevent",
}
# When one of these is new, nothing points to it yet.
POINTED_TO = {
    "evidence_evidence", "metrics_metric", "officials_office", "officials_term",
    "record_requests_recordrequest",
}  # fmt: skip


def test_what_a_rule_reads_is_watched() -> None:
    with connection.cursor() as cursor:
        written = re.sub(r"\bids\b", "ARRAY[]::bigint[]", rule_sql())
        cursor.execute(f"CREATE TEMPORARY VIEW the_rule AS {written}")
        cursor.execute(_READ)
        read = cursor.fetchall()
        cursor.execute(_WATCHING)
        watching = cursor.fetchall()
    assert len(read) > 60

    unwatched = set()
    for table, column in read:
        kinds = 0
        for watched, kind, source in watching:
            if watched == table:
                kinds |= kind if looks_at(source, column) else kind & ~UPDATE
        wanted = UPDATE if table in POINTED_TO else INSERT | UPDATE
        if column != "id" and kinds & wanted != wanted and table not in CHANGE_WITH_OTHERS:
            unwatched.add(f"{table}.{column}")
    assert unwatched - CHANGE_WITH_OTHERS == set()


def looks_at(source: str, column: str) -> bool:
    """Tell whether a function of a trigger acts when this column changes: some compare a few."""
    compared = re.findall(r"\bbefore\.(\w+)", source) if "JOIN after" in source else []
    return not compared or column in compared
