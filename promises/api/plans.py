"""Lists whose queries are made once: those that are narrowed by plain columns, from their start.

Which filters were given, and how many values each has, says what is asked; the values themselves
come later (promises/common/prepared.py).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from promises.api.paging import Order
from promises.api.parameters import By, Filter, narrowed
from promises.api.rows import RowReader
from promises.common.prepared import Prepared

# How many values a filter was given, by its name; None where it takes a single one.
Shape = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Plain:
    """What was asked for: in which shape, and the values in their order."""

    shape: Shape
    values: tuple[Any, ...]


def plain(filters: Iterable[Filter], asked: Mapping[str, Any]) -> Plain | None:
    """Return what was asked for; None where a filter is more than a column's value."""
    shape: list[tuple[str, int | None]] = []
    values: list[Any] = []
    for each in filters:
        if each.name not in asked:
            continue
        given = asked[each.name]
        several = given if isinstance(given, list) else [given]
        if not isinstance(each.narrow, By) or any(isinstance(one, bool) for one in several):
            return None
        shape.append((each.name, len(given) if isinstance(given, list) else None))
        values += several
    return Plain(tuple(shape), tuple(values))


@lru_cache(maxsize=200)
def first_page(resource: Any, shape: Shape, reader: RowReader, order: Order, size: int) -> Prepared:
    """Return the query of the first rows, and of one more that says whether there are others.

    `resource` is a class of promises.api.resources.
    """

    def build(*values: Any) -> Any:
        asked = _with_values(shape, iter(values))
        # A plain filter does not look at the day.
        rows = narrowed(resource().rows(), resource.filters, asked, date.min)
        return order.sorted(rows)[: size + 1].values_list(*reader.paths)

    return Prepared(build)


def _with_values(shape: Shape, values: Iterator[Any]) -> dict[str, Any]:
    return {
        name: next(values) if many is None else [next(values) for _ in range(many)]
        for name, many in shape
    }
