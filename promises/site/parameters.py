"""What readers may put behind the question mark of an address, and what they are told if not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from promises.common.text import UNREADABLE
from promises.site.serving import BadAddressError, ElsewhereError

PAGE_SIZE = 50
# In a list of so many rows, or from this row on, a page is first looked for by numbers alone: to
# sort whole rows, or pass them, takes twice to three times as long.
LONG = 5000
LONGEST_SEARCH = 200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Parameters:
    """The query string of a request, read value by value; `faults` collects what is wrong.

    Names that mean nothing here are left alone: shared links arrive with other sites' marks.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.values = request.GET
        self.faults: list[str] = []

    def one_of(self, name: str, allowed: Mapping[str, Any]) -> str:
        """Return the value if it is one of `allowed`, "" if there is none, else note a fault."""
        value = self._single(name)
        if value and value not in allowed:
            self.faults.append(_unknown(name, value))
            return ""
        return value

    def words(self, name: str) -> str:
        """Return the words of a search, or note why they cannot be looked for."""
        value = self._single(name).strip()
        if UNREADABLE.search(value):
            self.faults.append(_("The search holds an invisible control character."))
            return ""
        if len(value) > LONGEST_SEARCH:
            self.faults.append(
                _("The search is longer than %(longest)d characters.") % {"longest": LONGEST_SEARCH}
            )
            return ""
        return value

    def day(self, name: str) -> date | None:
        """Return a day written as 2026-03-02, None if there is none, else note a fault."""
        value = self._single(name)
        if not value:
            return None
        try:
            if not _DAY.fullmatch(value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.faults.append(
                _("“%(value)s” is no day. Write it as year-month-day: 2026-03-02.")
                % {"value": _shown(value)}
            )
            return None

    def _single(self, name: str) -> str:
        given = [value for value in self.values.getlist(name) if value]
        if len(given) > 1:
            self.faults.append(_("“%(name)s” is given more than once.") % {"name": name})
            return ""
        return given[0] if given else ""


def named_in(request: HttpRequest, kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Return what the query names, as kind and public name. Raises BadAddressError."""
    named = [(kind, slug) for kind in kinds for slug in request.GET.getlist(kind) if slug]
    for kind, slug in named:
        if UNREADABLE.search(slug):
            raise BadAddressError(_unknown(kind, slug))
    return named


def _unknown(name: str, value: str) -> str:
    words = _("“%(value)s” is not a known value of “%(name)s”.")
    return words % {"value": _shown(value), "name": name}


def _shown(value: str) -> str:
    """Return a reader's own value as the message may repeat it: short and printable."""
    return UNREADABLE.sub("�", value[:60])


@dataclass(frozen=True)
class Listing:
    """One page of a list: its rows, where they stand in the whole, and the way on."""

    rows: list[Any]
    total: int
    first: int
    last: int
    number: int
    pages: int
    previous: str
    next: str


def listing(
    request: HttpRequest,
    rows: QuerySet[Any] | Sequence[Any],
    size: int = PAGE_SIZE,
    *,
    total: int | None = None,
    counted: QuerySet[Any] | None = None,
) -> Listing:
    """Return the page of `rows`, which have a stable order, that `?page=` asks for.

    Two queries: the count, unless the total is known, and the rows; one more in a long list.
    `counted` are the ids of the same rows in the same order, written so that many are soon passed.
    Raises BadAddressError for what is not a page number and ElsewhereError for a page beyond the
    last.
    """
    paginator: Paginator[Any] = Paginator(rows if counted is None else counted, size)
    if total is not None:
        paginator.count = total
    number = _page_number(request)
    if number > paginator.num_pages:
        raise ElsewhereError(
            _("There is no page %(number)d: the last one is page %(last)d.")
            % {"number": number, "last": paginator.num_pages},
            query=_query_of(request, paginator.num_pages),
            words=_("Go to the last page of this list"),
        )
    page = paginator.page(number)
    first, end = max(page.start_index(), 1) - 1, page.end_index()
    return Listing(
        rows=_slice(rows, first, end, paginator.count, counted=counted),
        total=paginator.count,
        first=page.start_index(),
        last=page.end_index(),
        number=number,
        pages=paginator.num_pages,
        previous=_query_of(request, number - 1) if page.has_previous() else "",
        next=_query_of(request, number + 1) if page.has_next() else "",
    )


def uncounted(request: HttpRequest, rows: QuerySet[Any]) -> tuple[list[Any], str]:
    """Return the rows of the page that `?page=` asks for, and the query of the next one or "".

    One query, two far into the list: nobody is told how many there are. Raises as `listing` does.
    """
    number = _page_number(request)
    first = (number - 1) * PAGE_SIZE
    found = _slice(rows, first, first + PAGE_SIZE + 1)
    if not found and number > 1:
        return listing(request, rows).rows, ""
    is_last = len(found) <= PAGE_SIZE
    return found[:PAGE_SIZE], "" if is_last else _query_of(request, number + 1)


def _slice(
    rows: Any, first: int, end: int, total: int = 0, *, counted: QuerySet[Any] | None = None
) -> list[Any]:
    """Return these rows of a list; of a long one the others are counted, not made.

    Where the total is known and the end is nearer they are counted from there. Which rows these
    are is a query by itself: as a part of the other one PostgreSQL makes all rows of the list.
    """
    if max(end, total) < LONG or not isinstance(rows, QuerySet):
        return list(rows[first:end])
    ids = rows.values_list("pk", flat=True) if counted is None else counted
    is_near_the_end = first + end > total > 0
    numbers = ids.reverse()[total - end : total - first] if is_near_the_end else ids[first:end]
    return list(rows.filter(pk__in=list(numbers)))


def _page_number(request: HttpRequest) -> int:
    value = request.GET.get("page", "") or "1"
    if not (value.isascii() and value.isdecimal() and len(value) < 10 and int(value) > 0):
        raise BadAddressError(
            _("“%(value)s” is not a page number: pages are counted from 1.")
            % {"value": _shown(value)}
        )
    return int(value)


def _query_of(request: HttpRequest, number: int) -> str:
    """Return the query string of another page of the same list."""
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
