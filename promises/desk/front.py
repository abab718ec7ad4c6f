"""What waits for the person at the desk, box by box. Each admin says what waits in its table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.accounts.rights import right
from promises.desk.lists.large import CappedCount
from promises.desk.reach import within_reach
from promises.desk.saving.steps import editor
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from promises.updates.models import StatusUpdate

SHOWN = 5
# How many of a box are counted: the number is to say how much waits, not to read the table.
COUNTED = 500
# The query of the lists that keeps what one handed in.
HANDED_IN = "waits=others"


@dataclass(frozen=True)
class Waiting:
    """One box of the front page, as the admin of its table declares it in `boxes`.

    `place` orders the boxes of all tables: what presses comes first. `filters` is the query of
    the list that shows the same rows.
    """

    place: int
    title: str | Promise
    rows: Callable[[User, datetime], QuerySet[Any]]
    filters: str
    name: Callable[[Any], str] = str
    note: Callable[[Any, datetime], str] = lambda row, now: ""
    # The right without which nobody is asked to do it.
    needs: str = ""
    # What a row is about, where that is another record: the one it links to.
    about: Callable[[Any], Model] = lambda row: row


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

    @property
    def count_in_words(self) -> str:
        """How many there are, counted no further than worth knowing."""
        return str(self.count) if self.count <= COUNTED else _("%(count)d+") % {"count": COUNTED}


def front_boxes(*, site: AdminSite, request: HttpRequest, now: datetime) -> list[Box]:
    """Return the boxes that this person may see. One query a box, however much waits."""
    declared: list[tuple[type[Model], Waiting]] = [
        (model, box)
        for model, admin in site._registry.items()
        for box in getattr(admin, "boxes", ())
        if admin.has_view_permission(request) and _is_asked(editor(request), box)
    ]
    in_order = sorted(declared, key=lambda pair: pair[1].place)
    return [_box(site, model, box, editor(request), now) for model, box in in_order]


def handed_in(*, site: AdminSite, person: User) -> list[Row]:
    """Return the lists of what this person handed in, of each kind they may: it is with others."""
    return [
        Row(capfirst(str(model._meta.verbose_name_plural)), f"{there}?{HANDED_IN}")
        for model in (Pledge, Evidence, StatusUpdate)
        if person.has_perm(right(model._meta.label, "submit"))
        and (there := _address(site, model, "changelist"))
    ]


def _is_asked(person: User, box: Waiting) -> bool:
    return not box.needs or person.has_perm(box.needs)


def item_name(item: Any) -> str:
    """Return how a pledge, a piece of evidence or a status update is named in a line."""
    if isinstance(item, Evidence):
        return item.title
    return f"{item.person}: {item}" if isinstance(item, Pledge) else pledge_of(item)


def pledge_of(row: Any) -> str:
    """Return whose pledge a row is about: titles repeat."""
    return f"{row.pledge.person}: {row.pledge}"


def _box(site: AdminSite, model: type[Model], box: Waiting, person: User, now: datetime) -> Box:
    """Read the first rows of a box together with how many there are."""
    rows = within_reach(box.rows(person, now), person)
    found: Sequence[Any] = rows.annotate(waiting=CappedCount(rows, COUNTED + 1))[:SHOWN]
    return Box(
        title=box.title,
        count=found[0].waiting if (found := list(found)) else 0,
        rows=[
            Row(box.name(row), _change(site, box.about(row)), box.note(row, now)) for row in found
        ],
        address=f"{_address(site, model, 'changelist')}?{box.filters}",
    )


def _change(site: AdminSite, record: Model) -> str:
    return _address(site, type(record), "change", record.pk)


def _address(site: AdminSite, of: type[Model], view: str, *args: Any) -> str:
    return reverse(f"{site.name}:{of._meta.app_label}_{of._meta.model_name}_{view}", args=args)
