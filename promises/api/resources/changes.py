"""Changes: the ledger as a feed. What was withdrawn leaves a tombstone, and nothing else."""

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
from promises.common.columns import Table
from promises.editorial.choices import State
from promises.evidence.columns import EVIDENCE, EVIDENCE_LINKS, RESULT_REPORT_SOURCES
from promises.evidence.models import EvidenceLink
from promises.ledger.models import Entry
from promises.metrics import columns as metrics
from promises.metrics.models import MetricPledge
from promises.officials import columns as officials
from promises.pledges import columns as pledges
from promises.pledges.models import Pledge
from promises.record_requests import columns as record_requests
from promises.record_requests.models import RequestPledge
from promises.suggestions.columns import CHALLENGES
from promises.updates import columns as updates
from promises.updates.models import Correction
from promises.webhooks.contents import TOMBSTONE, public_contents

TABLES = (
    officials.JURISDICTIONS, officials.OFFICES, officials.PEOPLE, officials.ELECTIONS,
    officials.CANDIDACIES, officials.RESULT_REPORTS, officials.TERMS,
    pledges.TOPICS, pledges.GENERAL_TERMS, pledges.PLEDGES, pledges.CRITERIA,
    pledges.PLEDGE_TRANSLATIONS,
    EVIDENCE, EVIDENCE_LINKS, RESULT_REPORT_SOURCES, CAPTURES, CAPTURE_WAIVERS,
    metrics.METRIC_SOURCES, metrics.METRICS, metrics.METRIC_PLEDGES, metrics.METRIC_ANNOTATIONS,
    metrics.OBSERVATIONS,
    updates.METHODOLOGY_VERSIONS, updates.STATUS_UPDATES, updates.CITATIONS, updates.APPROVALS,
    updates.REVIEWS, updates.RESPONSES, updates.CORRECTIONS, CHALLENGES,
    record_requests.RECORDS_LAWS, record_requests.RECORD_REQUESTS,
    record_requests.RECORD_REQUEST_PLEDGES, record_requests.RECORD_REQUEST_DOCUMENTS,
    record_requests.RECORD_REQUEST_EXTENSIONS,
)  # fmt: skip
VERBS = ("saved", "imported", "published", "retracted")
EVENTS = (
    *(f"{table.kind}:{verb}" for table in TABLES for verb in VERBS),
    # Tables of many values are imported file by file.
    f"{metrics.OBSERVATIONS.name}:imported",
    "stale_flags:opened",
    "stale_flags:closed",
    "stale_flags:moved",
)

# What is put beside pledges: the table, and how a row of it is linked with them.
_BESIDE: tuple[tuple[Table, str, Any], ...] = (
    (EVIDENCE, "evidence", EvidenceLink.objects.all),
    (metrics.METRICS, "metric", MetricPledge.objects.all),
    (record_requests.RECORD_REQUESTS, "record_request", RequestPledge.objects.all),
)


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
        " null where the entry is withheld; of a row that stays public, columns that name what is"
        " not are null.",
    )
    is_withheld = serializers.BooleanField(
        help_text="Whether content is left out because what it names is not public (any more)."
        " The hash then cannot be computed again from this feed, but still links the chain."
    )
    previous_hash = serializers.CharField(help_text="Hash of the entry before.")
    hash = serializers.CharField(
        help_text="SHA-256 of the entry as canonical JSON (RFC 8785); see docs/api.md."
    )

    attached = {"contents": public_contents}
    follows = {name: _content(name) for name in ("subject", "pledge", "data", "is_withheld")}


def _about(rows: Any, value: list[str], today: date) -> Any:
    """Keep the entries about pledges, and about what was put beside them.

    Of what is not public, pledge or what is beside one, only its tombstone.
    """
    public = dict(Pledge.objects.published().filter(slug__in=value).values_list("slug", "pk"))
    shown, hidden = _beside(list(public.values())) if public else ([], [])
    about = Q(pledge__in=[*public]) | Q(subject__in=shown)
    tombstones = Q(pledge__in=value) | Q(subject__in=hidden)
    return rows.filter(about | (tombstones & Q(event__endswith=TOMBSTONE)))


def _beside(pledges: list[int]) -> tuple[list[str], list[str]]:
    """Return the subjects that bear on pledges without naming one: public ones, and the others."""
    found: list[tuple[str, str]] = []
    for table, name, links in _BESIDE:
        linked = links().filter(pledge__in=pledges)
        states = linked.values_list(f"{name}__slug", f"{name}__state").distinct()
        found += [(f"{table.name}/{slug}", state) for slug, state in states]
    corrections = Correction.objects.published().filter(
        pledge=None, evidence__links__pledge__in=pledges
    )
    rows = updates.CORRECTIONS.snapshots(corrections.values_list("pk", flat=True))
    names = [f"corrections/{updates.CORRECTIONS.row_name(row)}" for row in rows]
    shown = [subject for subject, state in found if state == State.PUBLISHED]
    return [*shown, *names], [subject for subject, state in found if state != State.PUBLISHED]


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
        Filter(
            "pledge",
            NAMES,
            "About one of these pledges, or about evidence, figures or requests for records beside"
            " one.",
            narrow=_about,
        ),
    )
    route = "<int:edition>"
    parts = {"edition": "Number of the entry."}

    def rows(self) -> Any:
        """Return all entries; what they may show is decided row by row."""
        return Entry.objects.all()
