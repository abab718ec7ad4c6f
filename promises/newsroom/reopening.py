"""Gives a rating back to a person when evidence that it rests on is withdrawn."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.common.writes import write
from promises.evidence.models import Evidence
from promises.newsroom.actions import assign
from promises.newsroom.choices import Task
from promises.newsroom.models import Assignment
from promises.updates.models import StatusUpdate

# How long someone has to look whether a rating stands without the evidence it cites.
_LOOK_WITHIN = timedelta(days=7)


@write
def reopen_statuses(
    *, evidence_ids: Collection[int], reason: str, by: User, now: datetime
) -> list[Assignment]:
    """Ask a person to look again at each status that rests on withdrawn evidence.

    The status itself stays as it is: whether it stands without the evidence is for a person to
    say (settings.EVIDENCE_EFFECTS). It goes to who published it, else to who wrote it, else to
    who withdrew the evidence. Who has the update in hand already gets this on top.
    """
    opened = []
    for piece in Evidence.objects.filter(pk__in=evidence_ids).order_by("pk"):
        why = _("“%(title)s”, which this rests on, was withdrawn: %(reason)s") % {
            "title": piece.title,
            "reason": reason,
        }
        for update in _resting_on(piece):
            to = next((one for one in _people(update, by) if _works_here(one)), None)
            if to is not None:
                opened.append(_ask(update, why, to, by=by, now=now))
    return opened


def _resting_on(piece: Evidence) -> list[StatusUpdate]:
    updates = StatusUpdate.objects.resting_on([piece.pk]).order_by("pk")
    return list(updates.select_related("published_by", "created_by", "pledge"))


def _people(update: StatusUpdate, by: User) -> list[User]:
    published = [update.published_by] if update.published_by else []
    return [*published, update.created_by, by]


def _works_here(person: User) -> bool:
    return person.is_active and not person.is_service


def _ask(update: StatusUpdate, why: str, to: User, *, by: User, now: datetime) -> Assignment:
    before = Assignment.objects.about(update).given_to(to).first()
    note = f"{before.note}\n{why}".strip() if before else why
    task = before.task if before else Task.REVIEW
    due_on = utc_date(now + _LOOK_WITHIN)
    if before and before.due_on and utc_date(now) <= before.due_on < due_on:
        due_on = before.due_on
    return assign(item=update, to=to, task=task, note=note, due_on=due_on, by=by, now=now)
