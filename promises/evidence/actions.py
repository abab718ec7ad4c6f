from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.common.dates import lies_ahead
from promises.common.effects import (
    evidence_published,
    evidence_retracted,
    pledges_changed,
    told_with,
)
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial import corrections
from promises.editorial.choices import State
from promises.evidence import columns
from promises.evidence.models import Evidence, EvidenceLink, ResultReportSource
from promises.ledger.actions import record_rows, record_tombstones
from promises.officials.actions import require_no_conflict
from promises.pledges.actions import PublishedWords, lock_pledges, locked_with_pledges

# What readers quote or rely on: changing it takes a correction. How far this record has looked
# (was the headline seen, how was the summary checked) goes on as it looks further.
WORDS = (
    "title", "kind", "provenance", "publisher", "url", "published_on", "date_precision", "summary",
)  # fmt: skip
# What a link says. Its note and its place in the document say how far we have read, like the above.
LINK_WORDS = ("stance", "is_source")
CONTENT = [column.field for column in columns.EVIDENCE.columns]


class NotYetPublished(Refused):
    """Evidence is something that its source has published."""


class LinkIsFixed(Refused):
    """What a link is between never changes: only what it says, and where."""


@write
def save_evidence(*, evidence: Evidence, by: User, now: datetime) -> Evidence:
    """Save the content of evidence; new evidence is a draft.

    Raises ValidationError, NotYetPublished, and PublishedWords when what a published one says
    would change.
    """
    if evidence.pk is None:
        _require_published(evidence, now)
        evidence.created_by, evidence.created_at = by, now
        editorial.store(evidence)
        return evidence
    stored = editorial.locked(evidence)
    if stored.state == State.PUBLISHED and changed_words(stored, evidence):
        raise PublishedWords(
            "This evidence is published. Change what it says by a correction, which keeps what it"
            " said."
        )
    return write_evidence(evidence=evidence, by=by, now=now)


def changed_words(stored: Evidence, evidence: Evidence) -> dict[str, tuple[str, str]]:
    """Return the columns in which evidence says something else: field → (old, new), in words."""
    return corrections.changed_words(stored, evidence, WORDS)


@write
def write_evidence(*, evidence: Evidence, by: User, now: datetime) -> Evidence:
    """Write the content of stored evidence; for corrections. ValidationError, NotYetPublished."""
    _require_published(evidence, now)
    editorial.store(evidence, fields=CONTENT)
    if evidence.state == State.PUBLISHED:
        record_rows(table=columns.EVIDENCE, ids=[evidence.pk], verb="saved", by=by, now=now)
    return evidence


@write
def publish_evidence(*, evidence: Evidence, by: User, now: datetime) -> Evidence:
    """Make evidence public, with what it says about public pledges.

    Raises WrongState, NotYetPublished.
    """
    stored, pledge_ids = _locked_with_pledges(evidence)
    _require_published(stored, now)
    evidence = editorial.publish(record=evidence, by=by, now=now)
    record_rows(table=columns.EVIDENCE, ids=[evidence.pk], verb="published", by=by, now=now)
    for table, rows in (
        (columns.EVIDENCE_LINKS, EvidenceLink.objects.published()),
        (columns.RESULT_REPORT_SOURCES, ResultReportSource.objects.published()),
    ):
        ids = rows.filter(evidence=evidence).values_list("pk", flat=True)
        record_rows(table=table, ids=ids, verb="published", by=by, now=now)
    evidence_published(evidence_ids=[evidence.pk], by=by, now=now)
    pledges_changed(pledge_ids=pledge_ids, by=by, now=now)
    return evidence


def _require_published(evidence: Evidence, now: datetime) -> None:
    if lies_ahead(evidence.published_on, now):
        raise NotYetPublished(
            _(
                "The day of publication is still to come. Correct it; if it is not known, leave it"
                " empty and say “unknown”."
            )
        )


@write
def retract_evidence(*, evidence: Evidence, reason: str, by: User, now: datetime) -> Evidence:
    """Withdraw evidence from the public, with a reason; what rested on it is opened again.

    Raises WrongState, NoReason, and HasConflict where it speaks about a pledge of an official whom
    `by` does not judge. The database refuses that of what cites it too.
    """
    _stored, pledge_ids = _locked_with_pledges(evidence)
    for official in sorted(set(evidence.links.values_list("pledge__person", flat=True))):
        require_no_conflict(official=official, by=by)
    evidence = editorial.retract(record=evidence, reason=reason, by=by, now=now)
    record_tombstones(table=columns.EVIDENCE, ids=[evidence.pk], reason=reason, by=by, now=now)
    evidence_retracted(evidence_ids=[evidence.pk], reason=reason, by=by, now=now)
    pledges_changed(pledge_ids=pledge_ids, by=by, now=now)
    return evidence


@write
def save_evidence_link(*, link: EvidenceLink, by: User, now: datetime) -> EvidenceLink:
    """Say what a piece of evidence means for a pledge.

    What readers see of a link changes by a correction: PublishedWords. Raises also
    ValidationError, LinkIsFixed.
    """
    lock_pledges([link.pledge_id])
    if EvidenceLink.objects.published().filter(pk=link.pk).exists() and changed_line(link):
        raise PublishedWords(
            "Readers see what this evidence says about the pledge. Change that by a correction,"
            " which keeps what it said."
        )
    return write_evidence_link(link=link, by=by, now=now)


def changed_line(link: EvidenceLink) -> tuple[str, str] | None:
    """Return what readers read of a link and what they will read; None if that is the same."""
    return corrections.changed_line(link, LINK_WORDS)


@write
def write_evidence_link(*, link: EvidenceLink, by: User, now: datetime) -> EvidenceLink:
    """Write a link; for corrections. Raises ValidationError, LinkIsFixed."""
    lock_pledges([link.pledge_id])
    ends = {"pledge_id": link.pledge_id, "evidence_id": link.evidence_id}
    if link.pk is not None and not EvidenceLink.objects.filter(pk=link.pk, **ends).exists():
        raise LinkIsFixed(
            "A link stays between its pledge and its evidence. Remove it, and add another."
        )
    # Nobody publishes the evidence between our reading and our entry.
    locked = Evidence.objects.select_for_update(of=("self",), no_key=True)
    locked.filter(pk=link.evidence_id).first()
    editorial.store(link)
    if EvidenceLink.objects.published().filter(pk=link.pk).exists():
        record_rows(table=columns.EVIDENCE_LINKS, ids=[link.pk], verb="saved", by=by, now=now)
        pledges_changed(pledge_ids=[link.pledge_id], by=by, now=now)
    return link


@write
def delete_evidence_link(*, link: EvidenceLink, reason: str, by: User, now: datetime) -> None:
    """Take evidence off a pledge; the ledger keeps a tombstone where it was public.

    Raises NoReason, and EditedMeanwhile when someone has changed the link since it was read.
    """
    if not reason.strip():
        raise editorial.NoReason(_("Say why this evidence is taken off the pledge."))
    lock_pledges([link.pledge_id])
    editorial.require_seen(editorial.locked(link), link.version or None)
    if EvidenceLink.objects.published().filter(pk=link.pk).exists():
        record_tombstones(
            table=columns.EVIDENCE_LINKS, ids=[link.pk], reason=reason.strip(), by=by, now=now
        )
    link.delete()
    pledges_changed(pledge_ids=[link.pledge_id], by=by, now=now)


@write
def add_result_report_source(
    *, source: ResultReportSource, by: User, now: datetime
) -> ResultReportSource:
    """Say which evidence an election result was read from. Raises ValidationError."""
    source.full_clean()
    evidence = editorial.locked(source.evidence)
    source.save(force_insert=True)
    if evidence.state == State.PUBLISHED:
        record_rows(
            table=columns.RESULT_REPORT_SOURCES, ids=[source.pk], verb="saved", by=by, now=now
        )
    return source


@write
def record_links_of(*, pledge_ids: Collection[int], by: User, now: datetime) -> None:
    """Write the links of newly published pledges into the ledger (settings.PLEDGE_EFFECTS)."""
    links = EvidenceLink.objects.published().filter(pledge__in=pledge_ids)
    ids = links.values_list("pk", flat=True)
    record_rows(table=columns.EVIDENCE_LINKS, ids=ids, verb="published", by=by, now=now)


def _locked_with_pledges(evidence: Evidence) -> tuple[Evidence, set[int]]:
    """Return evidence, locked after all pledges the ledger hears of, and the ids of these."""
    links = EvidenceLink.objects.filter(evidence=evidence).values_list("pledge_id", flat=True)
    return locked_with_pledges(
        evidence, lambda: {*links.all(), *told_with("evidence", [evidence.pk])}
    )
