"""A page with a form that says why a save was refused, together with what was typed."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from promises.desk.saving.faults import faults_on
from promises.desk.saving.meanwhile import differences, seen_from
from promises.desk.saving.once import answered_once, numbered
from promises.desk.saving.refusals import REFUSALS, RowRefused, refused

if TYPE_CHECKING:
    StockAdmin = admin.ModelAdmin[Any]
else:
    StockAdmin = object


class WithRefusals(StockAdmin):
    """A page that is saved once and as a whole, or comes back with what was refused."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **given: Any
    ) -> Any:
        """Return the form, which knows who looks at it and what was refused a moment ago."""
        form: Any = super().get_form(request, obj, change=change, **given)
        form.shown_to = request
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(self, request: HttpRequest, *given: Any, **more: Any) -> Any:
        """Save all of a page once, or nothing; show a refusal together with what was typed."""
        show = partial(super().changeform_view, request, *given, **more)
        try:
            return answered_once(request, show)
        except RowRefused as error:
            refusal = error.refusal
        except REFUSALS as error:
            refusal = refused(error)
        request.refusal = seen_from(request, refusal)  # type: ignore[attr-defined]
        return show()

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **given: Any
    ) -> HttpResponse:
        """Add the number of the page, and what was refused."""
        context["number"] = numbered()
        refusal = context["refusal"] = getattr(request, "refusal", None)
        context["meanwhile"] = differences(refusal, context)
        context["faults"] = faults_on(context)
        return super().render_change_form(request, context, *args, **given)
