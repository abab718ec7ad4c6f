"""Challenges on their way from a stranger to a public answer, one step a function."""

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.common.effects import pledges_changed
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.actions import record_rows, record_tombstones
from promises.pledges.actions import lock_pledges
from promises.pledges.models import Pledge
from promises.suggestions.choices import ANSWERED, ChallengeState
from promises.suggestions.columns import CHALLENGES
from promises.suggestions.limits import NotNow, forget_networks, require_room, sent_again
from promises.suggestions.models import Challenge
from promises.suggestions.rules import Sent, digest_of
from promises.updates.models import Correction, StatusUpdate


@write
def receive_challenge(
    *,
    pledge: Pledge,
    status_update: StatusUpdate | None,
    edition: int,
    sent: Sent,
    network: str,
    by: User,
    now: datetime,
) -> Challenge:
    """Keep a challenge of a public pledge's rating and start its clock.

    1. Refuse it when its network has sent settings.CHALLENGES_PER_DAY within a day.
    2. When the same sender's same words wait already, count them there and return that challenge.
       Its page is its sender's alone: a stranger's is another.
    3. Else store it. Nothing of it is public before an editor has taken it up.

    `network` stands for where it came from (client_digest). Raises WrongState unless the pledge
    is published, TooMany, ValidationError.
    """
    (pledge,) = lock_pledges([pledge.pk])
    editorial.require_state(pledge, State.PUBLISHED)
    require_room(Challenge.objects.all(), network, now)
    digest = digest_of(sent.kind, sent.explanation)
    if same := sent_again(Challenge.objects.waiting().filter(pledge=pledge), network, digest):
        return same
    challenge = Challenge(
        reference=secrets.token_hex(10),
        pledge=pledge,
        status_update=status_update,
        edition=edition,
        **asdict(sent),
        sender_network=network,
        text_digest=digest,
        received_at=now,
        answer_due_on=utc_date(now) + timedelta(days=settings.CHALLENGE_ANSWER_DAYS),
    )
    _require_own_rating(status_update, pledge)
    editorial.store(challenge)
    return challenge


@write
def take_up(*, challenge: Challenge, by: User, now: datetime) -> Challenge:
    """Look at a challenge, or take it over; readers now see that there is one.

    What was set aside by mistake comes back this way. Raises NotNow once it is answered.
    """
    challenge = _locked(challenge)
    if challenge.state in ANSWERED:
        raise NotNow("This challenge is answered.")
    if challenge.state == ChallengeState.SPAM and challenge.erased_at:
        raise NotNow("This was set aside, and its words are erased.")
    challenge.state, challenge.assigned_to = ChallengeState.BEING_LOOKED_AT, by
    challenge.taken_up_at, challenge.taken_up_by = now, by
    challenge.set_aside_at = challenge.set_aside_by = None
    editorial.move(
        challenge,
        *("state", "assigned_to", "taken_up_at", "taken_up_by", "set_aside_at", "set_aside_by"),
    )
    _tell(challenge, "saved", by=by, now=now)
    return challenge


@write
def answer_challenge(
    *,
    challenge: Challenge,
    is_accepted: bool,
    answer: str,
    by: User,
    now: datetime,
    summary: str = "",
) -> Challenge:
    """Answer a challenge in public words; its clock stops.

    `summary` says in our words what was objected; the sender's own are never shown. Raises
    NotNow unless it waits, ValidationError without an answer.
    """
    challenge = _locked(challenge)
    _require_waiting(challenge)
    if not answer.strip():
        raise ValidationError({"answer": "Write the answer: readers will see it."})
    if challenge.taken_up_at is None:
        challenge.taken_up_at, challenge.taken_up_by, challenge.assigned_to = now, by, by
    challenge.state = ChallengeState.ACCEPTED if is_accepted else ChallengeState.DECLINED
    challenge.answer, challenge.summary = answer.strip(), summary.strip()
    challenge.answered_at, challenge.answered_by = now, by
    challenge.full_clean()
    editorial.move(
        challenge,
        *("state", "assigned_to", "taken_up_at", "taken_up_by"),
        *("answer", "summary", "answered_at", "answered_by"),
    )
    _tell(challenge, "published", by=by, now=now)
    return challenge


@write
def link_outcome(
    *,
    challenge: Challenge,
    update: StatusUpdate | None,
    correction: Correction | None,
    by: User,
    now: datetime,
) -> Challenge:
    """Say which update, drafted or published, or which correction an accepted challenge led to.

    Raises NotNow unless it was accepted, ValidationError for neither of the two and for what
    concerns another pledge.
    """
    challenge = _locked(challenge)
    if challenge.state != ChallengeState.ACCEPTED:
        raise NotNow("Only a challenge that was accepted leads to something.")
    if update is None and correction is None:
        raise ValidationError("Choose the status update or the correction that it led to.")
    _require_own_rating(update, challenge.pledge)
    if correction and correction.pledge_id not in {None, challenge.pledge_id}:
        raise ValidationError("This correction concerns another pledge.")
    challenge.led_to_update, challenge.led_to_correction = update, correction
    editorial.move(challenge, "led_to_update", "led_to_correction")
    return challenge


@write
def mark_as_spam(*, challenge: Challenge, by: User, now: datetime) -> Challenge:
    """Set aside what concerns no rating; it makes no pledge look stale. Raises NotNow."""
    challenge = _locked(challenge)
    _require_waiting(challenge)
    was_public = challenge.taken_up_at is not None
    challenge.state = ChallengeState.SPAM
    challenge.set_aside_at, challenge.set_aside_by = now, by
    editorial.move(challenge, "state", "set_aside_at", "set_aside_by")
    if was_public:
        reason = "An editor found that it concerns no rating."
        record_tombstones(table=CHALLENGES, ids=[challenge.pk], reason=reason, by=by, now=now)
    pledges_changed(pledge_ids=[challenge.pledge_id], by=by, now=now)
    return challenge


@write
def erase_senders(*, by: User, now: datetime) -> int:
    """Erase who sent what was closed settings.CHALLENGE_SENDER_KEPT_DAYS ago; return how many.

    Of what was set aside the words go too. The mark of a network goes after a day, whatever
    became of the challenge: it only limits how much one network sends.
    """
    over = now - timedelta(days=settings.CHALLENGE_SENDER_KEPT_DAYS)
    closed = Q(answered_at__lte=over) | Q(set_aside_at__lte=over)
    nobody = {"sender_name": "", "sender_email": "", "sender_network": "", "erased_at": now}
    due = Challenge.objects.filter(closed, erased_at__isnull=True)
    wordless = due.spam().update(explanation="", source_url="", **nobody)
    erased = wordless + due.answered().update(**nobody)
    forget_networks(Challenge.objects.all(), now)
    return erased


def _locked(challenge: Challenge) -> Challenge:
    """Return the challenge as it stands, locked after its pledge: pledges come first."""
    lock_pledges([challenge.pledge_id])
    return editorial.locked(challenge)


def _require_waiting(challenge: Challenge) -> None:
    if not challenge.is_waiting:
        raise NotNow(f"This challenge is {challenge.get_state_display()}: it waits for nothing.")


def _require_own_rating(update: StatusUpdate | None, pledge: Pledge) -> None:
    if update is not None and update.pledge_id != pledge.pk:
        raise ValidationError("This rating is of another pledge.")


def _tell(challenge: Challenge, verb: str, *, by: User, now: datetime) -> None:
    """Write what is public of a challenge into the ledger, then let flags follow."""
    record_rows(table=CHALLENGES, ids=[challenge.pk], verb=verb, by=by, now=now)
    pledges_changed(pledge_ids=[challenge.pledge_id], by=by, now=now)
