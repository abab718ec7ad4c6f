"""The parameters of a query: declared once, read strictly, described in the schema."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db.models import F, Model, QuerySet
from django.http import QueryDict

from promises.api.deprecating import Deprecated
from promises.api.problems import (
    BAD_VALUE,
    MISSING_PARAMETER,
    UNKNOWN_PARAMETER,
    ProblemError,
)
from promises.api.values import BadValueError, Several, Slug, Value, nearest_of
from promises.common.prepared import IsAny, Prepared

Rows = QuerySet[Any, Any]
# Takes the rows, the value of the parameter and today; returns fewer rows.
Narrow = Callable[[Any, Any, date], Any]
NAMES = Several(Slug())


@dataclass(frozen=True)
class Parameter:
    """One parameter of a query: its name, how its value is written, what it does."""

    name: str
    value: Value
    about: str
    is_required: bool = field(default=False, kw_only=True)
    deprecated: Deprecated | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Filter(Parameter):
    """A parameter that keeps some of the rows of a list."""

    narrow: "Narrow | Among" = field(kw_only=True)


@dataclass(frozen=True)
class Among:
    """Keeps rows found through another table, each row once.

    `pairs` makes the public rows of that table, `lookup` picks among them, `column` holds the id
    of the row that is kept. Filters through the same table mean the same row of it: evidence
    that contradicts *this* pledge.
    """

    pairs: Callable[[], Rows]
    lookup: str
    column: str


@dataclass(frozen=True)
class By:
    """Keeps rows by an ORM lookup of columns of their own."""

    lookup: str

    def __call__(self, rows: Any, value: Any, today: date) -> Any:
        """Return fewer rows."""
        return self.keep(rows, value)

    def keep(self, rows: Any, value: Any) -> Any:
        """Return the rows with this value, or with one of these."""
        return rows.filter(**{self.lookup: value})


by = By


@dataclass(frozen=True)
class ByName:
    """Keeps the rows whose link at `path` is to one of the records with these slugs.

    Asks first which they are: the planner does not know which rows belong to a name, and for one
    that few have, or none, it would walk the whole list in its order. In a tree of topics those
    below them count too.
    """

    path: str
    is_tree: bool = False

    def __call__(self, rows: Any, value: list[str], today: date) -> Any:
        """Return fewer rows."""
        return self.keep(rows, self.numbers(rows.model, value))

    def keep(self, rows: Any, numbers: list[int]) -> Any:
        """Return the rows that are linked to the records with these ids."""
        return rows.filter(IsAny(F(self.path), numbers)) if numbers else rows.none()

    def numbers(self, model: type[Model], names: list[str]) -> list[int]:
        """Return the ids of the records with these slugs, which rows of a model may link to."""
        return _numbers(model, self.path, self.is_tree)(*dict.fromkeys(names))


@cache
def _numbers(model: Any, path: str, is_tree: bool) -> Prepared:
    """Return the query for the ids of the records that a link of a model leads to, by slugs."""
    for link in path.split("__"):
        model = model._meta.get_field(link).related_model
    records = model._default_manager

    def build(*names: str) -> Any:
        found = records.and_below(names) if is_tree else records.filter(slug__in=names)
        return found.order_by().values_list("pk", flat=True)

    return Prepared(build)


def named(name: str, path: str, about: str) -> Filter:
    """Return the filter that keeps the rows whose record at `path` has one of these slugs."""
    return Filter(name, NAMES, about, narrow=_keeping(f"{path}__in"))


def under_topic(path: str, about: str) -> Filter:
    """Return the filter `topic`: rows whose topic at `path` is one of these, or below one."""
    return Filter("topic", NAMES, about, narrow=_keeping(f"{path}__below"))


def _keeping(lookup: str) -> By | ByName:
    """Return what keeps rows by a lookup; `below` means topics, and those below them."""
    path, _, kind = lookup.rpartition("__")
    if kind == "below":
        return ByName(path, is_tree=True)
    link = path.removesuffix("__slug")
    return ByName(link) if kind == "in" and link != path else By(lookup)


def narrowed(rows: Any, filters: Sequence[Filter], asked: Mapping[str, Any], today: date) -> Any:
    """Return the rows that every filter with a value keeps."""
    through: dict[tuple[Callable[[], Rows], str], dict[str, Any]] = {}
    for filter_ in filters:
        if filter_.name not in asked:
            continue
        narrow, value = filter_.narrow, asked[filter_.name]
        if isinstance(narrow, Among):
            through.setdefault((narrow.pairs, narrow.column), {})[narrow.lookup] = value
        else:
            rows = narrow(rows, value, today)
    for (pairs, column), lookups in through.items():
        found = pairs()
        for lookup, value in lookups.items():
            found = _keeping(lookup)(found, value, today)
        rows = rows.filter(pk__in=found.values(column))
    return rows


def read_query(query: QueryDict, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """Return the values of a query by name, without those that are not given.

    Raises ProblemError for an unknown, doubled, bad or missing one.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name in query:
        if name not in known:
            raise _unknown(name, list(known))
    values = {name: _read(known[name], query.getlist(name)) for name in query}
    for parameter in parameters:
        if parameter.is_required and parameter.name not in values:
            raise ProblemError(
                MISSING_PARAMETER,
                f"Add the parameter {parameter.name}: {parameter.about}",
                parameter=parameter.name,
            )
    return values


def bad_value(
    name: str, value: str, detail: str, allowed: Sequence[str] = ()
) -> ProblemError:  # fmt: skip
    """Return the problem of a parameter with a value it cannot have."""
    more = {"allowed": list(allowed)} if allowed else {}
    return ProblemError(
        BAD_VALUE, f"{name} cannot be {value!r}. {detail}", parameter=name, value=value, **more
    )


def _unknown(name: str, known: list[str]) -> ProblemError:
    nearest = nearest_of(name, known)
    hint = f" Did you mean {nearest}?" if nearest else "" if known else " There are none here."
    return ProblemError(
        UNKNOWN_PARAMETER,
        f"There is no parameter {name!r} here.{hint}",
        parameter=name,
        nearest=nearest,
        allowed=known,
    )


def _read(parameter: Parameter, texts: Sequence[str]) -> Any:
    """Return the value of one parameter."""
    if len(texts) > 1:
        raise bad_value(
            parameter.name, "&".join(texts), "Give it once; separate several values by commas."
        )
    try:
        return parameter.value.read(texts[0])
    except BadValueError as error:
        raise bad_value(parameter.name, texts[0], error.detail, error.allowed) from error
