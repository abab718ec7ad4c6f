"""Which tables a copy holds, and which rows go with which: for the client that is handed out."""

from django.db.models import Model

from promises.api.client.mirror import Mirrored
from promises.captures.columns import CAPTURE_WAIVERS
from promises.common.columns import Table
from promises.editorial.models import Editorial
from promises.packages.leaving import AUTHORS, LEAVING, STANDINGS, leaving_columns
from promises.packages.tables import leaf
from promises.record_requests.columns import RECORD_REQUEST_PLEDGES, RECORD_REQUESTS
from promises.updates.columns import APPROVALS, CORRECTIONS
from promises.webhooks.contents import EMPTIED

# What is worked out from other tables stands in packages, and in no entry of the ledger.
MIRRORED = tuple(table for table in LEAVING if table not in (STANDINGS, AUTHORS))
# Tables whose key may occur twice, as two people may sign alike: what else tells rows apart.
_MORE_KEYS = {APPROVALS: ("approved_at",), CORRECTIONS: ("pledge", "status_update", "evidence")}
# Rows that are public only beside a row of another table.
_NEEDS = {RECORD_REQUESTS: RECORD_REQUEST_PLEDGES}
# Rows that end, and are then shown no more: the column that says so.
_OVER_WHEN = {CAPTURE_WAIVERS: "ended_at"}


def mirrored() -> list[Mirrored]:
    """Return the tables of a copy, in the order of the package."""
    return [_mirrored(table) for table in MIRRORED]


def _mirrored(table: Table) -> Mirrored:
    emptied = EMPTIED.get(table.kind, frozenset())
    named = {
        column.name: target
        for column in leaving_columns(table)
        if (target := _withdrawable(table.model, column.source))
    }
    needs = _NEEDS.get(table)
    return Mirrored(
        name=table.name,
        kind=table.kind,
        columns=tuple(column.name for column in leaving_columns(table)),
        key=(*table.key, *_MORE_KEYS.get(table, ())),
        goes_with={name: target for name, target in named.items() if name not in emptied},
        emptied_with={name: target for name, target in named.items() if name in emptied},
        needs=needs.name if needs else "",
        over_when=_OVER_WHEN.get(table, ""),
    )


def _withdrawable(model: type[Model], path: str) -> str:
    """Return the table of what a column names if that can be withdrawn, else ""."""
    name, _, rest = path.partition("__")
    if rest != "slug":
        return ""
    leaf(model, path)
    related = model._meta.get_field(name).related_model
    if not isinstance(related, type) or not issubclass(related, Editorial):
        return ""
    return next(table.name for table in MIRRORED if table.model is related)
