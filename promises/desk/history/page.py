"""The history of a record on the desk: every change, field by field, by whatever door it came."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from promises.common.history import events_of
from promises.common.numbers import FEW_DIGITS, whole_number
from promises.common.word_diff import Piece, word_diff
from promises.desk.history.events import Happening, happenings
from promises.desk.history.words import action_in_words
from promises.desk.saving.refusals import REFUSALS, spoken
from promises.desk.saving.steps import editor
from promises.desk.saving.worded import Names, in_words, is_prose, label, shown_fields
from promises.editorial.choices import State
from promises.updates.restoring import RESTORED, restore_draft

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    StockAdmin = ModelAdmin[Any]
else:
    StockAdmin = object


@dataclass(frozen=True)
class Change:
    """One field: what it said and says; for prose also word by word."""

    label: str
    before: str
    after: str
    pieces: list[Piece]


@dataclass(frozen=True)
class RowChange:
    """One row that was added, changed or removed. The record itself has no name here."""

    kind: str
    name: str
    changes: list[Change]


@dataclass(frozen=True)
class Entry:
    """One act: who did what, when, why and from where, and which rows it changed."""

    when: datetime
    who: str
    action: str
    why: str
    request: str
    rows: list[RowChange]
    # The event of the record whose words can be put back, where there is one.
    event_id: int | None
    is_newest: bool


class WithHistoryPage(StockAdmin):
    """An admin whose history page reads what the database noted, not what the desk remembers."""

    def construct_change_message(self, *args: Any, **given: Any) -> Any:
        """Name rows without their full stop: the sentence of the log ends with one."""
        parts: Any = super().construct_change_message(*args, **given)
        for said in (act for part in parts for act in part.values() if "object" in act):
            said["object"] = said["object"].removesuffix(".")
        return parts

    def get_urls(self) -> list[URLPattern]:
        """Add where an older version is put back."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        view = self.admin_site.admin_view(require_POST(self.restore_view))
        there = path("<path:object_id>/restore/<int:event_id>/", view, name=name)
        return [there, *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show every change of a record and of what belongs to it, newest first."""
        if events_of(self.model) is None:
            return super().history_view(request, object_id, extra_context)
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        page, found = happenings(record, request.GET.get("p", "1"), editor(request))
        names = Names(self.admin_site, request)
        for happening in found:
            _want(happening, names)
        names.find()
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "opts": self.opts,
            "object": record,
            "name": self.name_of(record),  # type: ignore[attr-defined]
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "entries": list(_entries(found, names, page.number == 1)),
            "can_restore": self._can_restore(request, record),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def restore_view(self, request: HttpRequest, object_id: str, event_id: int) -> HttpResponse:
        """Put the words of an older version of a draft back, as a new change."""
        record = self.get_object(request, unquote(object_id))
        events = events_of(self.model)
        event = events.objects.filter(pgh_id=event_id).first() if events else None
        if record is None or event is None or type(record) not in RESTORED:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        seen = request.POST.get("seen_version", "")
        moment = date_format(timezone.localtime(event.pgh_created_at), "DATETIME_FORMAT")
        try:
            # The permission to change a draft; what is published is refused by the action.
            if record.state == State.DRAFT and not self.has_change_permission(request, record):
                raise PermissionDenied
            restore_draft(
                record=record,
                event=event,
                seen_version=whole_number(seen, FEW_DIGITS),
                reason=_("Put back the words of %(moment)s.") % {"moment": moment},
                by=editor(request),
                now=timezone.now(),
            )
        except REFUSALS as error:
            self.message_user(request, " ".join(spoken(error).messages), messages.ERROR)
        else:
            self.message_user(
                request, _("The words of %(moment)s stand again.") % {"moment": moment}
            )
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_history"
        return HttpResponseRedirect(reverse(name, args=[object_id]))

    def _can_restore(self, request: HttpRequest, record: Any) -> bool:
        is_draft = type(record) in RESTORED and record.state == State.DRAFT
        return is_draft and self.has_change_permission(request, record)


def _want(happening: Happening, names: Names) -> None:
    """Note whose names the words of this change will need."""
    for field in shown_fields(happening.model, ()):
        for event in (happening.before, happening.after):
            names.want(field, getattr(event, field.attname, None))


def _entries(found: list[Happening], names: Names, is_first_page: bool) -> Iterator[Entry]:
    """Yield one entry for each act: changes noted under one context belong together."""
    is_newest = is_first_page
    for number, (_key, group) in enumerate(groupby(enumerate(found), key=_act)):
        rows = [happening for _number, happening in group]
        own = next((row for row in rows if row.is_of_the_record and row.kind != "delete"), None)
        yield _entry(rows, own, names, is_newest and own is not None)
        is_newest = is_newest and own is None and number >= 0


def _act(numbered: tuple[int, Happening]) -> Any:
    """Return what holds the changes of one act together; without a context each stands alone."""
    number, happening = numbered
    return happening.context_id or number


def _entry(rows: list[Happening], own: Happening | None, names: Names, is_newest: bool) -> Entry:
    context = rows[0].context
    return Entry(
        when=rows[0].when,
        who=context.get("by_name") or _("Outside the desk: raw SQL or a shell"),
        action=action_in_words(context.get("action", ""), rows[0].kind),
        why=context.get("why", ""),
        request=context.get("request", ""),
        rows=[_row_change(row, names) for row in rows],
        event_id=own.after.pgh_id if own else None,
        is_newest=is_newest,
    )


def _row_change(happening: Happening, names: Names) -> RowChange:
    """Return what a change did to one row, field by field."""
    changes = []
    for field in shown_fields(happening.model, [happening.link]):
        if not hasattr(happening.after, field.attname):
            continue
        after = getattr(happening.after, field.attname)
        before = getattr(happening.before, field.attname, None)
        match happening.kind:
            case "insert":
                before = None
            case "delete":
                before, after = after, None
        if before != after:
            was, became = in_words(field, before, names), in_words(field, after, names)
            both = is_prose(field) and was and became
            pieces = word_diff(was, became) if both else []
            changes.append(Change(label(field), was, became, pieces))
    if happening.kind != "update":
        changes = [change for change in changes if change.before or change.after]
    return RowChange(happening.kind, _name(happening, names), changes)


def _name(happening: Happening, names: Names) -> str:
    """Return of which row of the record a change is: its table, and what tells it apart."""
    if happening.is_of_the_record:
        return ""
    kind = str(capfirst(str(happening.model._meta.verbose_name)))
    fields = shown_fields(happening.model, [happening.link])
    telling = [field for field in fields if field.many_to_one or is_prose(field)]
    telling.sort(key=lambda field: not field.many_to_one)
    for field in telling:
        words = in_words(field, getattr(happening.after, field.attname, None), names)
        if words:
            return f"{kind}: {Truncator(words).words(14)}"
    return kind
