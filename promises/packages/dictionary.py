"""The data dictionary: every public table and column with its sentence, as Markdown."""

from collections.abc import Iterator

from promises.captures.columns import CAPTURE_WAIVERS, CAPTURES
from promises.common.columns import Column, Table
from promises.metrics import columns as metrics
from promises.packages.tables import ORDER
from promises.pledges.columns import PLEDGE_TRANSLATIONS
from promises.staleness import columns as staleness
from promises.suggestions.columns import CHALLENGES
from promises.updates import columns as updates

TABLES = (
    *ORDER,
    PLEDGE_TRANSLATIONS,
    CAPTURES,
    CAPTURE_WAIVERS,
    metrics.METRIC_ANNOTATIONS,
    updates.APPROVALS,
    updates.REVIEWS,
    updates.RESPONSES,
    updates.CORRECTIONS,
    CHALLENGES,
    staleness.STALE_FLAGS,
)

INTRODUCTION = """\
# Data model

What the public sees of each table, with a sentence for every column. The seed record in `seeds/`
has the same tables and columns, except those marked *derived*: the database computes them. The
entries of the ledger carry the same rows.

This page is made by `python manage.py data_dictionary`; a test keeps it equal to the code.

![The record in one picture](images/record.svg)
"""


def as_markdown() -> str:
    """Return the whole dictionary as one Markdown page."""
    return "\n".join([INTRODUCTION, *(line for table in TABLES for line in _section(table))])


def _section(table: Table) -> Iterator[str]:
    """Yield the lines about one table."""
    yield f"## {table.name}\n"
    yield f"{table.about} Key: {', '.join(f'`{name}`' for name in table.key)}.\n"
    yield "| column | meaning |"
    yield "|---|---|"
    for column in table.columns:
        yield f"| `{column.name}` | {_meaning(table, column)} |"
    yield ""


def _meaning(table: Table, column: Column) -> str:
    """Return what a column means, where it points, and the values it may take."""
    parts = [column.about]
    choices = getattr(table.model._meta.get_field(column.field), "choices", None)
    if choices and column.path == "":
        parts.append(f"One of {', '.join(f'`{value}`' for value, _ in choices if value)}.")
    if column.is_derived:
        parts.append("*Derived.*")
    return " ".join(parts)
