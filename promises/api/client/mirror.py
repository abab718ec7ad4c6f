"""A copy of the record that follows the changes feed, in one SQLite file.

Written by hand and put into the file that is handed out (`writing`); it needs nothing of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from typing import Any, ClassVar

from promises.api.client.asking import Client, ProblemError

Row = dict[str, Any]
# A package may be replaced while it is read; then it is read again.
TRIES = 5
_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    of TEXT, name TEXT, row TEXT, PRIMARY KEY (of, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (
    only INTEGER PRIMARY KEY CHECK (only = 1), edition INTEGER, hash TEXT
);
INSERT OR IGNORE INTO state VALUES (1, 0, '');
"""


class BrokenLedgerError(Exception):
    """The changes do not follow each other: one is missing, or the ledger was rewritten."""


class PackageChangedError(Exception):
    """The files of the newest package do not belong together: another one has replaced it."""


@dataclass(frozen=True)
class Mirrored:
    """One table of the record: what a row holds, what names it, and what it goes with.

    `goes_with` are columns that name what can be withdrawn, with its table: the row goes too.
    `emptied_with` are such columns that are then empty while the row stays. A row also goes with
    the last row of the table `needs` that names it, or once the column `over_when` is filled.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    goes_with: Mapping[str, str]
    emptied_with: Mapping[str, str]
    needs: str = ""
    over_when: str = ""

    def name_of(self, row: Mapping[str, Any]) -> str:
        """Return what tells a row apart from the others of its table."""
        return json.dumps([row[column] for column in self.key], ensure_ascii=False)


class Copy:
    """A copy of the whole record that can be interrupted at any moment and goes on.

    Rows and the edition they stand for are written together, page by page. `file` is the SQLite
    file; ":memory:" keeps nothing.
    """

    tables: ClassVar[tuple[Mirrored, ...]] = ()

    def __init__(self, client: Client, file: str | Path) -> None:
        self.client = client
        self._database = connect(str(file), isolation_level=None)
        self._database.executescript(_SCHEMA)
        self._tables = {table.name: table for table in self.tables}
        self._kinds = {table.kind: table for table in self.tables}
        for column in sorted({name for _, name, _ in self._references()}):
            self._database.execute(
                f"CREATE INDEX IF NOT EXISTS by_{column}"
                f" ON rows (of, json_extract(row, '$.{column}'))"
            )

    @classmethod
    def follow(cls, address: str, file: str) -> int:
        """Bring the copy in a file up to date, from a package if it is new; return its edition."""
        copy = cls(Client(address, patience=3600), file)
        copy.begin()
        edition = copy.sync()
        copy.close()
        return edition

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @property
    def edition(self) -> int:
        """The last edition that the copy has; 0 while it is empty."""
        return int(self._state()[0])

    def begin(self) -> int:
        """Fill an empty copy from the newest package, where there is one; return its edition.

        A copy that is not empty stays as it is. Raises PackageChangedError if the package was
        replaced each time while it was read.
        """
        if self.edition:
            return self.edition
        for _ in range(TRIES):
            try:
                with self._together():
                    return self._load()
            except PackageChangedError:
                continue
            except ProblemError as problem:
                if problem.status != 404:
                    raise
                return 0
        raise PackageChangedError("The package was replaced each time. Try again.")

    def sync(self) -> int:
        """Take over what has changed since; return the edition that the copy then has.

        Raises BrokenLedgerError, ProblemError, OSError; what came before them is kept.
        """
        query = {"after": self.edition}
        for page in self.client.pages("/api/v1/changes/", query):
            with self._together():
                self._take(page)
        return self.edition

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table, by name."""
        found = self._database.execute("SELECT row FROM rows WHERE of = ? ORDER BY name", [table])
        for (row,) in found:
            yield json.loads(row)

    def write(self, folder: str | Path) -> None:
        """Write `<table>.jsonl` for each table: the lines of the package, in order of the bytes."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        for table in self.tables:
            found = self._database.execute("SELECT row FROM rows WHERE of = ?", [table.name])
            lines = sorted(f"{row}\n".encode() for (row,) in found)
            Path(folder, f"{table.name}.jsonl").write_bytes(b"".join(lines))

    def _take(self, changes: Iterable[Row]) -> None:
        edition, last_hash = self._state()
        is_imported = False
        for change in changes:
            if change["edition"] != edition + 1 or last_hash not in ("", change["previous_hash"]):
                raise BrokenLedgerError(f"Edition {change['edition']} does not follow {edition}.")
            is_imported |= change["event"] == "observations:imported"
            self._apply(change["event"], change["data"])
            edition, last_hash = change["edition"], change["hash"]
        if is_imported:
            self._read_figures()
        self._database.execute("UPDATE state SET edition = ?, hash = ?", [edition, last_hash])

    def _apply(self, event: str, data: Row | None) -> None:
        """Take over one change; of what is not public any more there is nothing to take."""
        kind, _, verb = event.partition(":")
        if data is None:
            return
        if kind == "stale_flags":
            for row in data["stale_flags"]:
                self._put(self._tables[kind], row)
        elif table := self._kinds.get(kind):
            if verb == "retracted":
                self._remove(table, table.name_of(data))
            else:
                self._put(table, data)

    def _put(self, table: Mirrored, row: Row) -> None:
        if table.over_when and row[table.over_when] is not None:
            self._remove(table, table.name_of(row))
            return
        kept = {column: row.get(column) for column in table.columns}
        written = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        self._database.execute(
            "INSERT OR REPLACE INTO rows VALUES (?, ?, ?)",
            [table.name, table.name_of(row), written],
        )

    def _remove(self, table: Mirrored, name: str) -> None:
        """Take out a row, and what goes with it."""
        where = [table.name, name]
        gone = self._database.execute("SELECT row FROM rows WHERE of = ? AND name = ?", where)
        row = gone.fetchone()
        self._database.execute("DELETE FROM rows WHERE of = ? AND name = ?", where)
        for other, column, is_emptied in self._references(table.name):
            for found in self._naming(other, column, json.loads(name)[0]):
                if is_emptied:
                    self._put(other, {**found, column: None})
                else:
                    self._remove(other, other.name_of(found))
        if row:
            self._remove_what_needed(table, json.loads(row[0]))

    def _remove_what_needed(self, table: Mirrored, row: Row) -> None:
        """Take out what is public only beside such a row, if this was the last one."""
        for other in self.tables:
            if other.needs != table.name:
                continue
            (column,) = (name for name, of in table.goes_with.items() if of == other.name)
            if not self._naming(table, column, row[column]):
                self._remove(other, json.dumps([row[column]], ensure_ascii=False))

    def _references(self, to: str = "") -> Iterator[tuple[Mirrored, str, bool]]:
        """Yield the columns that name what can be withdrawn: table, column, if it is emptied."""
        for table in self.tables:
            for columns, is_emptied in ((table.goes_with, False), (table.emptied_with, True)):
                for column, of in columns.items():
                    if to in ("", of):
                        yield table, column, is_emptied

    def _naming(self, table: Mirrored, column: str, name: str) -> list[Row]:
        # Not data of others: the column is one of those this file lists.
        named = f"json_extract(row, '$.{column}') = ?"
        found = self._database.execute(
            f"SELECT row FROM rows WHERE of = ? AND {named}",  # noqa: S608
            [table.name, name],
        )
        return [json.loads(row) for (row,) in found.fetchall()]

    def _read_figures(self) -> None:
        """Read all figures: the ledger names the files of an import, not their many rows."""
        table = self._tables["observations"]
        for metric in self.client.rows("/api/v1/metrics/", {"fields": "slug"}):
            query = {"metric": metric["slug"]}
            for row in self.client.rows("/api/v1/observations/", query):
                self._put(table, row)

    def _load(self) -> int:
        listed = (line.decode().strip() for line in self._lines("SHA256SUMS", ""))
        sums = {name: sha256 for sha256, name in (line.split("  ", 1) for line in listed)}
        described = b"".join(self._lines("datapackage.json", sums.get("datapackage.json", "-")))
        for table in self.tables:
            for line in self._lines(f"{table.name}.jsonl", sums.get(f"{table.name}.jsonl", "-")):
                self._put(table, json.loads(line))
        edition = int(json.loads(described)["version"])
        self._database.execute("UPDATE state SET edition = ?, hash = ''", [edition])
        return edition

    def _lines(self, file: str, sha256: str) -> Iterator[bytes]:
        """Yield the lines of a file of the newest package, and check its hash at the end."""
        found = hashlib.sha256()
        with closing(self.client.open(f"/data/latest/{file}")) as answer:
            for line in answer:
                found.update(line)
                yield line
        if sha256 and found.hexdigest() != sha256:
            raise PackageChangedError(file)

    def _state(self) -> tuple[int, str]:
        row: tuple[int, str] = self._database.execute("SELECT edition, hash FROM state").fetchone()
        return row

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Write all of a block or nothing."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
