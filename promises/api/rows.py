"""What one public row looks like, and how rows are read: declared once, for both.

A serializer lists every public field with its type, its meaning and its `source`, an ORM path
like "topic__slug". The same declaration makes the schema and the query, so that a page of rows
costs one query for its columns and one for each collection that hangs on them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from promises.api.deprecating import Deprecated
from promises.common.canonical import plain, timestamp

Row = Sequence[Any]
Values = dict[str, Any]
# Reads what hangs on some rows: takes their ids and today, returns the value of each id.
Attachment = Callable[[Collection[int], date], Mapping[int, Any]]


class RowSerializer(serializers.Serializer[Any]):
    """The public shape of one row.

    `attached` says how fields that are collections are read, `follows` which fields follow from
    an attached one: its name, and the function that makes them of its value.
    """

    # Fields that are on their way out.
    deprecated: ClassVar[Mapping[str, Deprecated]] = {}
    attached: ClassVar[Mapping[str, Attachment]] = {}
    follows: ClassVar[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {}


class MadeField(serializers.CharField):
    """A text made of several columns."""

    def __init__(self, *, paths: Sequence[str], make: Callable[..., Any], **more: Any) -> None:
        super().__init__(read_only=True, **more)
        self.paths, self.make = tuple(paths), make


@extend_schema_field({"type": "boolean"})
class MadeFlag(MadeField):
    """A truth made of several columns."""


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the columns of the row by which the next page is found."""

    rows: list[Values]
    positions: list[Row]


class RowReader:
    """Reads the rows of a queryset as one serializer describes them.

    `names` are the fields to read, all unless given; `order` are columns whose values come back
    beside each row.
    """

    def __init__(
        self,
        serializer: type[RowSerializer],
        names: Iterable[str] | None = None,
        order: Sequence[str] = (),
    ) -> None:
        self.attachments: dict[str, Attachment] = {}
        self._places = {"pk": 0}
        declared = serializer().fields
        wanted = declared if names is None else set(names)
        self._makers = [
            (name, self._maker(name, field, serializer, ""))
            for name, field in declared.items()
            if name in wanted
        ]
        self._order = [self._place(path) for path in order]

    @property
    def paths(self) -> list[str]:
        """The columns to ask the database for; the first is the id, which stays inside."""
        return list(self._places)

    def read(self, queryset: Any, today: date) -> Page:
        """Return the rows in the order of the queryset."""
        return self.made_of(list(queryset.values_list(*self.paths)), today)

    def made_of(self, found: Sequence[Row], today: date) -> Page:
        """Return the rows made of columns that were read as `paths` says."""
        ids = [row[0] for row in found]
        hanging = {
            name: attach(ids, today) if ids else {} for name, attach in self.attachments.items()
        }
        rows = [{name: make(row, hanging) for name, make in self._makers} for row in found]
        return Page(rows, [[row[place] for place in self._order] for row in found])

    def _maker(
        self, name: str, field: Any, serializer: type[RowSerializer], prefix: str
    ) -> Callable[[Row, Mapping[str, Any]], Any]:
        """Return the function that takes one field's value out of a row."""
        if name in serializer.follows:
            leader, make_of = serializer.follows[name]
            self.attachments[leader] = serializer.attached[leader]
            return lambda row, hanging: make_of(hanging[leader].get(row[0]))
        if attach := serializer.attached.get(name):
            self.attachments[name] = attach
            return lambda row, hanging: hanging[name].get(row[0])
        if isinstance(field, RowSerializer):
            return self._maker_of_object(field, prefix)
        if isinstance(field, MadeField):
            places = [self._place(prefix + path) for path in field.paths]
            make = field.make
            return lambda row, hanging: make(*(row[place] for place in places))
        place = self._place(prefix + (field.source or name))
        if convert := _conversion(field):
            return lambda row, hanging: convert(row[place])
        return lambda row, hanging: row[place]

    def _maker_of_object(
        self, serializer: RowSerializer, prefix: str
    ) -> Callable[[Row, Mapping[str, Any]], Any]:
        """Return the function that makes an object of columns of the same row."""
        makers = [
            (name, self._maker(name, field, type(serializer), prefix))
            for name, field in serializer.fields.items()
        ]
        return lambda row, hanging: {name: make(row, hanging) for name, make in makers}

    def _place(self, path: str) -> int:
        """Return where in a row the column stands, asking for it at first use."""
        return self._places.setdefault(path, len(self._places))


def attached_rows(
    serializer: type[RowSerializer], rows: Callable[[], Any], owner: str
) -> Attachment:
    """Return the attachment that gives each owner its rows, in the order of the queryset.

    `rows` makes the queryset, public rows only; `owner` is the column that holds the owner's id.
    """

    def attach(ids: Collection[int], today: date) -> Mapping[int, Any]:
        reader = RowReader(serializer, order=[owner])
        page = reader.read(rows().filter(**{f"{owner}__in": ids}), today)
        found: dict[int, list[Values]] = {pk: [] for pk in ids}
        for row, (pk,) in zip(page.rows, page.positions, strict=True):
            found[pk].append(row)
        return found

    return attach


def attached_names(rows: Callable[[], Any], owner: str, column: str) -> Attachment:
    """Return the attachment that gives each owner one column of its rows as a list."""

    def attach(ids: Collection[int], today: date) -> Mapping[int, Any]:
        found: dict[int, list[Any]] = {pk: [] for pk in ids}
        for pk, name in rows().filter(**{f"{owner}__in": ids}).values_list(owner, column):
            found[pk].append(name)
        return found

    return attach


def _conversion(field: Any) -> Callable[[Any], Any] | None:
    """Return how a column's value becomes JSON; None where it is JSON already."""
    match field:
        case serializers.DateTimeField():
            return _moment
        case serializers.DateField() | serializers.DecimalField():
            return plain
        case serializers.ChoiceField() if field.allow_null:
            # The database keeps "nothing chosen" as an empty text; in JSON nothing is null.
            return _or_null
    return None


def _moment(value: datetime | None) -> str | None:
    return timestamp(value) if value else None


def _or_null(value: str) -> str | None:
    return value or None
