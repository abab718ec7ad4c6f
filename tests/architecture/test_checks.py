"""Checks of the database are true or false of every row: what is neither, SQL lets pass."""

import logging
import re
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from psycopg import sql

from tests.architecture.house import TABLES_OF_OURS

# Meant to let pass what is empty: an order of two days of which one may not be known yet.
LET_PASS = {"evidence_evidence_published_before_it_is_cited"}
CHECKS = """
    SELECT conname, pg_get_expr(conbin, conrelid), (
        SELECT array_agg(ARRAY[attname, atttypid::regtype::text, attnotnull::text])
        FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey)
    ) FROM pg_constraint
    WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND EXISTS (
        SELECT FROM pg_attribute
        WHERE attrelid = conrelid AND attnum = ANY (conkey) AND NOT attnotnull
    )
"""
LITERAL = re.compile(r"'((?:[^']|'')*)'::(?:text|character varying)")
# Of a column that may be empty, what its type allows: at least so much.
AT_LEAST = re.compile(r"\(\w+ >= 0\)")
SOME = {
    "bigint": ["0", "1", "2"],
    "boolean": ["true", "false"],
    "character varying": ["", "x"],
    "date": ["2026-01-01", "2026-02-02"],
    "integer": ["0", "1", "2"],
    "jsonb": ["{}"],
    "numeric": ["0", "50", "100"],
    "smallint": ["0", "1", "2"],
    "text": ["", "x"],
    "text[]": ["{}", "{x}"],
    "timestamp with time zone": ["2026-01-01T00:00Z", "2026-02-02T00:00Z"],
}


def neither(expression: str, columns: list[list[str]]) -> bool:
    """Tell whether a check is neither true nor false of some row of these values."""
    said = [each.replace("''", "'") for each in LITERAL.findall(expression)]
    tables = []
    for name, kind, is_never_empty in columns:
        values: list[str | None] = [*SOME[kind]]
        values += said if kind in {"text", "character varying"} else []
        values += [] if is_never_empty == "true" else [None]
        rows = sql.SQL(", ").join(
            sql.SQL("({}::{})").format(sql.Literal(value), sql.SQL(kind)) for value in values
        )
        names = sql.Identifier(f"of {name}"), sql.Identifier(name)
        tables.append(sql.SQL("(VALUES {}) AS {} ({})").format(rows, *names))
    asked = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE ({}) IS NULL)").format(
        sql.SQL(" CROSS JOIN ").join(tables), sql.SQL(expression)
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_no_row_slips_through_a_check_that_is_neither_true_nor_false() -> None:
    with connection.cursor() as cursor:
        cursor.execute(CHECKS)
        checks = cursor.fetchall()
    assert len(checks) > 100
    slipping = {
        name
        for name, expression, columns in checks
        if not AT_LEAST.fullmatch(expression) and neither(expression, columns)
    }
    assert slipping == LET_PASS


@pytest.mark.django_db
@pytest.mark.parametrize("model", TABLES_OF_OURS, ids=lambda model: model._meta.label)
def test_each_check_can_be_asked_of_a_row_with_nothing_in_it(
    model: type[models.Model], caplog: pytest.LogCaptureFixture
) -> None:
    """PostgreSQL may not know the type of an empty value. Django then takes the check as kept."""
    for constraint in model._meta.constraints:
        with suppress(ValidationError), caplog.at_level(logging.WARNING, "django.db.models"):
            constraint.validate(model, model())
    assert caplog.messages == []
