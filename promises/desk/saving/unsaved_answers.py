"""What is typed on the page of a step and not sent: kept and offered as that of a record is."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from promises.desk.saving.steps import Step
from promises.desk.saving.unsaved import LONGEST_ID, SESSION, WithUnsavedText, as_sent, words_of
from promises.editorial.models import UnsavedWork


class WithUnsavedAnswers(WithUnsavedText):
    """An admin whose steps keep what is typed on their pages, too."""

    def typed_before(self, request: HttpRequest, step: Step, record: Any) -> dict[str, Any]:
        """Return the unsaved answers that this page is asked to take up."""
        work = self._taken_up(request, step, record)
        if work is None:
            return {}
        sent = as_sent(work)
        return {
            name: field.widget.value_from_datadict(sent, {}, name)
            for name, field in step.asks.base_fields.items()
            if name in work.fields
        }

    def kept_answers(self, request: HttpRequest, step: Step, record: Any) -> dict[str, Any]:
        """Return what the page needs to keep its answers, and to offer those kept before."""
        if not step.asks.base_fields or len(str(record.pk)) > LONGEST_ID:
            return {}
        given = {"keep_address": self._keep_address(record, step)}
        work = self._taken_up(request, step, record)
        if work is not None:
            words = words_of(work, timezone.now())
            return {**given, "keep_session": work.session, "taken_up": words}
        if request.method == "POST":
            return {**given, "keep_session": request.POST.get(SESSION, "")}
        return {**given, "unsaved": self._offers(request, record, step), "may_take_up": True}

    def forget_typed(self, request: HttpRequest, step: Step, record: Any) -> None:
        """Forget what was kept of the answers that were just sent."""
        self._forget(request, record, step)

    def _taken_up(self, request: HttpRequest, step: Step, record: Any) -> UnsavedWork | None:
        if request.method != "GET" or "unsaved" not in request.GET:
            return None
        return self._work(request, record, step)
