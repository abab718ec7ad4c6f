"""Status updates on their way to the public, one step a function."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F

from promises.accounts.models import User
from promises.captures.secured import not_secured
from promises.common.effects import pledges_changed
from promises.common.history import events_of
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.ledger.actions import record_rows, record_tables, record_tombstones
from promises.officials.actions import require_no_conflict
from promises.pledges.actions import lock_pledges
from promises.pledges.models import Pledge
from promises.updates import columns, rules
from promises.updates.models import Approval, Citation, MethodologyVersion, StatusUpdate


class NotByTheAuthor(Refused):
    """Who wrote an update, or saved any of its drafts, cannot approve it."""


class NotAPerson(Refused):
    """A service account cannot approve or review."""


class AlreadyApproved(Refused):
    """This person has approved this wording before."""


class NotEnoughApprovals(Refused):
    """Too few people other than the author stand behind the update."""


class EvidenceMissing(Refused):
    """The cited evidence does not carry the rating."""


class SourcesNotSecured(Refused):
    """There is no copy of a source, and nobody has said why there need be none."""


class NotYetPossible(Refused):
    """The pledge is not ready for this rating."""


@write
def draft_status_update(
    *, pledge: Pledge, evidence: Sequence[Evidence], by: User, now: datetime, **content: Any
) -> StatusUpdate:
    """Write a draft update under the methodology now in force.

    `content` is status, effective_on, assessed_on, confidence, reason and reasoning; `slug` may
    be given. Raises ValidationError, HasConflict, and NotYetPossible while no methodology is
    published.
    """
    require_no_conflict(official=pledge.person, by=by)
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
    require_no_conflict(official=update.pledge.person, by=by)
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
    require_no_conflict(official=update.pledge.person, by=by)
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
    require_no_conflict(official=update.pledge.person, by=by)
    approval = Approval(
        status_update=update, wording=update.wording, approved_by=by, approved_at=now, note=note
    )
    approval.full_clean()
    approval.save()
    if update.state == State.PUBLISHED:
        record_rows(table=columns.APPROVALS, ids=[approval.pk], verb="saved", by=by, now=now)
        pledges_changed(pledge_ids=[update.pledge_id], by=by, now=now)
    return approval


@write
def publish_status_update(*, update: StatusUpdate, by: User, now: datetime) -> StatusUpdate:
    """Make an approved update public; the pledge's status follows in the same transaction.

    Raises WrongState, HasConflict, NotEnoughApprovals, EvidenceMissing, SourcesNotSecured,
    NotYetPossible.
    """
    lock_pledges([update.pledge_id])
    update = editorial.locked(update)
    editorial.require_state(update, State.IN_REVIEW)
    # Nobody publishes or withdraws what it rests on between our reading and our entry.
    list(update.evidence.select_for_update(of=("self",), no_key=True).order_by("pk"))
    require_no_conflict(official=update.pledge.person, by=by, others=people_behind(update))
    missing = rules.approvals_needed(update.status) - _approvals(update)
    if missing > 0:
        raise NotEnoughApprovals(
            f"{missing} more {'person' if missing == 1 else 'people'} must approve this first."
        )
    _require_ready(update)
    update = editorial.publish(record=update, by=by, now=now)
    _record_published([update.pk], by=by, now=now)
    pledges_changed(pledge_ids=[update.pledge_id], by=by, now=now)
    return update


@write
def retract_status_update(
    *, update: StatusUpdate, reason: str, by: User, now: datetime
) -> StatusUpdate:
    """Withdraw a published update, with a reason; the status falls back to the one before.

    Raises WrongState, NoReason, HasConflict.
    """
    lock_pledges([update.pledge_id])
    require_no_conflict(official=update.pledge.person, by=by)
    update = editorial.retract(record=update, reason=reason, by=by, now=now)
    record_tombstones(table=columns.STATUS_UPDATES, ids=[update.pk], reason=reason, by=by, now=now)
    pledges_changed(pledge_ids=[update.pledge_id], by=by, now=now)
    return update


def _methodology_in_force(now: datetime) -> MethodologyVersion:
    version = MethodologyVersion.objects.filter(published_on__lte=now.date()).first()
    if version is None:
        raise NotYetPossible("Publish a version of the methodology first: each rating names one.")
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


def authors_of(update: StatusUpdate) -> set[int]:
    """Return the ids of who wrote an update or saved any of its drafts, as the history has them."""
    saved = events_of(StatusUpdate).objects.filter(pgh_obj_id=update.pk)
    return {update.created_by_id, *saved.values_list("edited_by_id", flat=True).distinct()}


def people_behind(update: StatusUpdate) -> set[int]:
    """Return the ids of who wrote, edited and handed in an update, and approved its wording."""
    wrote = {update.created_by_id, update.edited_by_id}
    handed_in = {update.submitted_by_id} if update.submitted_by_id else set()
    approved = update.approvals.filter(wording=update.wording)
    return wrote | handed_in | set(approved.values_list("approved_by_id", flat=True))


def missing_before_publication(update: StatusUpdate) -> str:
    """Return what, beside approvals, still stands between an update and the public, or ""."""
    try:
        _require_ready(update)
    except Refused as refusal:
        return str(refusal)
    return ""


def _approvals(update: StatusUpdate) -> int:
    """Return how many people other than the author approved the present wording."""
    return (
        update.approvals.filter(wording=update.wording)
        .exclude(approved_by__in=[update.created_by_id, update.edited_by_id])
        .count()
    )


def _require_ready(update: StatusUpdate) -> None:
    """Raise what still stands between an approved update and the public."""
    pledge = update.pledge
    if pledge.state != State.PUBLISHED:
        raise NotYetPossible("Publish the pledge before a rating of it.")
    cited = update.evidence.filter(state=State.PUBLISHED).values_list("kind", "provenance")
    if fault := rules.evidence_fault(update.status, list(cited)):
        raise EvidenceMissing(fault)
    if update.status in rules.FINAL_STATUSES:
        without = update.evidence.filter(pk__in=not_secured(update.evidence.values("pk")))
        if fault := rules.copies_fault([piece.title for piece in without.order_by("title")]):
            raise SourcesNotSecured(fault)
    fault = rules.standing_fault(
        kind=pledge.kind,
        status=update.status,
        effective_on=update.effective_on,
        term_ends_on=pledge.term.ends_on if pledge.term else None,
    )
    if fault:
        raise NotYetPossible(fault)
    if not pledge.criteria.exists():
        raise NotYetPossible("Write the criteria of the pledge before its first rating.")


def _record_published(ids: Sequence[int], *, by: User, now: datetime) -> None:
    """Write published updates, their citations and approvals into the ledger."""
    of_updates = {"status_update__in": ids}
    standing = Approval.objects.filter(**of_updates, wording=F("status_update__wording"))
    approvals = standing.values_list("pk", flat=True)
    citations = Citation.objects.published().filter(**of_updates).values_list("pk", flat=True)
    told = (
        (columns.STATUS_UPDATES, ids),
        (columns.CITATIONS, citations),
        (columns.APPROVALS, approvals),
    )
    record_tables(rows=told, verb="published", by=by, now=now)
