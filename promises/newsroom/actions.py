"""What people agree about an item before readers see it, one act a function."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.common.dates import moment_in_words, utc_date
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.newsroom.choices import CommentKind, Ending, Outcome
from promises.newsroom.models import Assignment, Comment, Embargo, Item, PlannedPublication
from promises.newsroom.querysets import pointer_to
from promises.newsroom.rules import LONGEST_PLAN
from promises.updates.actions import return_status_update
from promises.updates.models import StatusUpdate

Row = TypeVar("Row", bound=Model)


class AssignmentOver(Refused):
    """The assignment has been done or withdrawn before."""


class AlreadyPublic(Refused):
    """Readers have seen the item: there is nothing left to plan or to hold back."""


class NothingPlanned(Refused):
    """No publication of the item is planned."""


class NoEmbargo(Refused):
    """The item is under no embargo."""


class UnderEmbargo(Refused):
    """The moment lies before the end of the item's embargo."""


class PlannedEarlier(Refused):
    """The item is planned to appear before the embargo would end."""


@write
def comment_on(*, item: Item, text: str, by: User, now: datetime) -> Comment:
    """Add a remark to the discussion of an item. Raises ValidationError when it is empty."""
    return _say(item, CommentKind.COMMENT, text, by=by, now=now)


@write
def send_back(*, item: Item, reason: str, by: User, now: datetime) -> Item:
    """Make an item in review a draft again, and keep in the discussion what is missing.

    Approvals of a status update so far no longer count. Raises WrongState, NoReason.
    """
    if not reason.strip():
        raise editorial.NoReason(_("Say what is missing: the author has to know."))
    returned: Item
    if isinstance(item, StatusUpdate):
        returned = return_status_update(update=item, by=by, now=now)
    else:
        returned = editorial.send_back(record=item, by=by, now=now)
    _say(item, CommentKind.SENT_BACK, reason, by=by, now=now)
    return returned


@write
def assign(
    *,
    item: Item,
    to: User,
    task: str,
    by: User,
    now: datetime,
    due_on: date | None = None,
    note: str = "",
) -> Assignment:
    """Ask a person to do something with an item by a day.

    Who has it already gets the new task, day and note. Raises ValidationError for a day that has
    passed and for someone who is not a person at work here.
    """
    asked: dict[str, Any] = {"task": task, "due_on": due_on, "note": note}
    (assignment,) = assign_each(items=[item], to=to, by=by, now=now, **asked)
    return assignment


@write
def assign_each(
    *,
    items: Sequence[Item],
    to: User,
    task: str,
    by: User,
    now: datetime,
    due_on: date | None = None,
    note: str = "",
) -> list[Assignment]:
    """Ask a person to do the same with each of these items, all of one kind, or with none.

    As many statements for many items as for one. Raises as `assign` does.
    """
    if due_on is not None and due_on < utc_date(now):
        raise ValidationError({"due_on": _("Choose today or a day that is still to come.")})
    if to.is_service or not to.is_active:
        raise ValidationError({"to": _("Only a person who works here can be given work.")})
    if not items:
        return []
    pointer = pointer_to(items[0])
    has_it = Assignment.objects.given_to(to).filter(**{f"{pointer}__in": items})
    known = {getattr(row, f"{pointer}_id"): row for row in has_it.select_for_update()}
    asked: dict[str, Any] = {
        "task": task,
        "due_on": due_on,
        "note": note.strip(),
        "assigned_by": by,
        "assigned_at": now,
    }
    given = [known.get(item.pk) or Assignment(**{pointer: item}, assigned_to=to) for item in items]
    for row in given:
        for name, value in asked.items():
            setattr(row, name, value)
    # They differ in nothing but the item.
    given[0].full_clean()
    Assignment.objects.filter(pk__in=[row.pk for row in known.values()]).update(**asked)
    Assignment.objects.bulk_create([row for row in given if row.pk is None])
    return given


@write
def finish_assignment(
    *, assignment: Assignment, by: User, now: datetime, note: str = ""
) -> Assignment:
    """Say that the work is done; a note goes into the discussion. Raises AssignmentOver."""
    return _end(assignment, Ending.DONE, note, by=by, now=now)


@write
def withdraw_assignment(
    *, assignment: Assignment, by: User, now: datetime, note: str = ""
) -> Assignment:
    """Take the work off a person; a note goes into the discussion. Raises AssignmentOver."""
    return _end(assignment, Ending.WITHDRAWN, note, by=by, now=now)


@write
def plan_publication(
    *, item: Item, publish_at: datetime, by: User, now: datetime
) -> PlannedPublication:
    """Have an item published at a moment, in the name of `by`; an earlier plan is replaced.

    Whether the rules allow it is asked when the time has come. Raises AlreadyPublic,
    UnderEmbargo, and ValidationError for a moment that has passed or is more than two years off.
    """
    if publish_at <= now:
        raise ValidationError({"publish_at": _("Choose a moment that is still to come.")})
    if publish_at > now + LONGEST_PLAN:
        raise ValidationError({"publish_at": _("Choose a moment within the next two years.")})
    _require_unpublished(item)
    embargo = Embargo.objects.about(item).standing().filter(ends_at__gt=publish_at).first()
    if embargo is not None:
        raise UnderEmbargo(
            _("This is under embargo until %(end)s.") % {"end": moment_in_words(embargo.ends_at)}
        )
    live = PlannedPublication.objects.about(item).live().select_for_update(of=("self",)).first()
    plan = live or PlannedPublication(**{pointer_to(item): item})
    plan.publish_at, plan.planned_by, plan.planned_at = publish_at, by, now
    plan.outcome, plan.ended_at, plan.ended_by, plan.reason = "", None, None, ""
    return _checked_and_saved(plan)


@write
def cancel_plan(*, item: Item, by: User, now: datetime, reason: str = "") -> PlannedPublication:
    """Give up the planned publication of an item, also one set aside. Raises NothingPlanned."""
    plan = PlannedPublication.objects.about(item).live().select_for_update(of=("self",)).first()
    if plan is None:
        raise NothingPlanned(_("Nothing is planned for this, or it has appeared meanwhile."))
    return close_plan(plan=plan, outcome=Outcome.CANCELLED, reason=reason.strip(), by=by, now=now)


@write
def close_plan(
    *, plan: PlannedPublication, outcome: Outcome, reason: str, by: User, now: datetime
) -> PlannedPublication:
    """Write down what became of a plan whose row the caller has locked."""
    plan.outcome, plan.reason = outcome, reason
    plan.ended_at, plan.ended_by = now, by
    plan.save(update_fields=["outcome", "reason", "ended_at", "ended_by"])
    return plan


@write
def set_embargo(*, item: Item, ends_at: datetime, reason: str, by: User, now: datetime) -> Embargo:
    """Hold an item back until a moment; an embargo it is under already is replaced.

    Raises AlreadyPublic, PlannedEarlier, NoReason, and ValidationError for a moment that has
    passed.
    """
    if ends_at <= now:
        raise ValidationError({"ends_at": _("Choose a moment that is still to come.")})
    if not reason.strip():
        raise editorial.NoReason(_("Say what was agreed, and with whom."))
    _require_unpublished(item)
    plans = PlannedPublication.objects.about(item).filter(outcome="", publish_at__lt=ends_at)
    if plan := plans.first():
        raise PlannedEarlier(
            _("This is planned to appear on %(moment)s. Cancel that plan, or move it, first.")
            % {"moment": moment_in_words(plan.publish_at)}
        )
    standing = Embargo.objects.about(item).standing().select_for_update(of=("self",)).first()
    embargo = standing or Embargo(**{pointer_to(item): item})
    embargo.ends_at, embargo.reason = ends_at, reason.strip()
    embargo.set_by, embargo.set_at = by, now
    return _checked_and_saved(embargo)


@write
def lift_embargo(*, item: Item, reason: str, by: User, now: datetime) -> Embargo:
    """End the embargo of an item before its time. Raises NoEmbargo, NoReason."""
    if not reason.strip():
        raise editorial.NoReason(_("Say why it may appear earlier."))
    in_force = Embargo.objects.about(item).in_force(now)
    embargo = in_force.select_for_update(of=("self",)).first()
    if embargo is None:
        raise NoEmbargo(_("This is under no embargo."))
    embargo.lifted_at, embargo.lifted_by, embargo.lift_reason = now, by, reason.strip()
    return _checked_and_saved(embargo)


def _say(item: Item, kind: CommentKind, text: str, *, by: User, now: datetime) -> Comment:
    said = {"kind": kind, "text": text.strip(), "written_by": by, "written_at": now}
    return _checked_and_saved(Comment(**{pointer_to(item): item}, **said))


def _end(
    assignment: Assignment, ending: Ending, note: str, *, by: User, now: datetime
) -> Assignment:
    assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if assignment.ended_at is not None:
        raise AssignmentOver(_("This has been done or withdrawn already."))
    assignment.ended_at, assignment.ended_by, assignment.ending = now, by, ending
    assignment.save(update_fields=["ended_at", "ended_by", "ending"])
    if note.strip():
        comment_on(item=assignment.item, text=note, by=by, now=now)
    return assignment


def _require_unpublished(item: Item) -> None:
    """Raise AlreadyPublic once readers have seen the item, as the database knows it now."""
    kind: Any = type(item)
    if kind.objects.get(pk=item.pk).state not in {State.DRAFT, State.IN_REVIEW}:
        raise AlreadyPublic(_("Readers have seen this already."))


def _checked_and_saved(row: Row) -> Row:
    """Save a row that the rules of its table allow. Raises ValidationError."""
    row.full_clean()
    row.save()
    return row
