"""What the rows of a package come to stand on, held from its last look until they are written.

Packages are compared without locks, which takes a while: the desk may withdraw meanwhile what a
new row points to, and readers would be told of it again.
"""

from collections.abc import Iterator

from promises.common.columns import Table
from promises.editorial.choices import State
from promises.packages.checking import named
from promises.packages.report import Faults
from promises.packages.rows import Package, Row
from promises.packages.stored import locked_states, target
from promises.packages.tables import ORDER, Key, shape_of
from promises.pledges.actions import lock_pledges
from promises.pledges.columns import PLEDGES

# A row that is to be written, with the key and the number of a stored record that it points to.
Pointing = tuple[Row, Key, int]


def hold(package: Package, faults: Faults) -> None:
    """Lock what is stored and pointed to, pledges first; note each row whose target is withdrawn.

    The pledges of the package itself are locked with them.
    """
    pointing: dict[str, list[Pointing]] = {}
    for table, one in _pointing(package):
        pointing.setdefault(table.name, []).append(one)
    pledges = {number for _row, _key, number in pointing.get(PLEDGES.name, ())}
    lock_pledges(sorted(pledges.union(row.pk for row in package.of(PLEDGES) if row.pk)))
    for table in ORDER:
        if found := pointing.get(table.name):
            _note_withdrawn(table, found, faults)


def _pointing(package: Package) -> Iterator[tuple[Table, Pointing]]:
    """Yield what the rows that are written point to, where it is stored and can be withdrawn."""
    for shape, rows in package.everything():
        references = [each for each in shape.references if shape_of(each.target).is_editorial]
        for row in rows if references else ():
            for reference in references if row.is_written else ():
                pointed = target(package, row, reference.field)
                if pointed is not None and pointed.pk:
                    yield reference.target, (row, reference.key_in(row.final), pointed.pk)


def _note_withdrawn(table: Table, pointing: list[Pointing], faults: Faults) -> None:
    states = locked_states(shape_of(table), {number for _row, _key, number in pointing})
    for row, key, number in pointing:
        if states.get(number) != State.PUBLISHED:
            faults.of(
                row,
                f"It points to the {named(table, key)}, which was withdrawn on the desk just now."
                " Load again.",
            )
