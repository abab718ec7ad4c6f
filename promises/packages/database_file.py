"""tracker.sqlite: the tables of a package as one file that needs no server."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection, connect
from typing import Any

from promises.common.columns import Table
from promises.packages.describing import primary_key, references, type_of
from promises.packages.leaving import leaving_columns

_TYPES = {"boolean": "INTEGER", "integer": "INTEGER", "number": "NUMERIC"}


class DatabaseFile:
    """A SQLite file that is being written, in one transaction and always in the same order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, table: Table) -> None:
        """Make a table."""
        lines = [
            f"{_quoted(column.name)} {_TYPES.get(type_of(table, column), 'TEXT')}"
            for column in leaving_columns(table)
        ]
        if key := primary_key(table):
            lines.append(f"PRIMARY KEY ({_listed(key)})")
        lines += [
            f"FOREIGN KEY ({_listed(own)}) REFERENCES {_quoted(other)} ({_listed(there)})"
            for own, other, there in references(table)
        ]
        inside = ",\n  ".join(lines)
        self._connection.execute(f"CREATE TABLE {_quoted(table.name)} (\n  {inside}\n)")

    def add(self, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows to a table."""
        places = ", ".join("?" * len(leaving_columns(table)))
        self._connection.executemany(
            f"INSERT INTO {_quoted(table.name)} VALUES ({places})",  # noqa: S608 -- our own names
            rows,
        )

    def describe(self, facts: dict[str, str]) -> None:
        """Say what the file is: edition, licence, citation."""
        self._connection.execute("CREATE TABLE package (name TEXT PRIMARY KEY, value TEXT)")
        self._connection.executemany("INSERT INTO package VALUES (?, ?)", facts.items())


@contextmanager
def database_file(path: Path) -> Iterator[DatabaseFile]:
    """Write a SQLite file. Nothing else reads it yet, so nothing waits for the disk."""
    with closing(connect(path, isolation_level=None)) as connection:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "secure_delete = ON"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN")
        yield DatabaseFile(connection)
        connection.execute("COMMIT")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return f'"{name}"'
