"""From the files of a folder to typed rows whose keys are unique and whose references exist."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from promises.common.columns import Table
from promises.packages.cells import BadCell, reader_of, typed
from promises.packages.leaving import AUTHORS, ONLY_OUT
from promises.packages.reading import Progress, nearest, quoted, read_file
from promises.packages.report import Faults
from promises.packages.rows import Package, Row
from promises.packages.stored import learn
from promises.packages.tables import (
    IN_FOLDERS,
    MAY_BE_ABSENT,
    ORDER,
    AnyField,
    Key,
    Reference,
    Shape,
    shape_of,
)

if TYPE_CHECKING:
    from promises.packages.staging import Stage

# Takes the number of a row and its cells.
ReadRow = Callable[[int, list[str]], tuple[dict[str, Any], bool]]

# A spreadsheet leaves one of these beside a file that it has open.
_LOCKS = ((".~lock.", "#"), ("~$", ""))


def read_package(
    folder: Path, *, faults: Faults, progress: Progress | None = None, stage: "Stage | None" = None
) -> Package:
    """Read every table of a folder; what is wrong with the rows or between them is a fault.

    The table of a stage is read onto the stage.
    """
    is_dumped = (folder / f"{AUTHORS.name}.csv").is_file()
    package = Package(folder=str(folder), stage=stage, is_dumped=is_dumped)
    try:
        _check_names(folder, faults)
    except OSError as error:
        faults.add(str(folder), None, f"The folder cannot be read: {error.strerror}.")
        return package
    for table in ORDER:
        for path, name in _files_of(table, folder, faults, package):
            if stage and stage.shape.table is table:
                stage.fill(path, name, package, faults, progress)
            else:
                _read_rows(path, name, shape_of(table), package, faults, progress)
    for shape, rows in package.everything():
        for reference in shape.references:
            _resolve(reference, rows, package, faults)
    return package


def _files_of(
    table: Table, folder: Path, faults: Faults, package: Package
) -> Iterator[tuple[Path, str]]:
    """Yield the files that hold a table, with the names to call them by."""
    if table in MAY_BE_ABSENT and not (folder / f"{table.name}.csv").exists():
        return
    if table.name not in IN_FOLDERS:
        yield folder / f"{table.name}.csv", f"{table.name}.csv"
        return
    inner, whole = folder / table.name, folder / f"{table.name}.csv"
    if whole.is_file():
        # As a package that was dumped has it.
        yield whole, whole.name
    if not inner.is_dir():
        if whole.is_file():
            return
        package.incomplete.add(table.name)
        faults.add(f"{table.name}/", None, "The folder is missing.")
        return
    for path in sorted(inner.glob("*.csv")):
        if not path.name.startswith((".", "~$")):
            yield path, f"{table.name}/{path.name}"


def _check_names(folder: Path, faults: Faults) -> None:
    """Note files that are open in a spreadsheet, and tables that nobody knows.

    What a dump works out beside the tables is known, and not read.
    """
    known = {f"{table.name}.csv" for table in (*ORDER, *ONLY_OUT)}
    inner = [path for name in IN_FOLDERS for path in (folder / name).glob("*")]
    for path in sorted([*folder.iterdir(), *inner]):
        name = path.relative_to(folder).as_posix()
        for start, end in _LOCKS:
            if path.name.startswith(start) and path.name.endswith(end):
                opened = name.replace(start, "").removesuffix(end)
                faults.add(name, None, f"{opened} is open in a spreadsheet. Save and close it.")
                break
        else:
            is_table = path.parent == folder and path.suffix.lower() == ".csv"
            if is_table and name not in known and not name.startswith("."):
                faults.add(name, None, f"There is no such table.{nearest(name, known)}")


def _read_rows(
    path: Path,
    name: str,
    shape: Shape,
    package: Package,
    faults: Faults,
    progress: Progress | None,
) -> None:
    """Read one file into rows; a row with a fault only leaves its key."""
    table = shape.table
    package.files.append(name)
    read = read_file(
        path,
        name=name,
        columns=shape.names,
        worked_out=shape.worked_out,
        faults=faults,
        progress=progress,
    )
    package.digests[name] = read.sha256
    if not read.is_whole:
        package.incomplete.add(table.name)
    known = package.known(table)
    read_row = row_reader(shape, name, faults)
    for line, cells in read.rows:
        values, is_sound = read_row(line, cells)
        if any(column not in values for column in table.key):
            package.incomplete.add(table.name)
            continue
        key = tuple(values[column] for column in table.key)
        row = Row(table=table, file=name, line=line, key=key, values=values)
        if key in known:
            faults.of(row, f"{named(table, key)} stands there already{_where(known[key], row)}.")
            continue
        known[key] = row if is_sound else None
        if is_sound:
            package.of(table).append(row)


def row_reader(shape: Shape, name: str, faults: Faults) -> ReadRow:
    """Return what gives the values of the good cells of a row, and whether all of them are good."""
    readers = [(column, _reader(shape, column)) for column in shape.names]

    def read(line: int, cells: list[str]) -> tuple[dict[str, Any], bool]:
        values: dict[str, Any] = {}
        for (column, value_of), cell in zip(readers, cells, strict=True):
            try:
                values[column] = value_of(cell)
            except BadCell as reason:
                faults.add(name, line, f"Column “{column}”: {reason}")
        return values, len(values) == len(cells)

    return read


def _reader(shape: Shape, column: str) -> Callable[[str], Any]:
    """Return what reads the cells of a column; of a foreign key only the type is looked at."""
    field = shape.fields[column]
    if column in shape.own:
        return reader_of(field)
    return partial(_pointing, field, column in shape.optional)


def _pointing(field: AnyField, is_optional: bool, cell: str) -> Any:
    if cell:
        return typed(field, cell)
    if is_optional:
        return None
    raise BadCell("The cell is empty.")


def _resolve(reference: Reference, rows: list[Row], package: Package, faults: Faults) -> None:
    """Find what rows point to: in the package, else in the record, else it is a fault."""
    target = reference.target
    known = package.known(target)
    missing: dict[Key, None] = {}
    for row in rows:
        key = reference.key_in(row.values)
        if not reference.is_empty_in(row.values) and key not in known:
            missing[key] = None
    if not missing:
        return
    learn(package, target, missing)
    if target.name in package.incomplete:
        return
    for row in rows:
        key = reference.key_in(row.values)
        if not reference.is_empty_in(row.values) and key not in known:
            columns = " and ".join(f"“{column}”" for column in reference.columns)
            words = [str(other[0]) for other in known] if len(key) == 1 else []
            faults.of(
                row,
                f"Column {columns}: {named(target, key)} is not in {target.name}.csv, nor in"
                f" the record.{nearest(str(key[0]), words)}",
            )


def named(table: Table, key: Key) -> str:
    """Return a row in words, by its kind and key."""
    return f"{table.kind.replace('_', ' ')} {quoted(' / '.join(map(str, key)))}"


def _where(other: object, row: Row) -> str:
    """Return where the first row with the same key stands."""
    if not isinstance(other, Row):
        return ""
    return f" in row {other.line}" + (f" of {other.file}" if other.file != row.file else "")
