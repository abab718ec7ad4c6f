"""Cursor paging over a stable order: no row is missed or doubled while others come and go.

A cursor holds the order and the values of the row at which a page ended. The next page begins
behind those values, wherever that row is by then, so nothing has to be counted.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThanOrEqual,
    TupleLessThanOrEqual,
)

from promises.api.problems import BAD_CURSOR, ProblemError
from promises.api.rows import Page as Read
from promises.api.rows import Row, RowReader, Values
from promises.common.canonical import plain
from promises.common.text import UNREADABLE

LONGEST_CURSOR = 2000
_LARGEST = 2**63 - 1


def text(value: Any) -> str:
    """Return a text of a cursor. Raises ValueError."""
    if not isinstance(value, str) or UNREADABLE.search(value):
        raise ValueError
    return value


def number(value: Any) -> int:
    """Return a whole number of a cursor. Raises ValueError."""
    if type(value) is not int or abs(value) > _LARGEST:
        raise ValueError
    return value


def day(value: Any) -> date:
    """Return a day of a cursor. Raises ValueError."""
    return date.fromisoformat(text(value))


def moment(value: Any) -> datetime:
    """Return a moment of a cursor. Raises ValueError."""
    found = datetime.fromisoformat(text(value))
    if found.tzinfo is None:
        raise ValueError
    return found


@dataclass(frozen=True)
class Key:
    """One column of an order. `read` brings its value back from a cursor."""

    path: str
    read: Callable[[Any], Any] = text
    is_nullable: bool = False


@dataclass(frozen=True)
class Order:
    """An order without ties: the columns together are unique. Rows without a value come last."""

    name: str
    keys: tuple[Key, ...]
    about: str
    is_descending: bool = False

    @property
    def sign(self) -> str:
        """The name as the parameter `ordering` has it."""
        return f"-{self.name}" if self.is_descending else self.name

    def turned(self) -> "Order":
        """Return the same order from the other end."""
        return replace(self, is_descending=not self.is_descending)

    @property
    def parts(self) -> tuple[bool | None, ...]:
        """Which rows follow each other: with a value in the first column, then those without.

        None are all rows, where there is always one. Of each part one index has the order, both
        ways; of all in one, empty ones last either way, two would be needed.
        """
        return (False, True) if self.keys[0].is_nullable else (None,)

    def part(self, rows: Any, is_empty: bool | None, *, backward: bool = False) -> Any:
        """Return the rows of a part in this order, or from its end."""
        if is_empty is not None:
            rows = rows.filter(**{f"{self.keys[0].path}__isnull": is_empty})
        columns = [F(key.path) for key in self.keys]
        falls = self.is_descending != backward
        return rows.order_by(*(column.desc() if falls else column.asc() for column in columns))

    def beyond(self, rows: Any, values: Sequence[Any], *, backward: bool) -> Iterator[Any]:
        """Yield the parts behind the row with these values, or before it, in this order.

        Without values all of them.
        """
        parts = list(reversed(self.parts) if backward else self.parts)
        if values:
            here = None if None in parts else values[0] is None
            parts = parts[parts.index(here) :]
        for number, is_empty in enumerate(parts):
            found = self.part(rows, is_empty, backward=backward)
            is_here = number == 0 and values
            yield found.filter(self._beyond(values, backward)) if is_here else found

    def _beyond(self, values: Sequence[Any], backward: bool) -> Q:
        """Return the condition of the rows that follow one of the same part.

        All columns are compared at once: an index begins at that row then, however many have the
        same first value. With the row itself, which is left out again: how many rows are behind it
        PostgreSQL guesses by the first column alone, and none where it thinks that all are level.
        Of the first column it is said again, for where the others are of another table.
        """
        pairs = [pair for pair in zip(self.keys, values, strict=True) if pair[1] is not None]
        falls = self.is_descending != backward
        compare = TupleLessThanOrEqual if falls else TupleGreaterThanOrEqual
        columns = Tuple(*(F(key.path) for key, _value in pairs))
        key, value = pairs[0]
        first = Q(**{f"{key.path}__{'lte' if falls else 'gte'}": value})
        itself = Q(**{key.path: value for key, value in pairs})
        return first & Q(compare(columns, [value for _key, value in pairs])) & ~itself


@dataclass(frozen=True)
class Cursor:
    """A place in an ordered list: behind, or before, the row with these values.

    Backward and without values it is the end of the list.
    """

    backward: bool
    sign: str
    values: tuple[Any, ...]

    def __str__(self) -> str:
        body = ["p" if self.backward else "n", self.sign, [plain(value) for value in self.values]]
        packed = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(written: str, order: Order) -> Cursor:
    """Return the cursor that was given out as this text. Raises ProblemError."""
    try:
        if len(written) > LONGEST_CURSOR:
            raise ValueError
        padded = written.encode("ascii") + b"=" * (-len(written) % 4)
        way, sign, values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if way not in ("n", "p") or sign != order.sign:
            raise ValueError
        if not isinstance(values, list):
            raise ValueError
        is_end = way == "p" and not values
        pairs = () if is_end else zip(order.keys, values, strict=True)
        cursor = Cursor(way == "p", sign, tuple(_value(key, value) for key, value in pairs))
        if str(cursor) != written:
            raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError) as error:
        raise ProblemError(
            BAD_CURSOR,
            "This list has given out no such cursor. Take the addresses in next and previous as"
            " they are, or start again without a cursor.",
            parameter="cursor",
        ) from error
    return cursor


def _value(key: Key, value: Any) -> Any:
    if value is None and key.is_nullable:
        return None
    return key.read(value)


@dataclass(frozen=True)
class Page:
    """One page of a list and the cursors of its neighbours, None where there is none.

    `starts_over`: whoever went back has come before the first row, and goes on with the first page.
    """

    rows: list[Values]
    next: Cursor | None
    previous: Cursor | None
    starts_over: bool = False


def read_page(
    rows: Any, *, reader: RowReader, order: Order, cursor: Cursor | None, size: int, today: date
) -> Page:
    """Read the page at a cursor, or the first. The reader must have been made for the order."""
    backward = cursor is not None and cursor.backward
    found: list[Row] = []
    for part in order.beyond(rows, cursor.values if cursor else (), backward=backward):
        # One row more than asked for says whether there is another page.
        if left := size + 1 - len(found):
            found += part.values_list(*reader.paths)[:left]
    return page_of(reader.made_of(found, today), order=order, cursor=cursor, size=size)


def page_of(found: Read, *, order: Order, cursor: Cursor | None, size: int) -> Page:
    """Return the page made of the rows that were read at a cursor, one more than it holds."""
    backward = cursor is not None and cursor.backward
    has_more = len(found.rows) > size
    shown = list(zip(found.rows, found.positions, strict=True))[:size]
    if backward:
        shown.reverse()

    def cursor_at(index: int, *, backward: bool) -> Cursor | None:
        return Cursor(backward, order.sign, tuple(shown[index][1])) if shown else None

    is_next = has_more if not backward else bool(cursor and cursor.values)
    is_previous = has_more if backward else cursor is not None
    # A last page whose rows are gone has none to name: what is last now is before the end.
    end = Cursor(True, order.sign, ()) if not backward else None
    return Page(
        rows=[row for row, _ in shown],
        next=cursor_at(-1, backward=False) if is_next else None,
        previous=(cursor_at(0, backward=True) or end) if is_previous else None,
        starts_over=backward and not shown,
    )
