"""What the front page says of the newsroom: work, what came back, what is to appear."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import moment_in_words, utc_date
from promises.desk.front import Waiting, item_name
from promises.desk.newsroom.view import due_words
from promises.evidence.models import Evidence
from promises.newsroom.models import Assignment, Comment, PlannedPublication
from promises.newsroom.querysets import NAMES
from promises.pledges.models import Pledge


def with_reason(rows: Any) -> Any:
    """Add `sent_back_because` to items that came back, the newest first."""
    reason = Comment.objects.newest_reason_for(rows.model)
    return rows.annotate(sent_back_because=reason).order_by("-submitted_at", "pk")


def came_back(row: Any, now: datetime) -> str:
    """Return why an item came back, as far as a line holds it."""
    return Truncator(row.sent_back_because or "").chars(160)


def _handed_in(row: Any, now: datetime) -> str:
    return gettext("handed in %(day)s") % {"day": date_format(row.submitted_at)}


def _planned(plan: PlannedPublication, now: datetime) -> str:
    if plan.outcome:
        return gettext("set aside: %(reason)s") % {"reason": plan.reason}
    return moment_in_words(plan.publish_at)


def _about(row: Any) -> Any:
    return row.item


def _name(row: Any) -> str:
    return item_name(row.item)


def _urgent(person: User, now: datetime) -> Any:
    return Assignment.objects.given_to(person).select_related(*NAMES).most_urgent_first()


def _due(work: Assignment, now: datetime) -> str:
    return due_words(work, utc_date(now))


OF_ASSIGNMENTS = (
    Waiting(15, _("Assigned to me"), _urgent, "hands=mine", _name, _due, about=_about),
)
OF_PLANS = (
    Waiting(
        51,
        _("Planned publications"),
        lambda person, now: PlannedPublication.objects.waiting().select_related(*NAMES),
        "plan=waiting",
        _name,
        _planned,
        about=_about,
    ),
)
PLEDGES_CAME_BACK = Waiting(
    31,
    _("Pledges that came back to me"),
    lambda person, now: with_reason(Pledge.objects.returned_to(person).select_related("person")),
    "waits=author",
    item_name,
    came_back,
)
EVIDENCE_CAME_BACK = Waiting(
    32,
    _("Evidence that came back to me"),
    lambda person, now: with_reason(Evidence.objects.returned_to(person)),
    "waits=author",
    item_name,
    came_back,
)
PLEDGES_TO_LOOK_OVER = Waiting(
    45,
    _("Pledges to look over"),
    lambda person, now: (
        Pledge.objects.handed_in_by_others(person)
        .select_related("person")
        .order_by("submitted_at", "pk")
    ),
    "waits=review",
    item_name,
    _handed_in,
)
EVIDENCE_TO_LOOK_OVER = Waiting(
    46,
    _("Evidence to look over"),
    lambda person, now: Evidence.objects.handed_in_by_others(person).order_by("submitted_at", "pk"),
    "waits=review",
    item_name,
    _handed_in,
)
