"""A file of very many rows on its way in: streamed into the database and sifted there.

Nothing of it is held here, however long it is. Each cell is read by the code that reads every
file. What is plainly new stays on the stage. What needs a word leaves it and goes the way of all
rows: what stands here already and differs, what the ledger knows, what a rule of the database
would refuse.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from promises.accounts.models import User
from promises.editorial.choices import State
from promises.packages.checking import named, row_reader
from promises.packages.reading import Progress, read_file
from promises.packages.report import Faults
from promises.packages.rows import Package, Row, Stored, Verdict
from promises.packages.tables import AnyField, Key, Shape
from promises.packages.writing import workflow

# So many rows that need a word are looked at one by one; a file with more is to be split.
MOST_ODD = 50_000

# {own} are the columns of the file, {key} is that of its key, {whole} the rows with every column.
# Made by the owner of the database: those who load may make no table (see the migration).
_OPEN = "SELECT packages_open_stage(%s, %s)"
_CLOSE = "SELECT packages_close_stage()"
_FILL = "COPY packages_stage (line, is_sound, {own}) FROM STDIN"
_FILLED = "SELECT packages_index_stage(%s)"
_DOUBLES = """
SELECT line, {key}, first, is_first_sound FROM (
    SELECT line, {key}, first_value(line) OVER same AS first,
        first_value(is_sound) OVER same AS is_first_sound
    FROM packages_stage WINDOW same AS (PARTITION BY {key} ORDER BY line)
) AS found WHERE line <> first ORDER BY line
"""
_UNDER_KEYS = "SELECT is_sound, {own} FROM packages_stage WHERE {key} = ANY(%s)"
# What is published here and says the same.
_TAKE_SAME = """
DELETE FROM packages_stage WHERE line IN (
    SELECT line FROM packages_stage stage JOIN {table} here ON here.{key} = stage.{key}
    WHERE here.state = 'published' AND ({here}) IS NOT DISTINCT FROM ({stage})
)
"""
_TAKE_ODD = """
DELETE FROM packages_stage WHERE line IN (
    SELECT line FROM packages_stage stage JOIN {table} here ON here.{key} = stage.{key}
    UNION SELECT line FROM packages_stage JOIN ledger_entry ON subject = %s || {key}
        WHERE by = %s AND (event LIKE '%%:imported' OR event LIKE '%%:saved')
    UNION SELECT line FROM {whole} WHERE {broken}
    LIMIT %s
) RETURNING line, {own}
"""
_RULES = """
SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'c'
"""
_LAST_OF_NEXT = """
SELECT max(line) FROM (
    SELECT line FROM packages_stage WHERE line > %s ORDER BY line LIMIT %s
) AS next
"""
# The index of words takes what is new in large helpings, for the transaction that asks.
_LARGE_HELPINGS = """
SELECT set_config('gin_pending_list_limit', '32MB', true), set_config('work_mem', '64MB', true)
"""
_INSERT = """
INSERT INTO {table} ({own}, {others}) SELECT {own}, {others} FROM {whole}
WHERE line > %s AND line <= %s ORDER BY line RETURNING id
"""


class Stage:
    """The rows of one long file, in a table that only this connection sees.

    For tables with a state, without foreign keys, whose key is one text.
    """

    def __init__(self, shape: Shape) -> None:
        (self.key,) = shape.table.key
        assert shape.is_editorial, f"{shape.table.name} has no states"
        assert not shape.references, f"{shape.table.name} points to other tables"
        self.shape = shape
        self.file = ""
        own = [shape.fields[name] for name in shape.names]
        self._fixed: list[AnyField] = [
            field
            for field in shape.table.model._meta.concrete_fields
            if not field.primary_key and field not in own
        ]
        columns = [f'"{field.column}"' for field in own]
        self._words = {
            "table": f'"{shape.table.model._meta.db_table}"',
            "key": f'"{shape.fields[self.key].column}"',
            "own": ", ".join(columns),
            "others": ", ".join(f'"{field.column}"' for field in self._fixed),
            "here": ", ".join(f"here.{column}" for column in columns),
            "stage": ", ".join(f"stage.{column}" for column in columns),
        }

    def open(self) -> None:
        """Make the table: the types of the real one, none of its rules."""
        own = [self.shape.fields[name].column for name in self.shape.names]
        self._run(_OPEN, [self._words["table"], own])

    def close(self) -> None:
        """Drop the table, unless it goes with a transaction that has failed."""
        if not connection.needs_rollback:
            self._run(_CLOSE)

    def fill(
        self, path: Path, name: str, package: Package, faults: Faults, progress: Progress | None
    ) -> None:
        """Stream a file into the table. What is wrong with its rows is a fault.

        Of a row with a bad cell the key is kept, so that it is found where it stands again.
        """
        self.file, names = name, self.shape.names
        read_row = row_reader(self.shape, name, faults)
        lost: list[int] = []

        def keep(line: int, cells: list[str]) -> None:
            values, is_sound = read_row(line, cells)
            if self.key not in values:
                lost.append(line)
                return
            if not is_sound:
                values = {self.key: values[self.key]}
            into.write_row((line, is_sound, *map(values.get, names)))

        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(_FILL.format(**self._words)) as into,
        ):
            read = read_file(
                path, name=name, columns=names, worked_out=self.shape.worked_out,
                faults=faults, progress=progress, keep=keep,
            )  # fmt: skip
        package.files.append(name)
        package.digests[name] = read.sha256
        if lost or not read.is_whole:
            package.incomplete.add(self.shape.table.name)
        self._run(_FILLED, [self.shape.fields[self.key].column])
        self._note_doubles(faults)

    def _note_doubles(self, faults: Faults) -> None:
        for line, key, first, is_first_sound in self._run(_DOUBLES):
            where = f" in row {first}" if is_first_sound else ""
            row = named(self.shape.table, (key,))
            faults.add(self.file, line, f"{row} stands there already{where}.")

    def rows(self, keys: Iterable[Key]) -> dict[Key, Stored | None]:
        """Return what is on the stage under these keys, None for a row with a bad cell.

        It has no number yet.
        """
        found: dict[Key, Stored | None] = {}
        for is_sound, *cells in self._run(_UNDER_KEYS, [[key[0] for key in keys]]):
            values = self._named(cells)
            stored = Stored(pk=0, state=State.PUBLISHED, values=values)
            found[(values[self.key],)] = stored if is_sound else None
        return found

    def sift(self, package: Package, *, by: User, now: datetime, faults: Faults) -> None:
        """Take off the stage what the record holds already, and what needs a word.

        The latter become rows of the package, like those of a short file.
        """
        all_rows = self._count()
        self._run(_TAKE_SAME)
        differing = self._count()
        whole, fixed = self._whole(by=by, now=now)
        asked = [f"{self.shape.table.name}/", str(by), *fixed, MOST_ODD + 1]
        found = self._run(_TAKE_ODD, asked, whole=whole, broken=self._broken())
        if len(found) > MOST_ODD:
            reason = f"More than {MOST_ODD} rows differ from the record or break a rule of it."
            faults.add(self.file, None, f"{reason} Split the file.")
            return
        table = self.shape.table
        for line, *cells in sorted(found):
            values = self._named(cells)
            key = (values[self.key],)
            row = Row(table=table, file=self.file, line=line, key=key, values=values)
            package.of(table).append(row)
            package.known(table)[key] = row
        counted = Counter(
            {Verdict.UNCHANGED: all_rows - differing, Verdict.NEW: differing - len(found)}
        )
        # Without what there is none of.
        package.counted[self.file] = +counted

    def insert(self, *, after: int, most: int, by: User, now: datetime) -> tuple[int, list[int]]:
        """Insert the next rows after a line, in order; return the last line and their numbers."""
        [(last,)] = self._run(_LAST_OF_NEXT, [after, most])
        self._run(_LARGE_HELPINGS)
        whole, fixed = self._whole(by=by, now=now)
        inserted = self._run(_INSERT, [*fixed, after, last], whole=whole)
        return last, [number for (number,) in inserted]

    def _whole(self, *, by: User, now: datetime) -> tuple[str, list[Any]]:
        """Return the rows of the stage with every column of the real table, and the parameters."""
        model = self.shape.table.model
        example = model(**workflow(model, by=by, now=now))
        others = [f'CAST(%s AS {f.db_type(connection)}) AS "{f.column}"' for f in self._fixed]
        values = [
            field.get_db_prep_save(getattr(example, field.attname), connection)
            for field in self._fixed
        ]
        columns = f"line, {self._words['own']}, {', '.join(others)}"
        return f"(SELECT {columns} FROM packages_stage) AS whole", values  # noqa: S608 -- our names

    def _broken(self) -> str:
        """Return the condition that a row breaks a rule of the real table."""
        rules = self._run(_RULES, [self._words["table"]])
        return " OR ".join(f"({rule.replace('%', '%%')}) IS FALSE" for (rule,) in rules)

    def _named(self, cells: list[Any]) -> dict[str, Any]:
        return dict(zip(self.shape.names, cells, strict=True))

    def _count(self) -> int:
        [(count,)] = self._run("SELECT count(*) FROM packages_stage")
        return int(count)

    def _run(
        self, statement: str, parameters: Sequence[Any] | None = None, **words: str
    ) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(**self._words, **words), parameters)
            return cursor.fetchall() if cursor.description else []
