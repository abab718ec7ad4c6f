"""What a person makes of a candidate. Nothing is linked without one."""

from datetime import datetime

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.discovery.choices import CandidateState
from promises.discovery.models import Candidate
from promises.editorial import actions as editorial
from promises.evidence.actions import save_evidence, save_evidence_link
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.actions import lock_pledges


class AlreadyDecided(Refused):
    """Someone has linked or dismissed it."""


@write
def link_candidate(
    *,
    candidate: Candidate,
    piece: Evidence,
    stance: str,
    link_note: str,
    by: User,
    now: datetime,
) -> Candidate:
    """Say that an item is evidence on its pledge: new evidence becomes a draft.

    `piece` is new, or evidence that the record has already; a link that exists stays as it is.
    Raises AlreadyDecided, ValidationError.
    """
    candidate = _waiting(candidate)
    if piece.pk is None:
        piece = save_evidence(evidence=piece, by=by, now=now)
    ends = {"pledge_id": candidate.pledge_id, "evidence": piece}
    if not EvidenceLink.objects.filter(**ends).exists():
        link = EvidenceLink(**ends, stance=stance, note=link_note)
        save_evidence_link(link=link, by=by, now=now)
    candidate.evidence = piece
    return _decided(candidate, CandidateState.LINKED, by=by, now=now)


@write
def dismiss_candidate(*, candidate: Candidate, reason: str, by: User, now: datetime) -> Candidate:
    """Say that an item is no evidence on its pledge, and why. Raises AlreadyDecided, NoReason."""
    if not reason.strip():
        raise editorial.NoReason("Say why: the next person who sees such an item will ask.")
    candidate = _waiting(candidate)
    candidate.reason = reason.strip()
    return _decided(candidate, CandidateState.DISMISSED, by=by, now=now)


def _waiting(candidate: Candidate) -> Candidate:
    """Return the candidate as it stands, locked after its pledge: pledges come first."""
    lock_pledges([candidate.pledge_id])
    stored = editorial.locked(candidate)
    if stored.state != CandidateState.WAITING:
        raise AlreadyDecided(f"This was {stored.get_state_display()} by {stored.decided_by}.")
    return stored


def _decided(candidate: Candidate, state: str, *, by: User, now: datetime) -> Candidate:
    candidate.state, candidate.decided_at, candidate.decided_by = state, now, by
    candidate.full_clean()
    editorial.move(candidate, "state", "decided_at", "decided_by", "reason", "evidence")
    return candidate
