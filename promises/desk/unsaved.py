"""Text that was typed and not saved: kept while one types, offered when the page opens again."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.utils import ErrorDict, ErrorList
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from promises.common.numbers import FEW_DIGITS, whole_number
from promises.desk.once import NUMBER
from promises.desk.refusals import Refusal
from promises.desk.steps import editor
from promises.editorial import actions as editorial
from promises.editorial.models import UnsavedWork
from promises.editorial.rules import as_fields

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    StockAdmin = ModelAdmin[Any]
else:
    StockAdmin = object

# The field in which a page carries along whose unsaved text it shows.
SESSION = "unsaved_session"
# What a page makes up for it.
_SESSION = re.compile(r"[-0-9a-zA-Z]{8,40}", re.ASCII)


@dataclass(frozen=True)
class Offer:
    """Unsaved text as the page offers it: from when, and what to do with it."""

    work: UnsavedWork
    typed_in_words: str
    discard: str
    has_moved_on: bool

    def texts(self) -> list[tuple[str, str]]:
        """Return what stands in it, for whoever can no longer put it into the form."""
        plain = (
            (name.replace("-", " ").replace("_", " "), " · ".join(values))
            for name, values in self.work.fields.items()
            if not name.endswith(("_FORMS", "-id", "seen_version", "seen_cited"))
        )
        return [(name, text) for name, text in plain if text]


class WithUnsavedText(StockAdmin):
    """An admin whose pages keep what is typed on them."""

    def get_urls(self) -> list[URLPattern]:
        """Add where a page sends what is typed, and where it is thrown away."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        keep = self.admin_site.admin_view(require_POST(self.keep_view))
        discard = self.admin_site.admin_view(require_POST(self.discard_view))
        return [
            path("<path:object_id>/unsaved/", keep, name=f"{name}_unsaved"),
            path("<path:object_id>/unsaved/<int:work_id>/discard/", discard, name=f"{name}_forget"),
            *super().get_urls(),
        ]

    def keep_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep what is typed on the page of a record that this person may edit."""
        record = self._record_of(request, object_id)
        if not self._may_edit(request, record):
            raise PermissionDenied
        now = timezone.now()
        fields = as_fields(_json(request.POST.get("fields", "")))
        session = request.POST.get("session", "")
        if fields is None or not _SESSION.fullmatch(session):
            return JsonResponse({"refused": "malformed"}, status=400)
        for carried in (SESSION, NUMBER):
            fields.pop(carried, None)
        seen = "".join(fields.get("seen_version", [])) if record else ""
        try:
            editorial.keep_unsaved(
                **self._page(record),
                session=session,
                fields=fields,
                seen_version=whole_number(seen, FEW_DIGITS),
                by=editor(request),
                now=now,
            )
        except editorial.TooMuchToKeep as error:
            return JsonResponse({"refused": str(error)}, status=413)
        return JsonResponse({"kept": _("Kept at %(time)s, not saved yet.") % {"time": _time(now)}})

    def discard_view(self, request: HttpRequest, object_id: str, work_id: int) -> HttpResponse:
        """Throw away what this person typed in one session, and show the page as it is saved."""
        works = UnsavedWork.objects.of(editor(request))
        work = get_object_or_404(works, pk=work_id, table=self.opts.label, object_id=_id(object_id))
        editorial.discard_unsaved(
            table=work.table,
            object_id=work.object_id,
            sessions=[work.session],
            by=editor(request),
            now=timezone.now(),
        )
        self.message_user(request, _("The unsaved text is gone."), messages.SUCCESS)
        return HttpResponseRedirect("../../../change/" if work.object_id else "../../../")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Show the page with the unsaved text that was asked for, as if it had been refused."""
        if request.method == "GET" and "unsaved" in request.GET:
            self._take_up(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What is saved is no longer unsaved: in the same transaction."""
        super().save_related(request, form, formsets, change)
        editorial.discard_unsaved(
            **self._page(form.instance if change else None),
            sessions=list(filter(_SESSION.fullmatch, request.POST.getlist(SESSION))),
            by=editor(request),
            now=timezone.now(),
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **given: Any
    ) -> HttpResponse:
        """Add what the page needs to keep its text, and what was kept before."""
        record, work = context["original"], getattr(request, "taken_up", None)
        page = self._page(record)
        may_edit = self._may_edit(request, record)
        if may_edit:
            name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_unsaved"
            context["keep_address"] = reverse(name, args=[page["object_id"] or "add"])
            context["keep_session"] = request.POST.get(SESSION, "")
        if work is not None:
            _without_errors(context)
            context["keep_session"] = work.session
            context["taken_up"] = _words(work, timezone.now())
        elif request.method == "GET":
            context["unsaved"] = self._offers(request, record)
            context["may_take_up"] = may_edit
        return super().render_change_form(request, context, *args, **given)

    def _take_up(self, request: HttpRequest, object_id: str | None) -> None:
        """Turn the request into one that sends the unsaved text and is refused: nothing saves."""
        record = self._record_of(request, object_id or "add")
        if not self._may_edit(request, record):
            raise PermissionDenied
        works = UnsavedWork.objects.of(editor(request)).on(**self._page(record))
        work = works.filter(pk=whole_number(request.GET["unsaved"])).first()
        if work is None:
            return
        sent = QueryDict(mutable=True)
        for name, values in work.fields.items():
            sent.setlist(name, values)
        has_moved_on = _has_moved_on(work, record)
        # Read once before the method changes: it would read the empty body again, over `sent`.
        assert not request.FILES
        request.method, request.POST = "POST", sent  # type: ignore[assignment]
        request.taken_up = work  # type: ignore[attr-defined]
        request.refusal = Refusal(  # type: ignore[attr-defined]
            ValidationError(_("This text is not saved yet.")),
            None,
            record if has_moved_on else None,
        )

    def _offers(self, request: HttpRequest, record: Any) -> list[Offer]:
        now, offers = timezone.now(), []
        page = self._page(record)
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_forget"
        for work in UnsavedWork.objects.of(editor(request)).on(**page):
            discard = reverse(name, args=[page["object_id"] or "add", work.pk])
            offers.append(Offer(work, _words(work, now), discard, _has_moved_on(work, record)))
        return offers

    def _record_of(self, request: HttpRequest, object_id: str) -> Any:
        """Return the record of a page, or None for the page of a new one. Raises Http404."""
        if object_id == "add":
            return None
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        return record

    def _may_edit(self, request: HttpRequest, record: Any) -> bool:
        if record is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, record)

    def _page(self, record: Any) -> dict[str, str]:
        object_id = "" if record is None else str(record.pk)
        return {"table": self.opts.label, "object_id": object_id}


def _id(object_id: str) -> str:
    return "" if object_id == "add" else unquote(object_id)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _has_moved_on(work: UnsavedWork, record: Any) -> bool:
    """Tell whether someone has saved the record since this text was begun."""
    version = getattr(record, "version", None)
    return version is not None and work.seen_version != version


def _time(moment: datetime) -> str:
    return time_format(timezone.localtime(moment), "H:i")


def _words(work: UnsavedWork, now: datetime) -> str:
    """Return when it was typed: the time, and the day unless it is today's."""
    typed = timezone.localtime(work.typed_at)
    is_today = typed.date() == timezone.localtime(now).date()
    return _time(typed) if is_today else date_format(typed, "DATETIME_FORMAT")


def _without_errors(context: dict[str, Any]) -> None:
    """Take the complaints off a page that nobody has tried to save."""
    context["errors"] = []
    for form in _forms(context):
        form._errors = ErrorDict()
    for inline in context["inline_admin_formsets"]:
        inline.formset._non_form_errors = ErrorList()
        inline.formset._errors = [{} for _form in inline.formset.forms]


def _forms(context: dict[str, Any]) -> Iterator[Any]:
    yield context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        yield from inline.formset.forms
