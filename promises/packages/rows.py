"""A row on its way into the record, and the rows of a package together."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from promises.common.canonical import plain
from promises.common.columns import Table
from promises.editorial.choices import State
from promises.packages.tables import ORDER, Key, Shape, shape_of

if TYPE_CHECKING:
    from promises.packages.staging import Stage


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    # Edited, removed or withdrawn here since the import: the editors' work stays. By load_seeds
    # also what is published and says something else, and what is new and rests on such.
    LEFT = "left"
    # A rating whose evidence was withdrawn where the package comes from, and its other citations.
    LEFT_OUT = "left out: its evidence was withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as the record holds it now. `state` is "published" where the table has no states."""

    pk: int
    state: str
    values: dict[str, Any]
    # The row of the same key that was retracted before this one came in its place.
    before: "Stored | None" = None
    # Rows that are only in the record never change by a load.
    is_written = False

    @property
    def final(self) -> dict[str, Any]:
        """Its values once the package is loaded: the same."""
        return self.values

    def was_retracted(self, values: dict[str, Any]) -> bool:
        """Whether a row that said this was retracted here."""
        if self.state == State.RETRACTED and self.values == values:
            return True
        return self.before is not None and self.before.was_retracted(values)


@dataclass(slots=True)
class Row:
    """One row of a file: where it stands, its typed values, and what becomes of it."""

    table: Table
    file: str
    line: int
    key: Key
    values: dict[str, Any]
    verdict: Verdict = Verdict.NEW
    stored: Stored | None = None
    pk: int | None = None

    @property
    def is_written(self) -> bool:
        """Whether the load writes this row."""
        return self.verdict in (Verdict.NEW, Verdict.CHANGED)

    @property
    def is_new(self) -> bool:
        """Whether the load adds this row."""
        return self.verdict == Verdict.NEW

    @property
    def state(self) -> str:
        """Its state once the package is loaded; "" for one that was removed here."""
        if self.stored:
            return self.stored.state
        return State.PUBLISHED.value if self.is_new else ""

    @property
    def final(self) -> dict[str, Any]:
        """Its values once the package is loaded."""
        if self.verdict == Verdict.LEFT and self.stored:
            return self.stored.values
        return self.values

    @property
    def plain(self) -> dict[str, Any]:
        """Its values as the ledger writes them."""
        return {name: plain(value) for name, value in self.values.items()}

    @property
    def name(self) -> str:
        """Its public name: the key joined by `/`."""
        return self.table.row_name(self.plain)


@dataclass
class Package:
    """The rows of every table, found by their keys, with rows of the record they point to."""

    folder: str
    files: list[str] = field(default_factory=list)
    # Whether it was dumped: its ratings were published with evidence, and may have lost it since.
    is_dumped: bool = False
    # The SHA-256 of each file that was read to its end.
    digests: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    found: dict[str, dict[Key, Row | Stored | None]] = field(default_factory=dict)
    # Tables with a row or file that could not be read: what seems to be missing may be there.
    incomplete: set[str] = field(default_factory=set)
    # The rows of a very long file, and how many there are of it that are no rows here.
    stage: "Stage | None" = None
    counted: dict[str, Counter[Verdict]] = field(default_factory=dict)
    # How many of those are in the record to stay, whatever becomes of the others.
    stays: int = 0

    def of(self, table: Table) -> list[Row]:
        """Return the rows of a table in the order of its files."""
        return self.rows.setdefault(table.name, [])

    def known(self, table: Table) -> dict[Key, Row | Stored | None]:
        """Return what is known under each key of a table; None for a row that was refused."""
        return self.found.setdefault(table.name, {})

    def everything(self) -> Iterator[tuple[Shape, list[Row]]]:
        """Yield each table with its rows, in the order of loading."""
        for table in ORDER:
            yield shape_of(table), self.of(table)

    @property
    def has_news(self) -> bool:
        """Whether there is anything to write."""
        return any(row.is_written for _shape, rows in self.everything() for row in rows)
