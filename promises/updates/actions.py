"""Status updates on their way to the public, one step a function, and what they follow."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from promises.accounts.models import User
from promises.common.effects import pledges_changed, pledges_looked_at
from promises.common.refusals import NotAPerson, Refused, refuse
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.ledger.actions import record_rows, record_tables, record_tombstones
from promises.officials.actions import require_no_conflict
from promises.pledges.actions import lock_pledges
from promises.pledges.models import Pledge
from promises.updates import columns, rules
from promises.updates.models import (
    Approval,
    Citation,
    MethodologyVersion,
    Response,
    StatusUpdate,
)
from promises.updates.standing import (
    NotYetPossible,
    authors_of,
    lock_cited,
    public_citations,
    publication_faults,
    standing_approvals,
)


class NotByTheAuthor(Refused):
    """Who wrote an update, or saved any of its drafts, cannot approve it."""


class AlreadyApproved(Refused):
    """This person has approved this wording before."""


@write
def draft_status_update(
    *, pledge: Pledge, evidence: Sequence[Evidence], by: User, now: datetime, **content: Any
) -> StatusUpdate:
    """Write a draft update under the methodology now in force.

    `content` is status, effective_on, assessed_on, confidence, reason and reasoning; `slug` may
    be given. Raises ValidationError, HasConflict, and NotYetPossible while no methodology is
    published.
    """
    require_no_conflict(official=pledge.person_id, by=by)
    update = StatusUpdate(pledge=pledge, created_by=by, created_at=now, edited_by=by, **content)
    update.methodology = _methodology_in_force(now)
    update.slug = update.slug or _next_slug(pledge)
    return _save_content(update, evidence)


@write
def revise_status_update(
    *,
    update: StatusUpdate,
    evidence: Sequence[Evidence] | None,
    by: User,
    now: datetime,
    seen: Collection[int] | None = None,
) -> StatusUpdate:
    """Save the changed content of a draft, and its evidence unless None.

    `seen` are the ids of the evidence that it rested on when it was read: EditedMeanwhile if
    someone else has chosen other pieces since. Whoever saves it again judges under the
    methodology now in force. Raises also WrongState, HasConflict, ValidationError.
    """
    stored = editorial.locked(update)
    editorial.require_state(stored, State.DRAFT)
    require_no_conflict(official=update.pledge.person_id, by=by)
    cited = stored.citations.values_list("evidence_id", flat=True)
    if evidence is not None and seen is not None and set(cited) != set(seen):
        raise editorial.EditedMeanwhile(stored)
    update.edited_by = by
    update.methodology = _methodology_in_force(now)
    return _save_content(update, evidence)


@write
def submit_status_update(*, update: StatusUpdate, by: User, now: datetime) -> StatusUpdate:
    """Hand a draft to a second person, who approves exactly this wording.

    Raises WrongState, HasConflict.
    """
    update = editorial.locked(update)
    editorial.require_state(update, State.DRAFT)
    require_no_conflict(official=update.pledge.person_id, by=by)
    update.state, update.submitted_by, update.submitted_at = State.IN_REVIEW, by, now
    update.wording += 1
    editorial.move(update, "state", "submitted_by", "submitted_at", "wording")
    return update


@write
def return_status_update(*, update: StatusUpdate, by: User, now: datetime) -> StatusUpdate:
    """Send an update in review back to its author; approvals so far no longer count."""
    return editorial.send_back(record=update, by=by, now=now)


@write
def approve_status_update(
    *, update: StatusUpdate, by: User, now: datetime, note: str = ""
) -> Approval:
    """Stand behind an update in review, or behind a published imported one.

    Raises WrongState, NotByTheAuthor, NotAPerson, AlreadyApproved, HasConflict.
    """
    lock_pledges([update.pledge_id])
    update = editorial.locked(update)
    if not (update.is_imported and update.state == State.PUBLISHED):
        editorial.require_state(update, State.IN_REVIEW)
    if by.is_service or not by.is_active:
        raise NotAPerson("Only a person can approve.")
    if by.pk in authors_of(update):
        raise NotByTheAuthor("You wrote or edited this update; someone else has to approve it.")
    if update.approvals.filter(wording=update.wording, approved_by=by).exists():
        raise AlreadyApproved("You have approved this wording already.")
    require_no_conflict(official=update.pledge.person_id, by=by)
    approval = Approval(
        status_update=update, wording=update.wording, approved_by=by, approved_at=now, note=note
    )
    approval.full_clean()
    approval.save()
    if update.state == State.PUBLISHED:
        record_rows(table=columns.APPROVALS, ids=[approval.pk], verb="saved", by=by, now=now)
        pledges_looked_at(pledge_ids=[update.pledge_id], by=by, now=now)
    return approval


@write
def publish_status_update(*, update: StatusUpdate, by: User, now: datetime) -> StatusUpdate:
    """Make an approved update public; the pledge's status follows in the same transaction.

    Raises WrongState; else all that is missing at once, as SeveralFaults or, where it is one, as
    NotEnoughApprovals, NotYetPossible, WouldNotBeTheStatus, RestsOnAnOlderLook, EvidenceMissing,
    SourcesNotSecured or HasConflict.
    """
    (pledge,) = lock_pledges([update.pledge_id])
    update = editorial.locked(update)
    editorial.require_state(update, State.IN_REVIEW)
    # Nobody publishes or withdraws what it rests on between our reading and our entry.
    lock_cited(update)
    approvals = standing_approvals(update)
    refuse(publication_faults(update, approvals, official=pledge.person_id, by=by, now=now))
    update = editorial.publish(record=update, by=by, now=now)
    told = (
        (columns.STATUS_UPDATES, [update.pk]),
        (columns.CITATIONS, public_citations(update)),
        (columns.APPROVALS, approvals),
    )
    record_tables(rows=told, verb="published", by=by, now=now)
    pledges_looked_at(pledge_ids=[update.pledge_id], by=by, now=now)
    return update


@write
def retract_status_update(
    *, update: StatusUpdate, reason: str, by: User, now: datetime
) -> StatusUpdate:
    """Withdraw a published update, with a reason; the status falls back to the one before.

    Raises WrongState, NoReason, HasConflict.
    """
    lock_pledges([update.pledge_id])
    require_no_conflict(official=update.pledge.person_id, by=by)
    update = editorial.retract(record=update, reason=reason, by=by, now=now)
    record_tombstones(table=columns.STATUS_UPDATES, ids=[update.pk], reason=reason, by=by, now=now)
    pledges_changed(pledge_ids=[update.pledge_id], by=by, now=now)
    return update


@write
def record_uses_of(*, evidence_ids: Collection[int], by: User, now: datetime) -> None:
    """Write into the ledger which ratings and replies newly public evidence stands behind.

    They were public without it (settings.EVIDENCE_EFFECTS).
    """
    for table, verb, rows in (
        (columns.CITATIONS, "published", Citation.objects.published()),
        (columns.RESPONSES, "saved", Response.objects.published()),
    ):
        ids = rows.filter(evidence__in=evidence_ids).values_list("pk", flat=True)
        record_rows(table=table, ids=ids, verb=verb, by=by, now=now)


@write
def publish_methodology(
    *, methodology: MethodologyVersion, by: User, now: datetime
) -> MethodologyVersion:
    """Put a version of the methodology in force from its date. Raises ValidationError."""
    methodology.full_clean()
    methodology.save(force_insert=True)
    record_rows(
        table=columns.METHODOLOGY_VERSIONS, ids=[methodology.pk], verb="saved", by=by, now=now
    )
    return methodology


def _methodology_in_force(now: datetime) -> MethodologyVersion:
    version = MethodologyVersion.objects.filter(published_on__lte=now.date()).first()
    if version is None:
        raise NotYetPossible(
            "Publish a version of the methodology first: each status update names one."
        )
    return version


def _next_slug(pledge: Pledge) -> str:
    """Return a public name not yet taken; the caller's transaction holds the pledge's lock."""
    lock_pledges([pledge.pk])
    number = pledge.status_updates.count() + 1
    while StatusUpdate.objects.filter(slug=f"{pledge.slug}-update-{number}").exists():
        number += 1
    return f"{pledge.slug}-update-{number}"


def _save_content(update: StatusUpdate, evidence: Sequence[Evidence] | None) -> StatusUpdate:
    """Validate and save a draft and the evidence it cites, in the order given."""
    fault = rules.reason_fault(
        status=update.status, reason=update.reason, is_imported=update.is_imported
    )
    if fault:
        raise ValidationError({"reason": fault})
    editorial.store(update)
    if evidence is not None:
        update.citations.all().delete()
        Citation.objects.bulk_create(
            Citation(status_update=update, evidence=piece, position=position)
            for position, piece in enumerate(evidence, start=1)
        )
    return update
