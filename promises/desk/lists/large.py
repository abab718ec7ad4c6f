"""Lists that open alike at twenty rows and at two hundred thousand.

Django's list counts every row, skips all rows before the page, and sorts by any column. Here
pages follow a key (so they are stable while rows arrive), long lists are counted by the planner's
estimate, and only columns with an index sort.
"""

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import BooleanField, F, Func, IntegerField, QuerySet, Subquery, Value
from django.http import HttpRequest, QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from promises.common.numbers import FEW_DIGITS, whole_number
from promises.common.text import is_storable
from promises.desk.amounts import counted

if TYPE_CHECKING:
    StockAdmin = admin.ModelAdmin[Any]
    StockPaginator = Paginator[Any]
    StockPage = Page[Any]
else:
    StockAdmin, StockPaginator, StockPage = object, Paginator, Page

# Up to here rows are counted one by one; beyond, the planner's estimate is shown as one.
COUNTED = 1000
# The parameters of a page: it begins after, or ends before, the row with this key.
AFTER, BEFORE = "after", "before"


class CappedCount(Subquery):
    """How many rows there are, counted no further than a limit; computed once for a query."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any], limit: int) -> None:
        super().__init__(rows.order_by().values("pk")[:limit])


class _Row(Func):
    function = "ROW"
    output_field = BooleanField()


class _Follows(Func):
    """`ROW(a, b) > ROW(x, y)`: one step into an index, unlike the same written with OR."""

    template = "%(expressions)s"
    output_field = BooleanField()


@dataclass(frozen=True)
class Place:
    """Where a page begins or ends: the key of the row beside it."""

    key: list[Any]
    is_backward: bool

    @classmethod
    def of(cls, given: QueryDict) -> "Place | None":
        """Return the place that an address names. Raises IncorrectLookupParameters."""
        name = next((name for name in (AFTER, BEFORE) if given.get(name)), None)
        if name is None:
            return None
        try:
            written = str(given[name]).encode("ascii")
            key = json.loads(base64.b64decode(written + b"==", altchars=b"-_"))
        except (ValueError, RecursionError) as error:
            raise IncorrectLookupParameters(error) from error
        if not isinstance(key, list) or not all(
            isinstance(part, str) and is_storable(part) for part in key
        ):
            raise IncorrectLookupParameters(name)
        return cls(key, name == BEFORE)


def written_place(key: list[Any]) -> str:
    """Return a key as it stands in an address."""
    packed = json.dumps([str(part) for part in key], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


class LongList(ChangeList):
    """Django's list with pages by key, and a count that never reads the whole table."""

    def __init__(self, request: HttpRequest, *args: Any, **given: Any) -> None:
        self.place = Place.of(request.GET)
        super().__init__(request, *args, **given)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        """Keep the place out of the filters: a changed filter starts from the first page."""
        for name in (AFTER, BEFORE):
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        return super().get_queryset(request, exclude_parameters)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Order by one column and the primary key, both the same way: a key of the index."""
        columns = self.get_ordering_field_columns()
        if not columns:
            return list(self.model_admin.get_ordering(request))
        ((column, way),) = columns.items()
        sign = "-" if way == "desc" else ""
        return [f"{sign}{self.get_ordering_field(self.list_display[column])}", f"{sign}pk"]

    def get_ordering_field_columns(self) -> dict[int, Any]:
        """Return the one column that was asked for and may sort, with its direction."""
        asked, *_others = str(self.params.get(ORDER_VAR, "")).split(".")
        number = whole_number(asked.removeprefix("-"))
        if number is None or number >= len(self.list_display):
            return {}
        name = self.list_display[number]
        if name not in (self.sortable_by or ()) or not self.get_ordering_field(name):
            return {}
        return {number: "desc" if asked.startswith("-") else "asc"}

    def get_results(self, request: HttpRequest) -> None:
        """Read one page and what its neighbours are. One query, and one for the estimate."""
        ordering = self.get_ordering(request, self.queryset)
        is_backward = self.place is not None and self.place.is_backward
        # Behind the page lies what sorts higher: later in an ascending list read forwards.
        is_falling = ordering[0].startswith("-") != is_backward
        keys = {f"key_{n}": F(name.removeprefix("-")) for n, name in enumerate(ordering)}
        rows = self.queryset.annotate(**keys, counted=CappedCount(self.queryset, COUNTED + 1))
        if self.place is not None:
            rows = _beyond(rows, list(keys), self.place.key, "<" if is_falling else ">")
        sign = "-" if is_falling else ""
        found = list(rows.order_by(*(sign + key for key in keys))[: self.list_per_page + 1])
        has_more = len(found) > self.list_per_page
        shown = found[: self.list_per_page]
        if is_backward:
            shown.reverse()
        has_next, has_previous = has_more, self.place is not None
        if is_backward:
            has_next, has_previous = True, has_more
        self._count(found)
        self.result_list: Any = shown
        self.next_address = self._address(AFTER, shown[-1:], keys) if has_next else ""
        self.previous_address = self._address(BEFORE, shown[:1], keys) if has_previous else ""
        self.first_address = self.get_query_string() if self.place is not None else ""
        self._without_numbered_pages()

    def _address(self, name: str, beside: list[Any], keys: dict[str, Any]) -> str:
        """Return the address of the page after or before a row."""
        if not beside:
            return ""
        key = [getattr(beside[0], part) for part in keys]
        return self.get_query_string({name: written_place(key)})

    def _count(self, found: list[Any]) -> None:
        """Take the exact count of a short list, or the planner's estimate of a long one."""
        plan = self.queryset.order_by().values("pk").explain(format="json")
        # A search that can find nothing is not even planned.
        estimate = int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0
        if found:
            counted = found[0].counted
        else:
            # Beyond the last page nothing tells how many there are.
            counted = self.queryset.order_by()[: COUNTED + 1].count() if self.place else 0
        self.is_exact = counted <= COUNTED
        self.result_count = counted if self.is_exact else max(counted, estimate)

    @property
    def count_in_words(self) -> str:
        """How many rows there are, as people should read it."""
        if self.is_exact:
            return number_format(self.result_count, force_grouping=True)
        digits = max(len(str(self.result_count)) - 2, 0)
        rounded = number_format(round(self.result_count, -digits), force_grouping=True)
        return _("about %(count)s") % {"count": rounded}

    @property
    def counted_in_words(self) -> str:
        """How many of what there are."""
        return counted(self.model, self.count_in_words)

    def _without_numbered_pages(self) -> None:
        """Tell Django's templates that there is nothing to number and no page of everything."""
        self.multi_page = self.can_show_all = self.show_full_result_count = False
        self.show_admin_actions = True
        self.full_result_count = self.paginator = None


def _beyond(rows: Any, names: list[str], key: list[str], sign: str) -> Any:
    """Keep the rows on the far side of a key. Raises IncorrectLookupParameters."""
    fields = [rows.query.annotations[name].output_field for name in names]
    try:
        values = [
            Value(field.to_python(part), output_field=field)
            for field, part in zip(fields, key, strict=True)
        ]
    except (ValueError, ValidationError) as error:
        raise IncorrectLookupParameters(error) from error
    # The first column alone says nothing new, but is where an index of another table can start.
    near = {f"{names[0]}__{'lte' if sign == '<' else 'gte'}": values[0]}
    columns, place = _Row(*map(F, names)), _Row(*values)
    return rows.filter(_Follows(columns, place, arg_joiner=f" {sign} "), **near)


class PeekingPaginator(StockPaginator):
    """Pages of an autocomplete: one row more than shown says whether there is another page."""

    def page(self, number: int | str) -> StockPage:
        """Return a page without counting. Raises EmptyPage for what is the number of none."""
        asked = whole_number(str(number), FEW_DIGITS)
        if not asked:
            raise EmptyPage
        start = (asked - 1) * self.per_page
        rows: Any = self.object_list[start : start + self.per_page + 1]
        return _PeekedPage(list(rows), asked, self)


class _PeekedPage(StockPage):
    def __init__(self, rows: list[Any], number: int, paginator: PeekingPaginator) -> None:
        super().__init__(rows[: paginator.per_page], number, paginator)
        self._has_next = len(rows) > paginator.per_page

    def has_next(self) -> bool:
        return self._has_next


class WithLongList(StockAdmin):
    """An admin whose list, search and autocomplete answer alike at any size.

    `ordering` goes one way in all its columns, which are never empty, and ends with the primary
    key. `sortable_by` names the columns that have an index for it: none unless given.
    """

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by: ClassVar[Any] = ()
    paginator = PeekingPaginator

    def get_changelist(self, request: HttpRequest, **given: Any) -> type[ChangeList]:
        """Use the list of this file."""
        return LongList

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Ask the index of the record's words, where it has one; small tables are read."""
        if not hasattr(queryset, "with_words"):
            return super().get_search_results(request, queryset, search_term)
        found = queryset.with_words(search_term) if search_term.strip() else queryset
        return found, False
