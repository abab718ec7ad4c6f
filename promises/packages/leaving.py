"""Which rows of which tables leave in a package, and in which order: only what readers may see."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db.models import Case, F, Model, QuerySet, Value, When

from promises.common.columns import Column, Table
from promises.editorial.choices import State
from promises.editorial.models import Editorial
from promises.metrics.columns import METRIC_SOURCES
from promises.officials.columns import ELECTIONS, JURISDICTIONS, OFFICES, RESULT_REPORTS
from promises.packages.dictionary import TABLES
from promises.packages.tables import ORDER
from promises.pledges.columns import GENERAL_TERMS, TOPICS
from promises.pledges.models import Pledge
from promises.record_requests.columns import RECORDS_LAWS
from promises.updates.columns import APPROVALS, METHODOLOGY_VERSIONS
from promises.updates.models import Approval, StatusUpdate

# What the tracker works out or signs itself. A tracker that loads a package works it out anew, so
# it stands beside the tables that travel, not in them.
STANDINGS = Table(
    name="standings",
    kind="standing",
    model=Pledge,
    key=("pledge",),
    about="How each pledge stands, worked out from its status updates.",
    columns=(
        Column("pledge", "The pledge.", "slug"),
        Column("status", "Its rating."),
        Column("status_since", "Since when."),
        Column("status_assessed_on", "The day up to which the evidence was looked at."),
        Column("status_is_provisional", "Whether two editors here have yet to confirm it."),
        Column("confidence", "How sure the editors are."),
    ),
)
AUTHORS = Table(
    name="authors",
    kind="author",
    model=StatusUpdate,
    key=("status_update",),
    about="Who wrote each status update, and whether it was imported.",
    columns=(
        Column("status_update", "The update.", "slug"),
        Column("written_by", "Public name of the person.", "created_by__display_name"),
        Column("is_imported", "Whether it was imported, not written here."),
        Column("published_at", "When it was published here."),
    ),
)
# Tables that leave and are not read in.
ONLY_OUT: tuple[Table, ...] = (
    STANDINGS,
    AUTHORS,
    *(table for table in TABLES if table not in ORDER),
)
LEAVING: tuple[Table, ...] = (*ORDER, *ONLY_OUT)
# Tables every row of which readers may see.
_WHOLLY_PUBLIC = frozenset(
    {
        JURISDICTIONS,
        OFFICES,
        ELECTIONS,
        RESULT_REPORTS,
        TOPICS,
        GENERAL_TERMS,
        METHODOLOGY_VERSIONS,
        METRIC_SOURCES,
        RECORDS_LAWS,
    }
)


def public_rows(table: Table) -> QuerySet[Any, Any]:
    """Return the public rows of a table as tuples of what leaves, oldest first, and their number.

    That is also the order in which a load numbers them, and by which two ratings of one day are
    told apart.
    """
    columns = [_where_public(table.model, column.source) for column in leaving_columns(table)]
    return _public(table).order_by("pk").values_list(*columns, F("pk"))


def public_numbers(table: Table) -> QuerySet[Any, Any]:
    """Return the numbers of the public rows of a table, oldest first."""
    return _public(table).order_by("pk").values_list("pk", flat=True)


@cache
def leaving_columns(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table that leave: what it holds, not what is worked out from it."""
    return tuple(column for column in table.columns if not column.is_derived)


def _public(table: Table) -> QuerySet[Any]:
    """Return the rows that readers may see."""
    if table in _WHOLLY_PUBLIC:
        return table.model._default_manager.all()
    if table is APPROVALS:
        updates = StatusUpdate.objects.published()
        return Approval.objects.filter(
            status_update__in=updates, wording=F("status_update__wording")
        )
    published: Callable[[], QuerySet[Any]] = table.model._default_manager.published  # type: ignore[attr-defined]
    return published()


def _where_public(model: type[Model], path: str) -> Any:
    """Return what reads a column, empty where the row that it names is not public."""
    name, _, rest = path.partition("__")
    target = model._meta.get_field(name).related_model
    if not rest or not isinstance(target, type) or not issubclass(target, Editorial):
        return F(path)
    return Case(When(**{f"{name}__state": State.PUBLISHED}, then=F(path)), default=Value(None))
