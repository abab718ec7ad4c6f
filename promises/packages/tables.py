"""Which tables travel, in which order, and how their columns fit the models."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from django.db.models import Field, ForeignKey, Model

from promises.common.columns import Column, Table
from promises.editorial.models import Editorial
from promises.evidence import columns as evidence
from promises.metrics import columns as metrics
from promises.officials import columns as officials
from promises.pledges import columns as pledges
from promises.record_requests import columns as requests
from promises.updates import columns as updates

# A folder need not have these: a record may well hold no requests.
REQUESTS: tuple[Table, ...] = (
    requests.RECORDS_LAWS,
    requests.RECORD_REQUESTS,
    requests.RECORD_REQUEST_PLEDGES,
    requests.RECORD_REQUEST_DOCUMENTS,
    requests.RECORD_REQUEST_EXTENSIONS,
)
# These neither: an older package has none.
MAY_BE_ABSENT = (pledges.GENERAL_TERMS, *REQUESTS)
# Each table after those it points to. The ledger tells of an import in the same order.
ORDER: tuple[Table, ...] = (
    officials.JURISDICTIONS,
    officials.OFFICES,
    officials.PEOPLE,
    officials.ELECTIONS,
    officials.CANDIDACIES,
    officials.RESULT_REPORTS,
    officials.TERMS,
    pledges.TOPICS,
    pledges.GENERAL_TERMS,
    pledges.PLEDGES,
    pledges.CRITERIA,
    evidence.EVIDENCE,
    evidence.RESULT_REPORT_SOURCES,
    evidence.EVIDENCE_LINKS,
    updates.METHODOLOGY_VERSIONS,
    updates.STATUS_UPDATES,
    updates.CITATIONS,
    *REQUESTS,
    metrics.METRIC_SOURCES,
    metrics.METRICS,
    metrics.METRIC_PLEDGES,
    metrics.OBSERVATIONS,
)
# Tables that come as a folder of files, not as one file.
IN_FOLDERS = frozenset({metrics.OBSERVATIONS.name})

AnyField: TypeAlias = "Field[Any, Any]"
# The values of the key columns of a row.
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Reference:
    """A foreign key: the columns that hold the key of the row it points to."""

    field: str
    target: Table
    columns: tuple[str, ...]

    def key_in(self, values: Mapping[str, Any]) -> Key:
        """Return the key that a row with these values points to."""
        return tuple(values[name] for name in self.columns)

    def is_empty_in(self, values: Mapping[str, Any]) -> bool:
        """Return whether a row with these values points nowhere."""
        return all(values[name] is None for name in self.columns)


@dataclass(frozen=True)
class Shape:
    """How a table is read: its columns, the model field of each, and its foreign keys."""

    table: Table
    columns: tuple[Column, ...]
    # Column → the field that types it; for `election__slug` that is the slug of elections.
    fields: Mapping[str, AnyField]
    # Columns whose value the row itself holds.
    own: tuple[str, ...]
    references: tuple[Reference, ...]
    # Columns that may be empty because their foreign key may be.
    optional: frozenset[str]

    @property
    def names(self) -> list[str]:
        """The columns of the file."""
        return [column.name for column in self.columns]

    @property
    def worked_out(self) -> list[str]:
        """The public columns that no file has: the database computes them."""
        return [column.name for column in self.table.columns if column.is_derived]

    @property
    def sources(self) -> list[str]:
        """The ORM path of each column, in the same order."""
        return [column.source for column in self.columns]

    @property
    def is_editorial(self) -> bool:
        """Whether its rows have a state."""
        return issubclass(self.table.model, Editorial)

    @property
    def content(self) -> list[str]:
        """The model fields that a change of a row writes."""
        own = [self.fields[name].name for name in self.own if name not in self.table.key]
        return own + [
            reference.field
            for reference in self.references
            if not set(reference.columns) <= set(self.table.key)
        ]

    def reference(self, field: str) -> Reference:
        """Return the reference of that model field, which must exist."""
        return next(reference for reference in self.references if reference.field == field)


@cache
def shape_of(table: Table) -> Shape:
    """Return how a table is read, worked out from its public columns and its model."""
    columns = tuple(column for column in table.columns if not column.is_derived)
    linking = [column for column in columns if "__" in column.source]
    foreign_keys = dict.fromkeys(column.field for column in linking)
    return Shape(
        table=table,
        columns=columns,
        fields={column.name: leaf(table.model, column.source) for column in columns},
        own=tuple(column.name for column in columns if column not in linking),
        references=tuple(
            _reference(table.model, field, [c for c in linking if c.field == field])
            for field in foreign_keys
        ),
        optional=frozenset(
            column.name for column in linking if table.model._meta.get_field(column.field).null
        ),
    )


def leaf(model: type[Model], path: str) -> AnyField:
    """Return the field at the end of an ORM path."""
    name, _, rest = path.partition("__")
    field = model._meta.get_field(name)
    assert isinstance(field, Field), f"{path} is not a column of {model.__name__}"
    if not rest:
        return field
    assert isinstance(field, ForeignKey), f"{path} does not follow a foreign key"
    return leaf(field.related_model, rest)


def _reference(model: type[Model], field: str, columns: list[Column]) -> Reference:
    """Return the foreign key that these columns hold, with the table whose key they name."""
    related = model._meta.get_field(field).related_model
    target = next(table for table in ORDER if table.model is related)
    by_path = {column.source.removeprefix(f"{field}__"): column.name for column in columns}
    return Reference(
        field=field,
        target=target,
        columns=tuple(by_path[target.column(name).source] for name in target.key),
    )
