"""What of each table the public sees: an allow-list with a sentence for every column.

The same list makes the rows of the ledger, of the seed record and of the packages, so a new
private field stays private until someone writes its sentence here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.admin.utils import get_fields_from_path
from django.db.models import DateTimeField, F, Func, Model, QuerySet, TextField

from promises.common.canonical import plain
from promises.common.prepared import IsAny, Prepared


class Moment(Func):
    """A moment as text, written as `canonical.timestamp` writes it."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    output_field = TextField()


@dataclass(frozen=True)
class Column:
    """One public column: its name, where it comes from (an ORM path) and what it means."""

    name: str
    about: str
    path: str = ""
    # Computed by the database from other tables: written out, never read in.
    is_derived: bool = False

    @property
    def source(self) -> str:
        """The ORM path the value is read from."""
        return self.path or self.name

    @property
    def field(self) -> str:
        """The model field that holds the value: `term` for the path `term__slug`."""
        return self.source.split("__")[0]


@dataclass(frozen=True)
class Table:
    """One public table: `name` is its file and API name, `kind` what one row of it is called."""

    name: str
    kind: str
    model: type[Model]
    key: tuple[str, ...]
    about: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column of that name, which must exist."""
        return next(column for column in self.columns if column.name == name)

    def snapshots(
        self, ids: Iterable[int], *, among: Callable[[], QuerySet[Any]] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the public row of each id, by id, in one query.

        `among` is the manager's method that gives the rows in question, if not all are.
        """
        names = [column.name for column in self.columns]
        found: Iterable[Any]
        among = among or self.model._default_manager.all
        if isinstance(ids, QuerySet):
            found = self._public(among().filter(pk__in=ids.order_by()))
        else:
            found = _rows_of(self, among)(list(ids))
        for values in found:
            yield dict(zip(names, map(plain, values), strict=True))

    def _public(self, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
        """Return the public columns of these rows, by id."""
        return rows.order_by("pk").values_list(*map(self._asked, self.columns))

    def _asked(self, column: Column) -> F | Moment:
        """Return a column as a query asks for it: moments are written out by the database.

        Django reads them an order of magnitude slower than text.
        """
        fields = get_fields_from_path(self.model, column.source)
        source = F(column.source)
        return Moment(source) if isinstance(fields[-1], DateTimeField) else source

    def row_name(self, row: dict[str, Any]) -> str:
        """Return the public name of a row: its key columns joined by `/`."""
        return "/".join(str(row[name]) for name in self.key)


@cache
def _rows_of(table: Table, among: Callable[[], QuerySet[Any]]) -> Prepared:
    """Return the query of rows by id, written once: each publication asks several."""
    return Prepared(lambda ids: table._public(among().filter(IsAny("pk", ids))), is_planned=False)
