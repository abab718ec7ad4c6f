"""What waits on the front page in the tables of pledges, evidence, updates and staleness.

Places, from what presses to what can wait: 10 stale and mine, 15 assigned to me, 20 for my
approval, 30 came back, 35 from outside, 40 due this week, 45 to look over, 50 to be published,
60 nobody's, 70 drafts, 80 imported.
"""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.desk.front import Waiting, pledge_of
from promises.desk.lists.filters import deadline_this_week, look_again_this_week
from promises.desk.newsroom.front import (
    EVIDENCE_CAME_BACK,
    EVIDENCE_TO_LOOK_OVER,
    PLEDGES_CAME_BACK,
    PLEDGES_TO_LOOK_OVER,
    came_back,
    with_reason,
)
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from promises.staleness.models import StaleFlag
from promises.staleness.querysets import StaleFlagQuerySet
from promises.updates.models import StatusUpdate
from promises.updates.querysets import StatusUpdateQuerySet


def _flags(now: datetime) -> StaleFlagQuerySet:
    return StaleFlag.objects.awake(now).oldest_first().select_related("pledge__person")


def _updates() -> StatusUpdateQuerySet:
    return StatusUpdate.objects.select_related("pledge__person")


def _mine(person: User, now: datetime) -> StaleFlagQuerySet:
    return _flags(now).in_hands_of(person)


def _nobodys(person: User, now: datetime) -> StaleFlagQuerySet:
    return _flags(now).in_hands_of(None)


def _why(flag: StaleFlag, now: datetime) -> str:
    days = (utc_date(now) - flag.stale_since).days
    words = ngettext("%(reason)s, %(days)d day", "%(reason)s, %(days)d days", days)
    return words % {"reason": flag.get_reason_display(), "days": days}


OF_FLAGS = (
    Waiting(10, gettext_lazy("Stale and mine"), _mine, "hands=mine", pledge_of, _why),
    Waiting(60, gettext_lazy("Stale and nobody's"), _nobodys, "hands=nobody", pledge_of, _why),
)


def _whose(pledge: Pledge) -> str:
    return f"{pledge.person}: {pledge}"


def _written(row: Any, now: datetime) -> str:
    return date_format(row.created_at)


def _again_by(pledge: Pledge, now: datetime) -> str:
    return _("by %(day)s") % {"day": date_format(pledge.review_due_on or now)}


def _due(pledge: Pledge, now: datetime) -> str:
    return date_format(pledge.due_on or now)


OF_PLEDGES = (
    PLEDGES_CAME_BACK,
    PLEDGES_TO_LOOK_OVER,
    Waiting(
        40,
        gettext_lazy("Look again this week"),
        lambda person, now: look_again_this_week(Pledge.objects.select_related("person"), now),
        "due=review",
        _whose,
        _again_by,
    ),
    Waiting(
        41,
        gettext_lazy("Deadline this week"),
        lambda person, now: deadline_this_week(Pledge.objects.select_related("person"), now),
        "due=deadline",
        _whose,
        _due,
    ),
    Waiting(
        71,
        gettext_lazy("My draft pledges"),
        lambda person, now: (
            Pledge.objects.drafts_of(person).select_related("person").order_by("-created_at", "-pk")
        ),
        "drafts=mine",
        _whose,
        _written,
    ),
)
OF_EVIDENCE = (
    EVIDENCE_CAME_BACK,
    EVIDENCE_TO_LOOK_OVER,
    Waiting(
        72,
        gettext_lazy("My draft evidence"),
        lambda person, now: Evidence.objects.drafts_of(person).order_by("-created_at", "-pk"),
        "drafts=mine",
        str,
        _written,
    ),
)


def _rating(update: StatusUpdate, now: datetime) -> str:
    return f"{update.get_status_display()}, {date_format(update.effective_on)}"


OF_UPDATES = (
    Waiting(
        20,
        gettext_lazy("Waits for my approval"),
        lambda person, now: _updates().awaiting_approval_by(person).order_by("submitted_at", "pk"),
        "waits=approval",
        pledge_of,
        _rating,
        needs="updates.approve_statusupdate",
    ),
    Waiting(
        30,
        gettext_lazy("Came back to me"),
        lambda person, now: with_reason(_updates().returned_to(person)),
        "waits=author",
        pledge_of,
        came_back,
    ),
    Waiting(
        50,
        gettext_lazy("Approved, to be published"),
        lambda person, now: _updates().ready_to_publish().order_by("submitted_at", "pk"),
        "waits=publication",
        pledge_of,
        _rating,
        needs="updates.publish_statusupdate",
    ),
    Waiting(
        70,
        gettext_lazy("My draft status updates"),
        lambda person, now: _updates().drafts_of(person).order_by("-created_at", "-pk"),
        "drafts=mine",
        pledge_of,
        _rating,
    ),
    Waiting(
        80,
        gettext_lazy("Imported status updates to confirm"),
        lambda person, now: _updates().awaiting_confirmation_by(person).order_by("-pk"),
        "waits=confirmation",
        pledge_of,
        _rating,
        needs="updates.approve_statusupdate",
    ),
)
