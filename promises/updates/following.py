"""What follows a rating: reviews, replies, corrections, new versions of the methodology.

Actions like those of `actions`, kept apart because each file holds one subject.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.common.effects import pledges_looked_at
from promises.common.refusals import NotAPerson, Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.evidence.actions import changed_words as changed_evidence_words
from promises.evidence.actions import write_evidence
from promises.evidence.models import Evidence
from promises.ledger.actions import record_rows, record_tombstones
from promises.officials.actions import HasConflict, require_no_conflict
from promises.officials.models import ConflictOfInterest
from promises.pledges.actions import changed_words, lock_pledges, write_pledge
from promises.pledges.models import Pledge
from promises.updates import columns
from promises.updates.models import (
    Citation,
    Correction,
    MethodologyVersion,
    Response,
    Review,
    StatusUpdate,
)
from promises.updates.standing import corrected_reasoning


@write
def record_reviews(
    *, pledges: Iterable[Pledge], note: str, by: User, now: datetime
) -> list[Review]:
    """Record that `by` looked at these pledges again and nothing had changed: all or none.

    As many statements for many pledges as for one. Raises NotAPerson, WrongState, which names each
    that is not published, HasConflict, ValidationError without a note.
    """
    if by.is_service or not by.is_active:
        raise NotAPerson("A review is the act of a person.")
    locked = lock_pledges({pledge.pk for pledge in pledges})
    if not locked:
        return []
    editorial.require_states(locked, State.PUBLISHED)
    _require_no_conflicts(locked, by)
    reviews = [
        Review(pledge=pledge, reviewed_by=by, reviewed_at=now, note=note.strip())
        for pledge in locked
    ]
    # They differ in nothing but the pledge, which is locked and therefore there.
    reviews[0].full_clean()
    Review.objects.bulk_create(reviews)
    ids = [review.pk for review in reviews]
    record_rows(table=columns.REVIEWS, ids=ids, verb="saved", by=by, now=now)
    pledges_looked_at(pledge_ids=[pledge.pk for pledge in locked], by=by, now=now)
    return reviews


def _require_no_conflicts(pledges: Sequence[Pledge], by: User) -> None:
    """Raise HasConflict, naming each pledge of an official whom `by` may not judge."""
    if not ConflictOfInterest.objects.open().filter(person=by).exists():
        return
    refused: dict[int, str] = {}
    for official in sorted({pledge.person_id for pledge in pledges}):
        try:
            require_no_conflict(official=official, by=by)
        except HasConflict as conflict:
            theirs = (pledge for pledge in pledges if pledge.person_id == official)
            refused |= {pledge.pk: str(conflict) for pledge in theirs}
    if refused:
        raise HasConflict(next(iter(refused.values())), rows=refused)


@write
def save_response(*, response: Response, by: User, now: datetime) -> Response:
    """Save an official's reply; a new one is a draft. Raises ValidationError, WrongState."""
    if response.pk is None:
        response.created_by, response.created_at = by, now
    else:
        editorial.require_state(editorial.locked(response), State.DRAFT, State.IN_REVIEW)
    editorial.store(response)
    return response


@write
def publish_response(*, response: Response, by: User, now: datetime) -> Response:
    """Show a reply beside the status. Raises WrongState."""
    lock_pledges([response.pledge_id])
    if response.evidence:
        editorial.locked(response.evidence)
    response = editorial.publish(record=response, by=by, now=now)
    record_rows(table=columns.RESPONSES, ids=[response.pk], verb="published", by=by, now=now)
    return response


@write
def retract_response(*, response: Response, reason: str, by: User, now: datetime) -> Response:
    """Withdraw a published reply; readers see that it was there, when it went and why.

    Raises NoReason, WrongState.
    """
    lock_pledges([response.pledge_id])
    response = editorial.retract(record=response, reason=reason, by=by, now=now)
    record_tombstones(
        table=columns.RESPONSES,
        ids=[response.pk],
        reason=response.retraction_reason,
        by=by,
        now=now,
    )
    return response


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
def correct_pledge(
    *, pledge: Pledge, kind: str, note: str, by: User, now: datetime
) -> list[Correction]:
    """Change the published words of a pledge and keep the old ones, a correction a field.

    `pledge` carries the new words, not yet saved. Raises WrongState, ValidationError.
    """
    stored = editorial.locked(pledge)
    editorial.require_state(stored, State.PUBLISHED)
    words = changed_words(stored, pledge)
    write_pledge(pledge=pledge, by=by, now=now)
    return _record_corrections(
        [
            Correction(pledge=pledge, kind=kind, field=field, old_text=old, new_text=new, note=note)
            for field, (old, new) in words.items()
        ],
        by=by,
        now=now,
    )


@write
def correct_evidence(
    *, evidence: Evidence, kind: str, note: str, by: User, now: datetime
) -> list[Correction]:
    """Change the published words of evidence and keep the old ones. Raises WrongState."""
    stored = editorial.locked(evidence)
    editorial.require_state(stored, State.PUBLISHED)
    words = changed_evidence_words(stored, evidence)
    write_evidence(evidence=evidence, by=by, now=now)
    return _record_corrections(
        [
            Correction(
                evidence=evidence, kind=kind, field=field, old_text=old, new_text=new, note=note
            )
            for field, (old, new) in words.items()
        ],
        by=by,
        now=now,
    )


class NothingCorrected(Refused):
    """A correction says something else than the words that it corrects."""


@write
def correct_status_update(
    *, update: StatusUpdate, new_text: str, kind: str, note: str, by: User, now: datetime
) -> Correction:
    """Put a correction beside the reasoning of a published update, which itself never changes.

    A later one corrects the words of the one before. Raises WrongState, NothingCorrected.
    """
    lock_pledges([update.pledge_id])
    editorial.require_state(editorial.locked(update), State.PUBLISHED)
    old_text = corrected_reasoning(update)
    if new_text.strip() == old_text.strip():
        raise NothingCorrected(_("It says this already. Write what it should say instead."))
    correction = Correction(
        pledge=update.pledge,
        status_update=update,
        kind=kind,
        field="reasoning",
        old_text=old_text,
        new_text=new_text,
        note=note,
    )
    return _record_corrections([correction], by=by, now=now)[0]


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


def _record_corrections(
    corrections: list[Correction], *, by: User, now: datetime
) -> list[Correction]:
    """Save corrections and write them into the ledger."""
    for correction in corrections:
        correction.corrected_by, correction.corrected_at = by, now
        correction.full_clean()
        correction.save(force_insert=True)
    ids = [correction.pk for correction in corrections]
    record_rows(table=columns.CORRECTIONS, ids=ids, verb="saved", by=by, now=now)
    return corrections
