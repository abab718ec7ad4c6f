"""What the ledger hears of copies of public evidence."""

from collections.abc import Collection
from datetime import datetime

from promises.accounts.models import User
from promises.captures import columns
from promises.captures.models import Capture, CaptureWaiver
from promises.common.columns import Table
from promises.common.effects import pledges_changed
from promises.common.writes import write
from promises.editorial.choices import State
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.actions import record_rows, record_tombstones
from promises.pledges.actions import locked_with_pledges as locked_after


def locked_with_pledges(evidence: Evidence) -> Evidence:
    """Return evidence as it now stands, locked after the pledges it speaks about."""
    stored, _pledges = locked_after(evidence, lambda: pledge_ids(evidence))
    return stored


def pledge_ids(evidence: Evidence) -> set[int]:
    """Return the ids of the pledges that evidence speaks about."""
    links = EvidenceLink.objects.filter(evidence=evidence)
    return set(links.values_list("pledge_id", flat=True))


def tell_of_copy(capture_id: int, evidence: Evidence, *, by: User, now: datetime) -> None:
    """Write a copy into the ledger if it counts and its evidence is public; settle the pledges."""
    ids = Capture.objects.published().filter(pk=capture_id).values_list("pk", flat=True)
    record_rows(table=columns.CAPTURES, ids=ids, verb="saved", by=by, now=now)
    pledges_changed(pledge_ids=pledge_ids(evidence), by=by, now=now)


def tell_of_waiver(waiver: CaptureWaiver, evidence: Evidence, *, by: User, now: datetime) -> None:
    """Write a waiver into the ledger if its evidence is public; settle the pledges."""
    if evidence.state == State.PUBLISHED:
        record_rows(table=columns.CAPTURE_WAIVERS, ids=[waiver.pk], verb="saved", by=by, now=now)
    pledges_changed(pledge_ids=pledge_ids(evidence), by=by, now=now)


@write
def record_captures_of(*, evidence_ids: Collection[int], by: User, now: datetime) -> None:
    """Write the copies of newly published evidence into the ledger (settings.EVIDENCE_EFFECTS)."""
    for table, ids in _public(evidence_ids):
        record_rows(table=table, ids=ids, verb="saved", by=by, now=now)


@write
def withdraw_captures_of(
    *, evidence_ids: Collection[int], reason: str, by: User, now: datetime
) -> None:
    """Write into the ledger that copies go with their evidence (settings.EVIDENCE_EFFECTS)."""
    for table, ids in _public(evidence_ids):
        record_tombstones(table=table, ids=ids, reason=reason, by=by, now=now)


def _public(evidence_ids: Collection[int]) -> list[tuple[Table, list[int]]]:
    captures = Capture.objects.good().filter(evidence__in=evidence_ids)
    waivers = CaptureWaiver.objects.in_force().filter(evidence__in=evidence_ids)
    return [
        (columns.CAPTURES, list(captures.values_list("pk", flat=True))),
        (columns.CAPTURE_WAIVERS, list(waivers.values_list("pk", flat=True))),
    ]
