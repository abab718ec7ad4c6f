"""What the front page says of the newsroom: work, what came back, what is to appear."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.desk.newsroom_view import due_words, moment
from promises.evidence.models import Evidence
from promises.newsroom.models import Assignment, Comment, PlannedPublication
from promises.pledges.models import Pledge

# A title, the rows, the filter of the list that shows them all, and what to say of each.
Waiting = tuple[Any, QuerySet[Any], str, Callable[[Any], str]]


def newsroom_waiting(person: User, now: datetime) -> list[Waiting]:
    """Return what waits for this person before readers see it."""
    pledges, pieces = Pledge.objects, Evidence.objects
    return [
        (_("Pledges that came back to me"),
         with_reason(pledges.returned_to(person)), "waits=author", came_back),
        (_("Evidence that came back to me"),
         with_reason(pieces.returned_to(person)), "waits=author", came_back),
        (_("Assigned to me"), Assignment.objects.given_to(person).most_urgent_first(),
         "hands=mine", lambda work: due_words(work, utc_date(now))),
        (_("Pledges to look over"),
         pledges.handed_in_by_others(person).order_by("submitted_at"), "waits=review", _handed_in),
        (_("Evidence to look over"),
         pieces.handed_in_by_others(person).order_by("submitted_at"), "waits=review", _handed_in),
        (_("Planned publications"), PlannedPublication.objects.waiting(), "plan=waiting", _planned),
    ]  # fmt: skip


def with_reason(rows: Any) -> Any:
    """Add `sent_back_because` to items that came back, the newest first."""
    reason = Comment.objects.newest_reason_for(rows.model)
    return rows.annotate(sent_back_because=reason).order_by("-submitted_at", "pk")


def came_back(row: Any) -> str:
    """Return why an item came back, as far as a line holds it."""
    return Truncator(row.sent_back_because or "").chars(160)


def _handed_in(row: Any) -> str:
    return gettext("handed in %(day)s") % {"day": date_format(row.submitted_at)}


def _planned(plan: PlannedPublication) -> str:
    if plan.outcome:
        return gettext("set aside: %(reason)s") % {"reason": plan.reason}
    return moment(plan.publish_at)
