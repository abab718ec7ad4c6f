"""Lists whose queries are made once: those narrowed by columns and names, from their start.

Which filters were given, and how many values each has, says what is asked; the values themselves
come later (promises/common/prepared.py).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from promises.api.paging import Order
from promises.api.parameters import By, ByName
from promises.api.rows import Row, RowReader
from promises.common.prepared import Prepared

# How many values a filter was given, by its name; None where it takes a single one.
Shape = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Plain:
    """What was asked for: in which shape, and the values in their order. Of names, the ids."""

    shape: Shape
    values: tuple[Any, ...]

    @property
    def is_of_nothing(self) -> bool:
        """Whether there is nothing with the names that were asked for."""
        return [] in self.values


def plain(resource: Any, asked: Mapping[str, Any]) -> Plain | None:
    """Return what was asked for; None where a filter is more than a column's value or names.

    `resource` is a class of promises.api.resources. One query for each filter by names.
    """
    given = [(each, asked[each.name]) for each in resource.filters if each.name in asked]
    if any(not isinstance(each.narrow, By | ByName) or _is_flag(value) for each, value in given):
        return None
    shape: list[tuple[str, int | None]] = []
    values: list[Any] = []
    for each, value in given:
        if isinstance(each.narrow, ByName):
            shape.append((each.name, None))
            values.append(each.narrow.numbers(_model(resource), value))
        elif isinstance(value, list):
            shape.append((each.name, len(value)))
            values += value
        else:
            shape.append((each.name, None))
            values.append(value)
    return Plain(tuple(shape), tuple(values))


@lru_cache(maxsize=200)
def first_page(
    resource: Any, shape: Shape, reader: RowReader, order: Order, size: int
) -> Callable[..., list[Row]]:
    """Return what finds the first rows, and one more that says whether there are others.

    Narrowed it is planned each time: some values have most rows of a list, others none, and
    those would be looked for all the way through it.
    """
    filters = {each.name: each.narrow for each in resource.filters}

    def build(is_empty: bool | None, *values: Any) -> Any:
        rows = resource().rows()
        for name, value in _with_values(shape, iter(values)):
            rows = filters[name].keep(rows, value)
        return order.part(rows, is_empty)[: size + 1].values_list(*reader.paths)

    parts = [Prepared(partial(build, part), is_planned=not shape) for part in order.parts]

    def find(*values: Any) -> list[Row]:
        found: list[Row] = []
        for part in parts:
            if len(found) <= size:
                found += part(*values)
        return found[: size + 1]

    return find


@lru_cache(maxsize=50)
def _model(resource: Any) -> Any:
    return resource().rows().model


def _is_flag(value: Any) -> bool:
    several = value if isinstance(value, list) else [value]
    return any(isinstance(one, bool) for one in several)


def _with_values(shape: Shape, values: Iterator[Any]) -> Iterator[tuple[str, Any]]:
    for name, many in shape:
        yield name, next(values) if many is None else [next(values) for _ in range(many)]
