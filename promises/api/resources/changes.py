"""Changes: the ledger as a feed. What was withdrawn leaves a tombstone, and nothing else."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from rest_framework import serializers

from promises.api.paging import Key, Order, number
from promises.api.parameters import NAMES, Filter, by
from promises.api.resource import Resource
from promises.api.rows import RowSerializer
from promises.api.values import Number, OneOf, Several
from promises.captures.columns import CAPTURE_WAIVERS, CAPTURES
from promises.evidence.columns import EVIDENCE, EVIDENCE_LINKS, RESULT_REPORT_SOURCES
from promises.evidence.models import Evidence
from promises.ledger.models import Entry
from promises.metrics import columns as metrics
from promises.metrics.models import Metric
from promises.officials import columns as officials
from promises.officials.models import Person
from promises.pledges import columns as pledges
from promises.pledges.models import Pledge, PledgeTranslation
from promises.record_requests import columns as record_requests
from promises.record_requests.models import RecordRequest
from promises.suggestions.columns import CHALLENGES
from promises.updates import columns as updates
from promises.updates.models import Response, StatusUpdate

TABLES = (
    officials.JURISDICTIONS, officials.OFFICES, officials.PEOPLE, officials.ELECTIONS,
    officials.CANDIDACIES, officials.RESULT_REPORTS, officials.TERMS,
    pledges.TOPICS, pledges.PLEDGES, pledges.CRITERIA, pledges.PLEDGE_TRANSLATIONS,
    EVIDENCE, EVIDENCE_LINKS, RESULT_REPORT_SOURCES, CAPTURES, CAPTURE_WAIVERS,
    metrics.METRIC_SOURCES, metrics.METRICS, metrics.METRIC_PLEDGES, metrics.OBSERVATIONS,
    updates.METHODOLOGY_VERSIONS, updates.STATUS_UPDATES, updates.CITATIONS, updates.APPROVALS,
    updates.REVIEWS, updates.RESPONSES, updates.CORRECTIONS, CHALLENGES,
    record_requests.RECORDS_LAWS, record_requests.RECORD_REQUESTS,
    record_requests.RECORD_REQUEST_PLEDGES, record_requests.RECORD_REQUEST_DOCUMENTS,
    record_requests.RECORD_REQUEST_EXTENSIONS,
)  # fmt: skip
TOMBSTONE = ":retracted"
VERBS = ("saved", "imported", "published", "retracted")
EVENTS = (
    *(f"{table.kind}:{verb}" for table in TABLES for verb in VERBS),
    # Tables of many values are imported file by file.
    f"{metrics.OBSERVATIONS.name}:imported",
    "stale_flags:opened",
    "stale_flags:closed",
    "stale_flags:moved",
)
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


def _contents(editions: Collection[int], today: date) -> Mapping[int, Any]:
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


def _content(name: str) -> tuple[str, Any]:
    return "contents", lambda content: content[name]


class ChangeSerializer(RowSerializer):
    """One entry of the ledger: one public change, numbered without gaps and hash-chained."""

    edition = serializers.IntegerField(help_text="Number of the entry, from 1, without gaps.")
    event = serializers.CharField(
        help_text="What happened, as `<kind>:<verb>`; `retracted` marks a tombstone."
    )
    subject = serializers.CharField(
        allow_null=True,
        help_text="Which row: its table and public name. null where the entry is withheld.",
    )
    pledge = serializers.SlugField(
        allow_null=True, help_text="The pledge it is about; null where there is none."
    )
    at = serializers.DateTimeField(help_text="When it was written.")
    by = serializers.CharField(help_text="Public name of who did it, as it was on that day.")
    data = serializers.DictField(  # type: ignore[assignment]  # a public field
        allow_null=True,
        help_text="The row as it stood then. A tombstone holds the name of the row and the reason."
        " null where the entry is withheld.",
    )
    is_withheld = serializers.BooleanField(
        help_text="Whether content is left out because what it names is not public (any more)."
        " The hash then cannot be computed again from this feed, but still links the chain."
    )
    previous_hash = serializers.CharField(help_text="Hash of the entry before.")
    hash = serializers.CharField(
        help_text="SHA-256 of the entry as canonical JSON (RFC 8785); see docs/api.md."
    )

    attached = {"contents": _contents}
    follows = {name: _content(name) for name in ("subject", "pledge", "data", "is_withheld")}


def _about(rows: Any, value: list[str], today: date) -> Any:
    """Keep the entries about pledges: of one that is not public only its tombstone."""
    public = Pledge.objects.published().filter(slug__in=value).values("slug")
    about = Q(pledge__in=value, event__endswith=TOMBSTONE) | Q(pledge__in=public)
    return rows.filter(about)


class Changes(Resource):
    """Every public change in its order: remember the last edition and ask for what came after."""

    section = "changes"
    serializer = ChangeSerializer
    orders = (Order("edition", (Key("edition", number),), "by number"),)
    filters = (
        Filter(
            "after",
            Number(0, 10**18 - 1),
            "With a number above this one: the edition that you have already.",
            narrow=by("edition__gt"),
        ),
        Filter("event", Several(OneOf(EVENTS)), "Of one of these events.", narrow=by("event__in")),
        Filter("pledge", NAMES, "About one of these pledges.", narrow=_about),
    )
    route = "<int:edition>"
    parts = {"edition": "Number of the entry."}

    def rows(self) -> Any:
        """Return all entries; what they may show is decided row by row."""
        return Entry.objects.all()
