"""What the desk asks about requests for records."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from promises.desk.inlines import RemovableForm
from promises.desk.saving.forms import PlainTextarea, RecordForm
from promises.record_requests.choices import DueBasis, Outcome
from promises.record_requests.rules import NotCounted


def _day(**given: Any) -> forms.DateField:
    """Return the field of a day, with the browser's own calendar."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date", "class": "vDateField"}), **given
    )


class RecordRequestForm(RecordForm):
    """A request; the day of its law is counted, not typed, where it can be."""

    def clean(self) -> dict[str, Any]:
        """Count the day, or say why it cannot be counted."""
        cleaned = super().clean()
        law, filed_on = cleaned.get("law"), cleaned.get("filed_on")
        if cleaned.get("due_basis") == DueBasis.COUNTED and law and filed_on:
            try:
                cleaned["due_by_law_on"] = law.counted_due(filed_on)
            except NotCounted as refusal:
                self.add_error("due_basis", str(refusal))
        elif cleaned.get("due_basis") == DueBasis.NONE:
            cleaned["due_by_law_on"] = None
        return cleaned


class RequestPledgeForm(RecordForm):
    """A pledge that a request is about."""

    chosen_once = ("pledge",)


class RequestDocumentForm(RemovableForm):
    """Evidence that came of a request."""

    chosen_once = ("evidence",)


class DayForm(forms.Form):
    """Asks when."""

    on = _day(label=_("On"))


class ExtensionForm(forms.Form):
    """Asks how long the office takes now, and why."""

    announced_on = _day(label=_("Announced on"))
    due_on = _day(label=_("Now due on"))
    reason = forms.CharField(
        label=_("Reason the office gave"), widget=PlainTextarea, help_text=_("Readers will see it.")
    )


class OutcomeOfRequestForm(forms.Form):
    """Asks what the office answered."""

    on = _day(label=_("Answered on"))
    outcome = forms.ChoiceField(label=_("Answer"), choices=[("", "---------"), *Outcome.choices])
    answer = forms.CharField(
        label=_("What it answered"),
        widget=PlainTextarea,
        required=False,
        help_text=_("In our words. Readers will see it. Name nobody who merely works there."),
    )
    not_recorded = forms.CharField(
        label=_("What the office does not record"),
        required=False,
        max_length=200,
        help_text=_("Ends the sentence “The office says that it does not record …”."),
    )


class AppealForm(forms.Form):
    """Asks to whom we appealed."""

    on = _day(label=_("Appealed on"))
    appealed_to = forms.CharField(label=_("Who decides it"), max_length=200)
    appeal_due_on = _day(label=_("Decision due on"), required=False)


class DecisionForm(forms.Form):
    """Asks how an appeal was decided."""

    on = _day(label=_("Decided on"))
    decision = forms.CharField(
        label=_("What was decided"), widget=PlainTextarea, help_text=_("Readers will see it.")
    )
