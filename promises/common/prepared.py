"""Queries that are made once: into SQL by Django, into a plan by PostgreSQL.

Building a queryset and writing its SQL takes Python longer than most answers take the database,
and planning a query of many tables takes the database longer than running it. A page that is read
often says once what it asks, and later only for which values. The SQL is kept by the process, the
plan, which is the same for all values, by each connection (`PREPARE`).
"""

from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import BigIntegerField, BooleanField, Func, QuerySet, Value
from django.db.utils import NotSupportedError

from promises.common.numbers import array_of

Build = Callable[..., QuerySet[Any, Any]]
# What stands in a query for values to come: nothing that anybody asks for.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    str: lambda place: f"\x02value {place}\x03",
    int: lambda place: -(2**62) - place,
    date: lambda place: date(1, 1, 1) + timedelta(days=place),
    datetime: lambda place: datetime(1, 1, 1, tzinfo=UTC) + timedelta(days=place),
    list: lambda place: [-(2**62) - place],
}

# Typed loosely: its stub knows only the cursor of psycopg 2.
_Cursor: Any = ServerBindingCursor


class _OnServer(_Cursor):  # type: ignore[misc]
    """A cursor that leaves values to the server. Django's own write them into the SQL."""

    def _convert_query(self, *query: Any) -> Any:
        # psycopg forgets the text of a prepared query, and Django logs it.
        self._query = super()._convert_query(*query)
        return self._query


class IsAny(Func):
    """`column = ANY(array)`: one value of a prepared query, however many numbers it holds."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: Any, numbers: list[int]) -> None:
        super().__init__(column, Value(numbers, output_field=ArrayField(BigIntegerField())))


class Prepared:
    """A query made once. `build` returns its queryset for texts, numbers, days, lists of numbers.

    Each value must reach the SQL as it is: nothing may be computed of it on the way, nor may it
    decide what is asked. `prefetch_related` is not followed.

    With `most`, only so many rows are read, but the plan is that for all of them: where few are
    wanted of a common word, PostgreSQL would walk the table and take every text apart, which costs
    far more than it thinks, and not look into the index of words. It finds them alone, too:
    parallel workers bring the rows in an order of chance, so that nobody could say which of many
    are read, and take longer to start than a rare word takes to find.

    Without `is_planned` the plan is made each time, for the values at hand: in a write, whose
    statements cannot be asked again, a kept one would fail after a migration.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        *,
        most: int | None = None,
        is_planned: bool = True,
    ) -> None:
        self._build, self._most, self._is_planned = build, most, is_planned
        self._made: dict[tuple[type, ...], _Made] = {}

    def __call__(self, *values: Any) -> list[Any]:
        """Return the rows for these values: what the queryset would give as a list. One query."""
        kinds = tuple(_kind_of(value) for value in values)
        made = self._made.get(kinds)
        if made is None:
            stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(kinds)]
            made = self._made[kinds] = _Made(self._build(*stand_ins), stand_ins, self._most)
        return made.rows(values, is_planned=self._is_planned)


def _kind_of(value: Any) -> type:
    # A moment is a day too, so days come last.
    return next(kind for kind in (str, int, list, datetime, date) if isinstance(value, kind))


class _Made:
    """The SQL of a queryset, and how Django makes its rows into what the queryset gives."""

    def __init__(
        self, rows: QuerySet[Any, Any], stand_ins: Sequence[Any], most: int | None
    ) -> None:
        self._source: Any = rows
        self._compiler = rows.query.get_compiler(using=rows.db)
        written, parameters = self._compiler.as_sql()
        assert not self._compiler.has_extra_select
        columns = [column[0] for column in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)
        self._order = [stand_ins.index(each) for each in parameters if each in stand_ins]
        assert set(self._order) == set(range(len(stand_ins))), "a value does not reach the SQL"
        # What is the same each time is written out: the planner knows more about it then.
        ops: Any = connections[rows.db].ops
        written_out = [
            "%s" if each in stand_ins else ops.compose_sql("%s", [each]).replace("%", "%%")
            for each in parameters
        ]
        self._sql = written.replace("%%", "%%%%") % tuple(written_out)
        if most is not None:
            # Rows of a common table expression are made only as they are fetched. A function that
            # parallel workers may not call, named and never called, keeps them away.
            self._sql = (
                f"WITH found AS MATERIALIZED ({self._sql}) SELECT * FROM found"  # noqa: S608 -- a query and a number of ours
                f" WHERE true OR current_schema() = '' LIMIT {most:d}"
            )

    def rows(self, values: Sequence[Any], *, is_planned: bool) -> list[Any]:
        """Ask for these values, by the plan that is kept or by one made for them."""
        values = [array_of(each) if isinstance(each, list) else each for each in values]
        ask = self._fetched if is_planned else self._fetched_anew
        source = self._source
        connection: Any = connections[source.db]
        # The compiler keeps what it knows of the columns; only its connection is this thread's.
        compiler: Any = copy(self._compiler)
        compiler.connection = connection
        compiler.get_converters = lambda _columns: self._converters
        compiler.execute_sql = lambda *_how, **_more: [ask(connection, values)]
        query = copy(source.query)
        query.get_compiler = lambda *_which, **_more: compiler
        asked = SimpleNamespace(
            db=source.db,
            model=source.model,
            query=query,
            _fields=source._fields,
            _known_related_objects={},
        )
        return list(source._iterable_class(asked))

    def _fetched(self, connection: Any, values: Sequence[Any]) -> list[Any]:
        try:
            return self._asked(connection, values)
        except NotSupportedError:
            # "Cached plan must not change result type": a migration has changed a column since.
            if connection.in_atomic_block:
                raise
            connection.close()
            return self._asked(connection, values)

    def _fetched_anew(self, connection: Any, values: Sequence[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [values[place] for place in self._order])
            return list(cursor.fetchall())

    def _asked(self, connection: Any, values: Sequence[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            session = connection.connection
            if session.prepare_threshold is None:
                session.prepare_threshold = 0
                # What differs from one call to the next is which row, not how to find it.
                with connection.wrap_database_errors:
                    session.execute("SET plan_cache_mode = force_generic_plan")
            cursor.cursor = _OnServer(session)
            cursor.execute(self._sql, [values[place] for place in self._order])
            return list(cursor.fetchall())
