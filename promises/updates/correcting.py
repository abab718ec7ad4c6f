"""Corrections: published words change, the old ones stay to be read, and why."""

from datetime import datetime

from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.evidence.actions import changed_line as changed_link
from promises.evidence.actions import changed_words as changed_evidence_words
from promises.evidence.actions import write_evidence, write_evidence_link
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.actions import record_rows
from promises.pledges.actions import (
    changed_line,
    changed_words,
    lock_pledges,
    write_criterion,
    write_pledge,
)
from promises.pledges.models import Criterion, Pledge
from promises.updates import columns
from promises.updates.models import Correction, StatusUpdate
from promises.updates.standing import corrected_reasoning


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


@write
def correct_criterion(
    *, criterion: Criterion, kind: str, note: str, by: User, now: datetime
) -> list[Correction]:
    """Change what a published criterion says, or whether it is met, and keep what it said.

    Raises WrongState, CriteriaAreFixed, ValidationError.
    """
    pledge = editorial.locked(criterion.pledge)
    editorial.require_state(pledge, State.PUBLISHED)
    line = changed_line(criterion)
    write_criterion(criterion=criterion, by=by, now=now)
    about = Correction(pledge=pledge, field="criterion", kind=kind, note=note)
    return _record_line(about, line, by=by, now=now)


@write
def correct_evidence_link(
    *, link: EvidenceLink, kind: str, note: str, by: User, now: datetime
) -> list[Correction]:
    """Change what published evidence says about a pledge, and keep what stood there.

    Raises WrongState, LinkIsFixed, ValidationError.
    """
    (pledge,) = lock_pledges([link.pledge_id])
    evidence = editorial.locked(link.evidence)
    editorial.require_states([pledge, evidence], State.PUBLISHED)
    line = changed_link(link)
    write_evidence_link(link=link, by=by, now=now)
    about = Correction(pledge=pledge, evidence=evidence, field="stance", kind=kind, note=note)
    return _record_line(about, line, by=by, now=now)


def _record_line(
    about: Correction, line: tuple[str, str] | None, *, by: User, now: datetime
) -> list[Correction]:
    """Save the correction of a row where readers read something else in it than before."""
    if line is None:
        return []
    about.old_text, about.new_text = line
    return _record_corrections([about], by=by, now=now)


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
