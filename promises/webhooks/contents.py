"""What an entry of the ledger may say to the public today: the changes feed and webhooks ask here.

What has been withdrawn since, or is not public yet, is left out of older entries.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from promises.evidence.models import Evidence
from promises.ledger.models import Entry
from promises.metrics.models import Metric
from promises.officials.models import Person
from promises.pledges.models import Pledge, PledgeTranslation
from promises.record_requests.models import RecordRequest
from promises.updates.models import Response, StatusUpdate

TOMBSTONE = ":retracted"
# The records that can be withdrawn, by the column in which a row names them.
NAMED: Mapping[str, Callable[[], Any]] = {
    "pledge": Pledge.objects.published,
    "pledge_translation": PledgeTranslation.objects.published,
    "evidence": Evidence.objects.published,
    "status_update": StatusUpdate.objects.published,
    "response": Response.objects.published,
    "person": Person.objects.published,
    "metric": Metric.objects.published,
    "record_request": RecordRequest.objects.published,
}
ALSO_NAMED = {"successor": "person"}
Name = tuple[str, str]


def _names_in(kind: str, row: Mapping[str, Any]) -> Iterator[Name]:
    """Yield the records a public row names, its own among them: (kind, slug)."""
    if kind in NAMED:
        yield kind, row["slug"]
    for column, value in row.items():
        named = ALSO_NAMED.get(column, column)
        if named in NAMED and value:
            yield named, value


def _public(names: Iterable[Name]) -> set[Name]:
    """Return those of the records that are public now, in one query for each kind."""
    slugs: dict[str, set[str]] = {}
    for kind, slug in names:
        slugs.setdefault(kind, set()).add(slug)
    return {
        (kind, slug)
        for kind, wanted in slugs.items()
        for slug in NAMED[kind]().filter(slug__in=wanted).values_list("slug", flat=True)
    }


def public_contents(editions: Collection[int], today: date) -> Mapping[int, Any]:
    """Return what each entry says, without what is no longer, or not yet, public.

    A tombstone is always shown: it holds the name of what was withdrawn, and why.
    """
    entries = Entry.objects.filter(pk__in=editions)
    parsed = {
        entry.edition: (entry, json.loads(entry.data))
        for entry in entries.only("edition", "event", "subject", "pledge", "data")
    }
    rows = {
        edition: [(row, set(_names_in(kind, row))) for kind, row in _rows_of(entry.event, data)]
        for edition, (entry, data) in parsed.items()
    }
    public = _public(name for found in rows.values() for _, names in found for name in names)
    contents = {}
    for edition, (entry, data) in parsed.items():
        hidden = [row for row, names in rows[edition] if not names <= public]
        contents[edition] = _shown(entry, data, hidden)
    return contents


def _rows_of(event: str, data: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the public rows an entry holds, with their kind; none for a tombstone."""
    kind = event.split(":")[0]
    if event.endswith(TOMBSTONE):
        return []
    if kind == "stale_flags":
        return [("stale_flag", row) for row in data["stale_flags"]]
    return [(kind, data)]


def _shown(entry: Entry, data: dict[str, Any], hidden: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the public content of an entry of which some rows are hidden."""
    content = {"subject": entry.subject, "pledge": entry.pledge or None, "is_withheld": False}
    if not hidden:
        return {**content, "data": data}
    if "stale_flags" in data:
        rest = [row for row in data["stale_flags"] if row not in hidden]
        return {**content, "is_withheld": True, "data": {"stale_flags": rest}}
    return {"subject": None, "pledge": None, "is_withheld": True, "data": None}
