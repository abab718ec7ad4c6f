"""Rows older than a rule of the database, which break it.

A rule that came when rows stood already is asked of what is written from then on (`NOT VALID`).
Such a row is shown as before; but each change of it is refused until that is put right.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from psycopg import sql

# So many numbers are named of each rule.
MOST_NAMED = 10
_RULES = """
    SELECT conrelid::regclass::text, conname, pg_get_expr(conbin, conrelid) FROM pg_constraint
    WHERE contype = 'c' AND NOT convalidated AND connamespace = 'public'::regnamespace
    ORDER BY 1, 2
"""
# As PostgreSQL has it: a check that is neither true nor false is kept.
_BREAKING = """
    SELECT count(*), (array_agg({pk} ORDER BY {pk}))[:{most}] FROM {table} WHERE ({rule}) IS FALSE
"""


@dataclass(frozen=True)
class Unkept:
    """A rule, whose rows break it, how many do, and the numbers of the first of them."""

    rule: str
    rows_are: str
    count: int
    numbers: tuple[int, ...]

    def __str__(self) -> str:
        named = ", ".join(map(str, self.numbers))
        more = f" and {self.count - len(self.numbers)} more" if self.count > MOST_NAMED else ""
        return f"{self.rows_are} {named}{more}: {self.rule}"


def unkept() -> Iterator[Unkept]:
    """Yield each rule that rows break which are older than it."""
    kinds = {model._meta.db_table: model._meta for model in apps.get_models()}
    with connection.cursor() as cursor:
        cursor.execute(_RULES)
        for table, name, rule in cursor.fetchall():
            # Somebody may keep tables of their own beside ours.
            if (kind := kinds.get(table)) is None:
                continue
            asked = sql.SQL(_BREAKING).format(
                pk=sql.Identifier(str(kind.pk.column)),
                most=sql.Literal(MOST_NAMED),
                table=sql.Identifier(table),
                rule=sql.SQL(rule),
            )
            cursor.execute(asked)
            count, numbers = cursor.fetchone()
            if count:
                yield Unkept(name, kind.label_lower, count, tuple(numbers))
