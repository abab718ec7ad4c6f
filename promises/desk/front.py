"""What waits for the person at the desk, box by box."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Count, Model, QuerySet, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from promises.common.dates import utc_date
from promises.desk.newsroom_front import came_back, newsroom_waiting, with_reason
from promises.desk.outside import from_outside
from promises.desk.reach import within_reach
from promises.desk.steps import editor
from promises.evidence.models import Evidence
from promises.newsroom.models import Assignment, PlannedPublication
from promises.newsroom.querysets import NAMES
from promises.pledges.models import Pledge
from promises.staleness.models import StaleFlag
from promises.updates.models import StatusUpdate

SHOWN = 5
# What waits only for those who may do it.
FOR = {
    "waits=approval": "updates.approve_statusupdate",
    "waits=publication": "updates.publish_statusupdate",
    "waits=confirmation": "updates.approve_statusupdate",
}


@dataclass(frozen=True)
class Row:
    """One thing that waits: what it is, where it is, and what to know about it."""

    text: str
    address: str
    note: str = ""


@dataclass(frozen=True)
class Box:
    """What waits for one reason: how many, the first of them, and the list of them all."""

    title: str | Promise
    count: int
    rows: list[Row]
    address: str


def front_boxes(*, site: AdminSite, request: HttpRequest, now: datetime) -> list[Box]:
    """Return the boxes that this person may see. One query a box, however much waits."""
    person = editor(request)
    updates, flags = StatusUpdate.objects, StaleFlag.objects.awake(now).oldest_first()
    waiting: list[tuple[Any, QuerySet[Any], str, Callable[[Any], str]]] = [
        (_("Waits for my approval"), updates.awaiting_approval_by(person).order_by("submitted_at"),
         "waits=approval", _rating),
        (_("Approved, to be published"), updates.ready_to_publish().order_by("submitted_at"),
         "waits=publication", _rating),
        (_("Came back to me"), with_reason(updates.returned_to(person)),
         "waits=author", came_back),
        *newsroom_waiting(person, now),
        (_("Stale and mine"), flags.in_hands_of(person), "hands=mine", _why(now)),
        (_("Stale and nobody's"), flags.in_hands_of(None), "hands=nobody", _why(now)),
        (_("My draft updates"), updates.drafts_of(person).order_by("-created_at"),
         "drafts=mine", _rating),
        (_("My draft pledges"), Pledge.objects.drafts_of(person).order_by("-created_at"),
         "drafts=mine", _written),
        (_("My draft evidence"), Evidence.objects.drafts_of(person).order_by("-created_at"),
         "drafts=mine", _written),
        (_("Imported ratings to confirm"), updates.awaiting_confirmation_by(person).newest_first(),
         "waits=confirmation", _rating),
        from_outside(now),
    ]  # fmt: skip
    return [
        _box(site, title, within_reach(rows, person), filters, note)
        for title, rows, filters, note in waiting
        if site.get_model_admin(rows.model).has_view_permission(request)
        and (filters not in FOR or person.has_perm(FOR[filters]))
    ]


def _box(
    site: AdminSite,
    title: Any,
    rows: QuerySet[Any],
    filters: str,
    note: Callable[[Any], str],
) -> Box:
    """Read the first rows of a box together with how many there are."""
    found = list(_named(rows).annotate(waiting=Window(Count("pk")))[:SHOWN])
    return Box(
        title=title,
        count=found[0].waiting if found else 0,
        rows=[_row(site, row, note) for row in found],
        address=f"{_address(site, rows.model, 'changelist')}?{filters}",
    )


def _row(site: AdminSite, row: Any, note: Callable[[Any], str]) -> Row:
    """Return what waits, linked to the record that it is about."""
    record = row.item if isinstance(row, Assignment | PlannedPublication) else row
    return Row(_name(record), _address(site, record, "change", record.pk), note(row))


def _named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Bring what the name of a row shows."""
    names: dict[Any, Iterable[str]] = {
        Pledge: ["person"],
        Evidence: [],
        Assignment: NAMES,
        PlannedPublication: NAMES,
    }
    related = names.get(rows.model, ["pledge__person"])
    return rows.select_related(*related) if related else rows


def _address(site: AdminSite, of: Model | type[Model], view: str, *args: Any) -> str:
    return reverse(f"{site.name}:{of._meta.app_label}_{of._meta.model_name}_{view}", args=args)


def _name(row: Any) -> str:
    """Return whose pledge it is about, or the title of evidence."""
    if isinstance(row, Evidence):
        return row.title
    pledge = row if isinstance(row, Pledge) else row.pledge
    return f"{pledge.person}: {pledge}"


def _rating(update: StatusUpdate) -> str:
    return f"{update.get_status_display()}, {date_format(update.effective_on)}"


def _written(row: Any) -> str:
    return date_format(row.created_at)


def _why(now: datetime) -> Callable[[StaleFlag], str]:
    def why(flag: StaleFlag) -> str:
        days = (utc_date(now) - flag.stale_since).days
        words = ngettext("%(reason)s, %(days)d day", "%(reason)s, %(days)d days", days)
        return words % {"reason": flag.get_reason_display(), "days": days}

    return why
