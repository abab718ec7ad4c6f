"""What all resources have in common: a list with filters, order and cursor, and a detail."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from promises.api.callers import READING
from promises.api.deprecating import Deprecated, tell
from promises.api.operations import Operation, envelope
from promises.api.paging import LONGEST_CURSOR, Order, Page, page_of, read_cursor, read_page
from promises.api.parameters import Filter, Parameter, narrowed, read_query
from promises.api.plans import first_page, plain
from promises.api.reading import ReadOnly, answer
from promises.api.rows import RowReader, RowSerializer, Values
from promises.api.sheets import FORMAT, MOST_ROWS, CSVRenderer, csv_answer, too_many_rows
from promises.api.values import Number, OneOf, Opaque, Several
from promises.common.dates import utc_date
from promises.serving.marks import shows_work
from promises.serving.rules import canonical_query

PAGE_SIZE = 50
LARGEST_PAGE = 200


class Resource(ReadOnly, ViewSet):
    """One resource: what its rows look like, in which orders and by which filters they come.

    Subclasses give the class variables and `rows`, which are public rows and nothing else.
    """

    # Its name in addresses.
    section: ClassVar[str]
    serializer: ClassVar[type[RowSerializer]]
    # Where the detail says more than the list.
    detail_serializer: ClassVar[type[RowSerializer] | None] = None
    # The first is the one a list has unless another is asked for.
    orders: ClassVar[Sequence[Order]]
    filters: ClassVar[Sequence[Filter]] = ()
    # The address of one row below the list, and what its parts are.
    route: ClassVar[str] = "<slug:slug>"
    parts: ClassVar[Mapping[str, str]] = {"slug": "Public name of the record."}
    permission_classes = READING
    # Whether its list can be had as CSV.
    has_csv: ClassVar[bool] = True
    # Whether it shows what machines write all day, and not the record alone.
    is_of_work: ClassVar[bool] = False
    # Whether its queries are made once (promises/api/plans.py): rows depend on nothing else then.
    is_planned: ClassVar[bool] = False
    deprecated: ClassVar[Deprecated | None] = None

    def operation(self) -> Operation:
        """Return how the schema describes the list, or the detail."""
        name = self.section.replace("-", "_")
        if self.action == "show_list":
            return Operation(
                name=f"list_{name}",
                tag=self.section,
                summary=f"List {self.section}",
                query=self.list_parameters(),
                answer=envelope(self.serializer),
                is_list=True,
                has_csv=self.has_csv,
                deprecated=self.deprecated,
            )
        return Operation(
            name=f"get_{name}",
            tag=self.section,
            summary=f"Show one of {self.section}",
            path=self.parts,
            query=self.detail_parameters(),
            answer=self.detail_serializer or self.serializer,
            deprecated=self.deprecated,
        )

    def finalize_response(self, request: Any, response: Any, *args: Any, **parts: Any) -> Any:
        """Say in the headers what the answer involves that is on its way out."""
        found = super().finalize_response(request, response, *args, **parts)
        # A query that cannot be understood asks for nothing.
        asked = request.GET.dict() if found.status_code != 400 else {}
        tell(found, list(self._deprecated_in(asked)))
        return found

    def _deprecated_in(self, asked: Mapping[str, str]) -> Iterator[Deprecated]:
        """Yield what is deprecated of what was asked for: resource, parameters, fields."""
        is_list = self.action == "show_list"
        serializer = self.serializer if is_list else self.detail_serializer or self.serializer
        named = asked.get("fields")
        fields = serializer.deprecated if named is None else named.split(",")
        found = [self.deprecated, *(serializer.deprecated.get(name) for name in fields)]
        found += [one.deprecated for one in self.list_parameters() if one.name in asked]
        yield from filter(None, found)

    def rows(self) -> Any:
        """Return the public rows."""
        raise NotImplementedError

    def one(self, **parts: str) -> Any:
        """Return the public row at an address, as a queryset of one or none."""
        return self.rows().filter(**parts)

    def show_list(self, request: Request) -> HttpResponse:
        """Answer with one page of the list."""
        self.mark(request)
        asked = read_query(request.query_params, self.list_parameters())
        if self.wants_csv(request, asked):
            return self.show_csv(request, asked)
        page = self.page(asked, self.order(asked), today())
        neighbours = _neighbours(request, page)
        value = {
            "next": neighbours.get("next"),
            "previous": neighbours.get("prev"),
            "results": page.rows,
        }
        return _linked(answer(value), neighbours)

    def wants_csv(self, request: Request, asked: Mapping[str, Any]) -> bool:
        """Tell whether a list is asked for as CSV: by parameter, else by what is accepted."""
        accepted = request.accepted_renderer.format
        return self.has_csv and bool(asked.get("format", accepted) == "csv")

    def show_csv(self, request: Request, asked: Mapping[str, Any]) -> HttpResponse:
        """Answer with all rows of the list as CSV, or with one page where one is asked for."""
        is_page = "page_size" in asked or "cursor" in asked
        size = asked.get("page_size", PAGE_SIZE) if is_page else MOST_ROWS
        page = self.page({**asked, "page_size": size}, self.order(asked), today())
        if page.next and not is_page:
            raise too_many_rows()
        found = csv_answer(self.serializer, asked.get("fields"), page.rows, self.section)
        return _linked(found, _neighbours(request, page) if is_page else {})

    def get_renderers(self) -> list[Any]:
        """Return what there is to choose from: lists are CSV as well."""
        is_list = self.has_csv and self.action == "show_list"
        return [JSONRenderer(), CSVRenderer()] if is_list else [JSONRenderer()]

    def show_one(self, request: Request, **parts: str) -> HttpResponse:
        """Answer with one row."""
        self.mark(request)
        asked = read_query(request.query_params, self.detail_parameters())
        return answer(self.found(asked, today(), **parts))

    def mark(self, request: Request) -> None:
        """Say from what the answer is made, for whoever keeps it."""
        if self.is_of_work:
            shows_work(request)

    def page(self, asked: Mapping[str, Any], order: Order, today: date) -> Page:
        """Read the page that was asked for."""
        if self.is_planned and "cursor" not in asked and (what := plain(type(self), asked)):
            reader = _reader(self.serializer, asked, order)
            size = asked.get("page_size", PAGE_SIZE)
            resource: Any = type(self)
            find = first_page(resource, what.shape, reader, order, size)
            rows = [] if what.is_of_nothing else find(*what.values)
            found = reader.made_of(rows, today)
            return page_of(found, order=order, cursor=None, size=size)
        rows = narrowed(self.rows(), self.filters, asked, today)
        return self.read_page(rows, self.serializer, asked, order, today)

    def found(self, asked: Mapping[str, Any], today: date, **parts: str) -> Values:
        """Read the row at an address. Raises Http404."""
        serializer = self.detail_serializer or self.serializer
        return self.read_one(self.one(**parts), serializer, asked, today)

    def read_page(
        self,
        rows: Any,
        serializer: type[RowSerializer],
        asked: Mapping[str, Any],
        order: Order,
        day: date,
    ) -> Page:
        """Read the page that was asked for out of these rows, as they are on a day."""
        written = asked.get("cursor")
        return read_page(
            rows,
            reader=_reader(serializer, asked, order),
            order=order,
            cursor=read_cursor(written, order) if written is not None else None,
            size=asked.get("page_size", PAGE_SIZE),
            today=day,
        )

    def read_one(
        self, rows: Any, serializer: type[RowSerializer], asked: Mapping[str, Any], day: date
    ) -> Values:
        """Read the only one of these rows, as it is on a day. Raises Http404."""
        found = reader_of(serializer, _names(asked), ()).read(rows[:1], day).rows
        if not found:
            raise Http404
        return found[0]

    def order(self, asked: Mapping[str, Any]) -> Order:
        """Return the order that was asked for, or the usual one."""
        wanted = asked.get("ordering", self.orders[0].sign)
        order = next(order for order in self.orders if order.name == wanted.lstrip("-"))
        return order if order.sign == wanted else order.turned()

    @classmethod
    def list_parameters(cls) -> list[Parameter]:
        """Return every parameter of the list."""
        signs = tuple(sign for order in cls.orders for sign in (order.name, f"-{order.name}"))
        orders = "; ".join(f"`{order.name}`: {order.about}" for order in cls.orders)
        return [
            *cls.filters,
            Parameter(
                "ordering",
                OneOf(signs, default=cls.orders[0].sign),
                f"Order of the list, with - the other way round. {orders}. Rows without a value"
                " come last; ties are broken by the public name.",
            ),
            _fields_parameter(cls.serializer),
            Parameter(
                "page_size",
                Number(1, LARGEST_PAGE, default=PAGE_SIZE),
                "How many rows a page holds at most.",
            ),
            Parameter(
                "cursor",
                Opaque(LONGEST_CURSOR),
                "Where the page begins. Opaque: take it from `next` or `previous`.",
            ),
            *([FORMAT] if cls.has_csv else []),
        ]

    @classmethod
    def detail_parameters(cls) -> list[Parameter]:
        """Return every parameter of the detail."""
        return [_fields_parameter(cls.detail_serializer or cls.serializer)]


def today() -> date:
    """Return the day the record calls today. What is stale changes when it does."""
    return utc_date(timezone.now())


@lru_cache(maxsize=256)
def reader_of(
    serializer: type[RowSerializer], names: frozenset[str] | None, order: tuple[str, ...]
) -> RowReader:
    """Return the reader of these fields, kept for the next request."""
    return RowReader(serializer, names, order)


def _reader(serializer: type[RowSerializer], asked: Mapping[str, Any], order: Order) -> RowReader:
    return reader_of(serializer, _names(asked), tuple(key.path for key in order.keys))


def _names(asked: Mapping[str, Any]) -> frozenset[str] | None:
    return frozenset(asked["fields"]) if "fields" in asked else None


@lru_cache(maxsize=64)
def _fields_parameter(serializer: type[RowSerializer]) -> Parameter:
    names = tuple(serializer().fields)
    return Parameter(
        "fields",
        Several(OneOf(names)),
        "Only these fields of each row, in the order of the full row. The others are left out, also"
        " those that the schema calls required.",
    )


def _neighbours(request: Request, page: Page) -> dict[str, str]:
    """Return the addresses of the pages beside one, by how they stand to it."""
    cursors = {"next": page.next, "prev": page.previous}
    found = {rel: _address(request, str(cursor)) for rel, cursor in cursors.items() if cursor}
    return {"next": _address(request, None)} if page.starts_over else found


def _linked(response: HttpResponse, neighbours: Mapping[str, str]) -> HttpResponse:
    """Return an answer that names its neighbours in the Link header (RFC 8288)."""
    if neighbours:
        links = [f'<{address}>; rel="{rel}"' for rel, address in neighbours.items()]
        response["Link"] = ", ".join(links)
    return response


def _address(request: Request, cursor: str | None) -> str:
    """Return the public address of this list at another place, one however it was asked for.

    None is its first page.
    """
    query = {**request.query_params.dict(), "cursor": cursor}
    if cursor is None:
        del query["cursor"]
    written = canonical_query(urlencode(query, safe=",:"))
    return f"{settings.SITE_URL}{request.path}" + (f"?{written}" if written else "")
