"""What people decide about copies: whether one will do, and whether one is needed."""

from datetime import datetime

from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.captures import columns
from promises.captures.choices import CaptureState
from promises.captures.models import Capture, CaptureWaiver
from promises.captures.telling import (
    locked_with_pledges,
    pledge_ids,
    tell_of_copy,
    tell_of_waiver,
)
from promises.common.effects import pledges_changed
from promises.common.refusals import NotAPerson, Refused
from promises.common.text import without_control_characters
from promises.common.writes import write
from promises.editorial.actions import NoReason
from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.ledger.actions import record_tombstones


class NotSuspect(Refused):
    """Only a copy that looks suspect needs a person's word."""


class SetAsideBefore(Refused):
    """It counts no more already."""


class WaivedAlready(Refused):
    """A waiver is in force."""


class NotWaived(Refused):
    """No waiver is in force."""


@write
def confirm_capture(*, capture: Capture, note: str, by: User, now: datetime) -> Capture:
    """Say that a copy that looks suspect is one, and why. Raises NotSuspect, NotAPerson."""
    evidence = locked_with_pledges(capture.evidence)
    capture = Capture.objects.select_for_update(of=("self",)).get(pk=capture.pk)
    if by.is_service or not by.is_active:
        raise NotAPerson(_("Only a person can confirm a copy."))
    if not Capture.objects.suspect().filter(pk=capture.pk).exists():
        raise NotSuspect(_("This copy is not suspect, or someone has decided already."))
    capture.confirmed_at, capture.confirmed_by = now, by
    capture.confirmation_note = _in_words(note)
    capture.save(update_fields=["confirmed_at", "confirmed_by", "confirmation_note"])
    tell_of_copy(capture.pk, evidence, by=by, now=now)
    return capture


@write
def set_aside_capture(*, capture: Capture, reason: str, by: User, now: datetime) -> Capture:
    """Let a copy, or the wish for one, count no more, with a reason. Its files stay.

    Raises SetAsideBefore when it was set aside before.
    """
    evidence = locked_with_pledges(capture.evidence)
    capture = Capture.objects.select_for_update(of=("self",)).get(pk=capture.pk)
    if capture.state == CaptureState.SET_ASIDE:
        raise SetAsideBefore(_("This was set aside before."))
    was_public = capture.is_good and evidence.state == State.PUBLISHED
    if was_public:
        record_tombstones(
            table=columns.CAPTURES, ids=[capture.pk], reason=_in_words(reason), by=by, now=now
        )
    capture.state, capture.next_try_at, capture.leased_until = CaptureState.SET_ASIDE, None, None
    capture.set_aside_at, capture.set_aside_by = now, by
    capture.set_aside_reason = _in_words(reason)
    capture.save(update_fields=_SET_ASIDE)
    pledges_changed(pledge_ids=pledge_ids(evidence), by=by, now=now)
    return capture


_SET_ASIDE = [
    "state",
    "next_try_at",
    "leased_until",
    "set_aside_at",
    "set_aside_by",
    "set_aside_reason",
]


@write
def waive_capture(*, evidence: Evidence, reason: str, by: User, now: datetime) -> CaptureWaiver:
    """Let evidence be cited without a copy, for a reason that readers see.

    Raises WaivedAlready, NotAPerson, ValidationError.
    """
    evidence = locked_with_pledges(evidence)
    if by.is_service or not by.is_active:
        raise NotAPerson(_("Only a person can do without a copy."))
    if CaptureWaiver.objects.in_force().filter(evidence=evidence).exists():
        raise WaivedAlready(_("A copy is waived already. End that first, to give another reason."))
    waiver = CaptureWaiver(evidence=evidence, reason=_in_words(reason), waived_at=now, waived_by=by)
    without_control_characters(waiver.reason)
    waiver.save(force_insert=True)
    tell_of_waiver(waiver, evidence, by=by, now=now)
    return waiver


@write
def end_waiver(*, evidence: Evidence, by: User, now: datetime) -> CaptureWaiver:
    """Ask for a copy again where it was waived. Raises NotWaived."""
    evidence = locked_with_pledges(evidence)
    waiver = CaptureWaiver.objects.in_force().filter(evidence=evidence).first()
    if waiver is None:
        raise NotWaived(_("No copy is waived here."))
    waiver.ended_at, waiver.ended_by = now, by
    waiver.save(update_fields=["ended_at", "ended_by"])
    tell_of_waiver(waiver, evidence, by=by, now=now)
    return waiver


def _in_words(reason: str) -> str:
    """Return a reason without blanks around it. Raises NoReason."""
    if not reason.strip():
        raise NoReason(_("Say why, in words."))
    return reason.strip()
