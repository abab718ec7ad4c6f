"""What is due becomes public: one item a transaction, in order, each exactly once.

The one entry point is `publish_due`. It may run late, doubled, or be killed half-way: PostgreSQL
holds what is still to be done, so the next run goes on where this one stopped.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.accounts.rights import right
from promises.common import locks
from promises.common.refusals import Refused, said_by_trigger
from promises.editorial.choices import State
from promises.evidence.actions import publish_evidence
from promises.evidence.models import Evidence
from promises.newsroom.actions import close_plan
from promises.newsroom.choices import Outcome
from promises.newsroom.models import PlannedPublication
from promises.pledges.actions import publish_pledge
from promises.pledges.models import Pledge
from promises.updates.actions import publish_status_update
from promises.updates.models import StatusUpdate

logger = logging.getLogger(__name__)

# How long an item that an editor is writing to at this moment is waited for. Then the next one
# has its turn, and the run after this one tries again.
WAIT = "5s"

_PUBLISH: dict[type[Any], tuple[Callable[..., Any], str]] = {
    Pledge: (publish_pledge, "pledge"),
    Evidence: (publish_evidence, "evidence"),
    StatusUpdate: (publish_status_update, "update"),
}


class PlannerGone(Refused):
    """Who planned the publication can no longer publish, so nobody stands behind it."""


@dataclass(frozen=True)
class PublishedDue:
    """What a run did: items it published, set aside with a reason, and left to the next run."""

    published: int = 0
    set_aside: int = 0
    postponed: int = 0


@dataclass(frozen=True)
class _Done:
    """What became of one plan; `outcome` is None where the next run tries again."""

    plan: PlannedPublication
    outcome: Outcome | None


def publish_due(*, by: User, now: datetime) -> PublishedDue:
    """Publish everything whose time has come at `now`, in the order of the times.

    `by` signs what is set aside; what is published is signed by the person who planned it. When
    another run is under way this one leaves the rest to it: an item may rest on the one before.
    """
    outcomes: list[Outcome | None] = []
    after = None
    while (done := publish_next(by=by, now=now, after=after)) is not None:
        outcomes.append(done.outcome)
        after = done.plan
    return PublishedDue(
        published=outcomes.count(Outcome.PUBLISHED),
        set_aside=outcomes.count(Outcome.SET_ASIDE),
        postponed=outcomes.count(None),
    )


@transaction.atomic
def publish_next(*, by: User, now: datetime, after: PlannedPublication | None) -> _Done | None:
    """Publish the first due item after that one, or set it aside; return None at the end.

    1. Take the lock of publishing, or leave the rest to who holds it.
    2. Lock the plan; one that an editor is just changing is left alone.
    3. Publish by the item's own action; a refusal becomes the reason for which it is set aside.
    """
    due = PlannedPublication.objects.due(now)
    if after is not None:
        later = Q(publish_at__gt=after.publish_at)
        due = due.filter(later | Q(publish_at=after.publish_at, pk__gt=after.pk))
    # Asked first, because it costs next to nothing and is nearly always the end of it.
    if not due.exists() or not _is_alone():
        return None
    plan = due.select_for_update(of=("self",), skip_locked=True).first()
    if plan is None:
        return None
    if plan.item.state in {State.PUBLISHED, State.RETRACTED}:
        reason = _("It was published by hand before its time.")
        close_plan(plan=plan, outcome=Outcome.CANCELLED, reason=reason, by=by, now=now)
        return _Done(plan, Outcome.CANCELLED)
    try:
        fault = _fault_in_publishing(plan, now)
    except OperationalError:
        # A lock not given in time, a deadlock broken by PostgreSQL: nothing is wrong with the
        # item. If it is the connection that is gone, the end of the transaction raises.
        logger.warning("Planned publication %s is left to the next run.", plan.pk, exc_info=True)
        return _Done(plan, None)
    outcome = Outcome.SET_ASIDE if fault else Outcome.PUBLISHED
    ended_by = by if fault else plan.planned_by
    close_plan(plan=plan, outcome=outcome, reason=fault, by=ended_by, now=now)
    return _Done(plan, outcome)


def _is_alone() -> bool:
    """Tell whether no other run publishes; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [locks.PUBLISHING])
        return bool(cursor.fetchone()[0])


def _fault_in_publishing(plan: PlannedPublication, now: datetime) -> str:
    """Publish the item of a plan, or change nothing and return why not. Raises OperationalError."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
            _require_planner(plan)
            act, name = _PUBLISH[type(plan.item)]
            act(**{name: plan.item}, by=plan.planned_by, now=now)
    except (Refused, ValidationError, IntegrityError) as error:
        return _in_words(error)
    except OperationalError:
        raise
    except Exception as error:
        # A fault of the program in one item must not keep the others from the public.
        logger.exception("Planned publication %s failed.", plan.pk)
        return _("A fault of the program (%(name)s). Tell whoever keeps it running.") % {
            "name": type(error).__name__
        }
    return ""


def _require_planner(plan: PlannedPublication) -> None:
    """Raise PlannerGone unless who planned it could still press the button."""
    planner = plan.planned_by
    if not planner.is_active:
        words = _("%(name)s, who planned this, no longer works here. Someone else plans it.")
        raise PlannerGone(words % {"name": planner})
    if not planner.has_perm(right(plan.item._meta.label, "publish")):
        words = _("%(name)s, who planned this, may no longer publish it. Someone else plans it.")
        raise PlannerGone(words % {"name": planner})


def _in_words(error: Exception) -> str:
    """Return what a refusal says to people: triggers of the database speak in sentences."""
    if isinstance(error, ValidationError):
        return " ".join(str(message) for message in error.messages)
    return said_by_trigger(error)
