"""Text that was typed and not saved: kept while one types, offered when the page opens again."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.utils import ErrorDict, ErrorList
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from promises.common.clock import database_clock
from promises.common.numbers import FEW_DIGITS, whole_number
from promises.desk.saving.meanwhile import forms_of, seen_from
from promises.desk.saving.once import NUMBER
from promises.desk.saving.refusals import Refusal
from promises.desk.saving.steps import Step, WithSteps, editor
from promises.editorial import actions as editorial
from promises.editorial.models import UnsavedWork
from promises.editorial.rules import as_fields

# Characters of the name of a row by which its text is kept.
LONGEST_ID = 20
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


class WithUnsavedText(WithSteps):
    """An admin whose pages keep what is typed on them."""

    def get_urls(self) -> list[URLPattern]:
        """Add where a page sends what is typed, and where it is thrown away."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        keep = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.keep_view))
        discard = self.admin_site.admin_view(require_POST(self.discard_view))
        return [
            path("<path:object_id>/unsaved/", keep, name=f"{name}_unsaved"),
            path("<path:object_id>/unsaved/<int:work_id>/discard/", discard, name=f"{name}_forget"),
            *super().get_urls(),
        ]

    def keep_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep what is typed on the page of a record that this person may edit.

        Asked with GET it gives the mark against forgery that goes with the login of now.
        """
        if request.method == "GET":
            return JsonResponse({"token": get_token(request)})
        record, step = self._record_of(request, object_id), self._step_of(request)
        if not (self._may_edit(request, record) if step is None else self.may_take(request, step)):
            raise PermissionDenied
        page = self._page(record, step)
        # Nothing is typed before it was begun: the next words may come to a host of another time.
        now = database_clock()
        fields = as_fields(_json(request.POST.get("fields", "")))
        session = request.POST.get("session", "")
        is_long = len(page["object_id"]) > LONGEST_ID
        if fields is None or is_long or not _SESSION.fullmatch(session):
            return JsonResponse({"refused": "malformed"}, status=400)
        for carried in (SESSION, NUMBER):
            fields.pop(carried, None)
        seen = "".join(fields.get("seen_version", [])) if record else ""
        try:
            editorial.keep_unsaved(
                **page,
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
        works, step = UnsavedWork.objects.of(editor(request)), self._step_of(request)
        table = self._page(None, step)["table"]
        work = get_object_or_404(works, pk=work_id, table=table, object_id=_id(object_id))
        editorial.discard_unsaved(
            table=work.table,
            object_id=work.object_id,
            sessions=[work.session],
            by=editor(request),
            now=timezone.now(),
        )
        self.message_user(request, _("The unsaved text is gone."), messages.SUCCESS)
        if step is not None:
            return HttpResponseRedirect(f"../../../step/{step.name}/")
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
        self._forget(request, form.instance if change else None)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **given: Any
    ) -> HttpResponse:
        """Add what the page needs to keep its text, and what was kept before."""
        record, work = context["original"], getattr(request, "taken_up", None)
        may_edit = self._may_edit(request, record)
        if may_edit:
            context["keep_address"] = self._keep_address(record)
            context["keep_session"] = request.POST.get(SESSION, "")
        if work is not None:
            _without_errors(context)
            context["keep_session"] = work.session
            context["taken_up"] = words_of(work, timezone.now())
        elif request.method == "GET":
            context["unsaved"] = self._offers(request, record)
            context["may_take_up"] = may_edit
        return super().render_change_form(request, context, *args, **given)

    def _take_up(self, request: HttpRequest, object_id: str | None) -> None:
        """Turn the request into one that sends the unsaved text and is refused: nothing saves."""
        record = self._record_of(request, object_id or "add")
        if not self._may_edit(request, record):
            raise PermissionDenied
        work = self._work(request, record)
        if work is None:
            return
        sent = as_sent(work)
        has_moved_on = _has_moved_on(work, record)
        # Read once before the method changes: it would read the empty body again, over `sent`.
        assert not request.FILES
        request.method, request.POST = "POST", sent  # type: ignore[assignment]
        request.taken_up = work  # type: ignore[attr-defined]
        refusal = Refusal(
            ValidationError(_("This text is not saved yet.")),
            None,
            record if has_moved_on else None,
        )
        request.refusal = seen_from(request, refusal)  # type: ignore[attr-defined]

    def _work(
        self, request: HttpRequest, record: Any, step: Step | None = None
    ) -> UnsavedWork | None:
        """Return the unsaved text of a page that its address names, if this person typed it."""
        works = UnsavedWork.objects.of(editor(request)).on(**self._page(record, step))
        found: UnsavedWork | None = works.filter(pk=whole_number(request.GET["unsaved"])).first()
        return found

    def _offers(self, request: HttpRequest, record: Any, step: Step | None = None) -> list[Offer]:
        now, offers = timezone.now(), []
        page = self._page(record, step)
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_forget"
        for work in UnsavedWork.objects.of(editor(request)).on(**page):
            discard = reverse(name, args=[page["object_id"] or "add", work.pk]) + _query(step)
            has_moved_on = step is None and _has_moved_on(work, record)
            offers.append(Offer(work, words_of(work, now), discard, has_moved_on))
        return offers

    def _keep_address(self, record: Any, step: Step | None = None) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_unsaved"
        return reverse(name, args=[self._page(record)["object_id"] or "add"]) + _query(step)

    def _forget(self, request: HttpRequest, record: Any, step: Step | None = None) -> None:
        """Forget what was kept of a page that was just sent."""
        editorial.discard_unsaved(
            **self._page(record, step),
            sessions=list(filter(_SESSION.fullmatch, request.POST.getlist(SESSION))),
            by=editor(request),
            now=timezone.now(),
        )

    def _step_of(self, request: HttpRequest) -> Step | None:
        """Return the step whose page sends its answers; None for the page of the record itself."""
        if "step" not in request.GET:
            return None
        step = self.step_named(request.GET["step"])
        if step is None:
            raise Http404
        return step

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

    def _page(self, record: Any, step: Step | None = None) -> dict[str, str]:
        """Return under which names the text of a page is kept: a step has a page of its own."""
        object_id = "" if record is None else str(record.pk)
        table = self.opts.label if step is None else f"{self.opts.label}:{step.name}"
        return {"table": table, "object_id": object_id}


def as_sent(work: UnsavedWork) -> QueryDict:
    """Return unsaved text as a browser would have sent it."""
    sent = QueryDict(mutable=True)
    for name, values in work.fields.items():
        sent.setlist(name, values)
    return sent


def _query(step: Step | None) -> str:
    return "" if step is None else f"?step={step.name}"


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


def words_of(work: UnsavedWork, now: datetime) -> str:
    """Return when it was typed: the time, and the day unless it is today's."""
    typed = timezone.localtime(work.typed_at)
    is_today = typed.date() == timezone.localtime(now).date()
    return _time(typed) if is_today else date_format(typed, "DATETIME_FORMAT")


def _without_errors(context: dict[str, Any]) -> None:
    """Take the complaints off a page that nobody has tried to save."""
    context["errors"] = []
    for form in forms_of(context):
        form._errors = ErrorDict()
    for inline in context["inline_admin_formsets"]:
        inline.formset._non_form_errors = ErrorList()
        inline.formset._errors = [{} for _form in inline.formset.forms]
