"""What an entry of the ledger may say to the public today: the changes feed and webhooks ask here.

What has been withdrawn since, or is not public yet, is left out of older entries.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from promises.evidence.models import Evidence
from promises.ledger.models import Entry
from promises.metrics.models import Metric
from promises.officials.models import Person
from promises.officials.rules import AFTER_NAME
from promises.pledges.models import Pledge, PledgeTranslation
from promises.record_requests.models import RecordRequest
from promises.updates.models import Response, StatusUpdate
from promises.updates.rules import NAMING_PEOPLE

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
# Columns that are empty where what they name is not public, by the kind of row: the row stays.
EMPTIED: Mapping[str, Collection[str]] = {
    "term": {"successor"},
    "response": {"evidence"},
    "challenge": {"status_update"},
}
# Words of a correction that name a person: what they name is public unless that one is withdrawn.
WORDS = "words"
Name = tuple[str, str]


@dataclass(frozen=True)
class _Told:
    """A public row of an entry, and the records it names: it goes with them, or is emptied."""

    row: Mapping[str, Any]
    needed: Mapping[str, Name]
    emptied: Mapping[str, Name]

    def is_hidden(self, public: Collection[Name]) -> bool:
        """Return whether something without which the row is not public is not."""
        return any(name not in public for name in self.needed.values())

    def shown(self, public: Collection[Name]) -> dict[str, Any]:
        """Return the row without what it names that is not public."""
        empty = {column: None for column, name in self.emptied.items() if name not in public}
        return {**self.row, **empty}


def _told(kind: str, row: Mapping[str, Any]) -> _Told:
    """Return a row with the records it names, its own among them."""
    names = {
        column: (named, value)
        for column, value in row.items()
        if value and (named := ALSO_NAMED.get(column, column)) in NAMED
    }
    if kind in NAMED:
        names["slug"] = kind, row["slug"]
    emptied = EMPTIED.get(kind, ())
    if kind == "correction" and row["field"] in NAMING_PEOPLE:
        names |= {column: (WORDS, row[column]) for column in ("old_text", "new_text")}
    return _Told(
        row,
        needed={column: name for column, name in names.items() if column not in emptied},
        emptied={column: name for column, name in names.items() if column in emptied},
    )


def _public(names: Iterable[Name]) -> set[Name]:
    """Return those of the records that are public now, in one query for each kind."""
    slugs: dict[str, set[str]] = {}
    for kind, slug in names:
        slugs.setdefault(kind, set()).add(slug)
    texts = slugs.pop(WORDS, set())
    gone = set(Person.objects.withdrawn_names().values_list("name", flat=True)) if texts else set()
    begins = tuple(name + AFTER_NAME for name in gone)
    plain = {(WORDS, text) for text in texts if not (text + AFTER_NAME).startswith(begins)}
    return plain | {
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
        edition: [_told(kind, row) for kind, row in _rows_of(entry.event, data)]
        for edition, (entry, data) in parsed.items()
    }
    every = [told for found in rows.values() for told in found]
    public = _public(
        name for told in every for name in (*told.needed.values(), *told.emptied.values())
    )
    return {
        edition: _shown(entry, data, rows[edition], public)
        for edition, (entry, data) in parsed.items()
    }


def _rows_of(event: str, data: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the public rows an entry holds, with their kind; none for a tombstone."""
    kind = event.split(":")[0]
    if event.endswith(TOMBSTONE):
        return []
    if kind == "stale_flags":
        return [("stale_flag", row) for row in data["stale_flags"]]
    return [(kind, data)]


def _shown(
    entry: Entry, data: dict[str, Any], rows: list[_Told], public: Collection[Name]
) -> dict[str, Any]:
    """Return the public content of an entry."""
    content = {"subject": entry.subject, "pledge": entry.pledge or None}
    rest = [told.shown(public) for told in rows if not told.is_hidden(public)]
    if rest == [told.row for told in rows]:
        return {**content, "is_withheld": False, "data": data}
    if "stale_flags" in data:
        return {**content, "is_withheld": True, "data": {"stale_flags": rest}}
    if rest:
        return {**content, "is_withheld": True, "data": rest[0]}
    return {"subject": None, "pledge": None, "is_withheld": True, "data": None}
