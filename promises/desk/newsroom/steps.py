"""Steps of pledges, evidence and status updates before readers see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.newsroom.forms import (
    AssignForm,
    CancelForm,
    CommentForm,
    EmbargoForm,
    LiftForm,
    PlanForm,
    WorkDoneForm,
)
from promises.desk.newsroom.view import newsroom_of
from promises.desk.reach import require_reach
from promises.desk.saving.forms import ReturnForm
from promises.desk.saving.steps import Step, each
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.newsroom import actions
from promises.newsroom.models import Assignment, Item


def _is_unpublished(item: Item, _person: User) -> bool:
    return item.state in {State.DRAFT, State.IN_REVIEW}


def _finish_mine(records: Iterable[Item], *, by: User, now: datetime, note: str) -> None:
    """Finish what this person has to do with each of these items."""
    for item in records:
        mine = Assignment.objects.about(item).given_to(by).first()
        if mine is None:
            raise actions.AssignmentOver(_now("You have nothing left to do here."))
        actions.finish_assignment(assignment=mine, note=note, by=by, now=now)


def _assign(records: Iterable[Item], *, to: User, **given: Any) -> None:
    """Ask someone to do something with each of these items, which they have to be able to see."""
    items = list(records)
    require_reach(items, to)
    actions.assign_each(items=items, to=to, **given)


def _has_work(item: Item, person: User) -> bool:
    return any(one.assigned_to_id == person.pk for one in newsroom_of(item).assignments)


def _is_planned(item: Item, person: User) -> bool:
    return _is_unpublished(item, person) and newsroom_of(item).plan is not None


def _planned_moment(item: Item) -> dict[str, Any]:
    plan = newsroom_of(item).plan
    return {"publish_at": plan.publish_at} if plan else {}


def _embargo_so_far(item: Item) -> dict[str, Any]:
    embargo = newsroom_of(item).embargo
    return {"ends_at": embargo.ends_at, "reason": embargo.reason} if embargo else {}


HAND_IN = Step(
    name="submit",
    label=_("Hand in"),
    explains=_("Someone else looks at it before it is published."),
    done=_("Handed in"),
    act=each(editorial.submit, "record"),
    is_offered=lambda item, _user: item.state == State.DRAFT,
    in_batch=True,
)

SEND_BACK = Step(
    name="return",
    label=_("Send back"),
    explains=_("It becomes a draft again, and its author sees on the front page what is missing."),
    done=_("Sent back"),
    act=each(actions.send_back, "item"),
    asks=ReturnForm,
    is_offered=lambda item, _user: item.state == State.IN_REVIEW,
)

# What stands beside the discussion on the page of an item.
ASIDE = (
    Step(
        name="comment",
        label=_("Comment"),
        explains=_("Everyone at the desk can read it; readers never do."),
        done=_("Commented"),
        act=each(actions.comment_on, "item"),
        asks=CommentForm,
        is_aside=True,
    ),
    Step(
        name="assign",
        label=_("Assign"),
        explains=_(
            "It stands on that person's front page. Who has work here already gets the new task"
            " and day instead."
        ),
        done=_("Assigned"),
        act=_assign,
        asks=AssignForm,
        offers_by_record=True,
        is_aside=True,
        in_batch=True,
        is_set_based=True,
    ),
    Step(
        name="finish",
        label=_("My work is done"),
        explains=_("It leaves your front page."),
        done=_("Work done"),
        act=_finish_mine,
        asks=WorkDoneForm,
        is_offered=_has_work,
        is_aside=True,
    ),
    Step(
        name="plan",
        label=_("Plan publication"),
        explains=_(
            "It is published in your name at that time, if the rules allow it then. If not, it is"
            " set aside with the reason. An earlier plan is replaced."
        ),
        done=_("Publication planned"),
        act=each(actions.plan_publication, "item"),
        asks=PlanForm,
        is_offered=_is_unpublished,
        initial=_planned_moment,
        is_aside=True,
        in_batch=True,
    ),
    Step(
        name="unplan",
        label=_("Cancel the plan"),
        explains=_("It is not published by itself any more."),
        done=_("Plan cancelled"),
        act=each(actions.cancel_plan, "item"),
        asks=CancelForm,
        is_offered=_is_planned,
        is_aside=True,
    ),
    Step(
        name="embargo",
        label=_("Embargo"),
        explains=_("Until then nobody can publish it, whatever they try."),
        done=_("Embargo set"),
        act=each(actions.set_embargo, "item"),
        asks=EmbargoForm,
        is_offered=_is_unpublished,
        initial=_embargo_so_far,
        is_aside=True,
    ),
    Step(
        name="lift",
        label=_("Lift the embargo"),
        explains=_("It can be published at once."),
        done=_("Embargo lifted"),
        act=each(actions.lift_embargo, "item"),
        asks=LiftForm,
        is_offered=lambda item, _user: newsroom_of(item).embargo is not None,
        is_aside=True,
    ),
)
