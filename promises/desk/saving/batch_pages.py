"""The pages of a step for many rows: what it asks, what would happen, and the act itself."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect

from promises.common.numbers import whole_number
from promises.desk.amounts import counted
from promises.desk.saving.batches import (
    BATCH_LIMIT,
    confirm,
    done_in_words,
    new_batch,
    preview,
    read_batch,
    refused_in_words,
)
from promises.desk.saving.once import DoneAlready
from promises.desk.saving.refusals import REFUSALS, spoken
from promises.desk.saving.steps import Step, WithSteps, editor

PreviewFields = Sequence[tuple[str, str | Promise]]


class WithBatches(WithSteps):
    """An admin whose steps can be taken for many rows of the list, after a preview."""

    # The fields whose change the preview shows, with their labels.
    preview_fields: ClassVar[PreviewFields] = ()

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of steps for many rows."""
        view = self.admin_site.admin_view(csrf_protect(self.batch_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_batch"
        return [path("step/<slug:name>/", view, name=name), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Add the steps that can be taken for many rows at once."""
        actions = super().get_actions(request)
        if self.actions is None:
            return actions
        steps = [step for step in self.steps if step.in_batch and self.may_take(request, step)]
        return {**actions, **{step.name: (_begin(step), step.name, step.label) for step in steps}}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Take "all that match" without a tick: Django asks for one even where it ignores it."""
        if "1" in request.POST.getlist("select_across"):
            data: Any = request.POST.copy()
            data.setlist(ACTION_CHECKBOX_NAME, ["all"])
            request.POST = data
        context = {"batch_limit": BATCH_LIMIT, **(extra_context or {})}
        return super().changelist_view(request, context)

    def batch_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Go on with a step for many rows; without a form there is nothing to go on with."""
        step = self.step_named(name)
        if step is None or not step.in_batch:
            raise Http404
        if not self.may_take(request, step):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(self._list_address(request))
        form = step.form(request.POST)
        if "_confirm" in request.POST and form.is_valid():
            return self._confirm(request, step, form)
        rows = self._rows(request)
        if "_change" in request.POST:
            return self.batch_page(request, step, rows, form)
        return self.batch_page(request, step, rows, form, is_answered=form.is_valid())

    def batch_page(
        self,
        request: HttpRequest,
        step: Step,
        rows: Sequence[Any],
        form: Form,
        *,
        is_answered: bool = False,
        refusal: str = "",
    ) -> HttpResponse:
        """Ask what the step needs to know or, once that is answered, show what would happen."""
        if step.offers_by_record and rows and not is_answered:
            form.about(rows)  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),
            "title": step.label,
            "step": step,
            "form": form,
            "is_answered": is_answered,
            "refusal": refusal,
            "rows": ",".join(str(row.pk) for row in rows),
            "count": counted(self.model, len(rows)),
            "back": self._list_address(request),
            "address": self._batch_address(request, step),
            "opts": self.opts,
            "media": self.media,
        }
        try:
            lines, batch = self._tried(request, step, rows, form) if is_answered else ((), None)
        except REFUSALS as error:
            form.add_error(None, list(spoken(error).messages))
            lines, batch = (), None
            context["is_answered"] = False
        if batch is not None:
            refused = [line for line in lines if line.refused]
            left = len(lines) - len(refused)
            context |= {"lines": lines, "refused": refused, "left": left, "batch": batch.signed()}
            context["left_in_words"] = counted(self.model, left)
            context["refused_in_words"] = counted(self.model, len(refused))
        else:
            context["names"] = [self.name_of(row) for row in rows]
        return TemplateResponse(request, "admin/batch.html", context)

    def _tried(
        self, request: HttpRequest, step: Step, rows: Sequence[Any], form: Form
    ) -> tuple[Any, Any]:
        """Return what would happen, and the batch of the rows to which it can happen."""
        batch = new_batch(step, rows)
        given = {"by": editor(request), "now": timezone.now(), **form.cleaned_data}
        lines = preview(self, request, step, rows, **given)
        for line in lines:
            if line.refused:
                del batch.seen[line.pk]
        return lines, batch

    def _confirm(self, request: HttpRequest, step: Step, form: Form) -> HttpResponse:
        """Take the step for the rows that were shown, all or none, and say which it was."""
        back = HttpResponseRedirect(self._list_address(request))
        batch = read_batch(request.POST.get("batch", ""), step)
        if batch is None or not batch.seen:
            words = _("This preview can no longer be confirmed. Nothing has changed.")
            self.message_user(request, words, messages.ERROR)
            return back
        given = {"now": timezone.now(), **form.cleaned_data}
        try:
            taken = confirm(self, request, step, batch, editor(request), **given)
        except DoneAlready as error:
            self.message_user(request, str(error), messages.WARNING)
            return back
        except REFUSALS as error:
            refusal = refused_in_words(self, request, error)
            rows = list(self.get_queryset(request).filter(pk__in=batch.seen))
            return self.batch_page(request, step, rows, form, is_answered=True, refusal=refusal)
        self.message_user(request, done_in_words(step, self.model, len(taken)), messages.SUCCESS)
        self.say_what_is_left(request, step, taken, form.cleaned_data)
        return back

    def _rows(self, request: HttpRequest) -> list[Any]:
        """Return the rows that a form names, no more than the limit."""
        named = map(whole_number, request.POST.get("rows", "").split(","))
        numbers = [number for number in named if number is not None]
        return list(self.get_queryset(request).filter(pk__in=numbers[:BATCH_LIMIT]))

    def _list_address(self, request: HttpRequest) -> str:
        """Return the list as it was filtered when the rows were ticked."""
        view = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist"
        asked = request.GET.get("_changelist_filters", "")
        return f"{reverse(view)}?{asked}" if asked else reverse(view)

    def _batch_address(self, request: HttpRequest, step: Step) -> str:
        view = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_batch"
        asked = request.GET.get("_changelist_filters", "")
        query = f"?{urlencode({'_changelist_filters': asked})}" if asked else ""
        return reverse(view, args=[step.name]) + query


def _begin(step: Step) -> Callable[..., HttpResponse | None]:
    """Return the list action that begins a step for the rows that were ticked."""

    def act(admin: WithBatches, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        records = list(queryset[: BATCH_LIMIT + 1])
        if len(records) > BATCH_LIMIT:
            words = _("Choose %(limit)d rows at most. Nothing has changed.")
            admin.message_user(request, words % {"limit": BATCH_LIMIT}, messages.ERROR)
            return None
        ticked = {one for one in request.POST.getlist(ACTION_CHECKBOX_NAME) if one != "all"}
        if gone := max(len(ticked) - len(records), 0):
            words = ngettext(
                "%(gone)d row that you ticked is no longer in this list.",
                "%(gone)d rows that you ticked are no longer in this list.",
                gone,
            )
            admin.message_user(request, words % {"gone": gone}, messages.WARNING)
        if not records:
            return None
        if query := request.GET.urlencode():
            asked: Any = request.GET.copy()
            asked["_changelist_filters"] = query
            request.GET = asked
        form = step.form({}) if not step.asks.base_fields else step.form()
        return admin.batch_page(
            request, step, records, form, is_answered=not form.fields and form.is_valid()
        )

    return act
