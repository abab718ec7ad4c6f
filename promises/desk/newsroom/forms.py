"""The questions of the newsroom: what to say, whom to ask, when to publish."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.reach import who_sees_any
from promises.desk.saving.forms import PlainTextarea
from promises.newsroom.choices import Task

if TYPE_CHECKING:
    PersonField = forms.ModelChoiceField[User]
else:
    PersonField = forms.ModelChoiceField

DAY = {"type": "date", "class": "vDateField"}


class MomentInput(forms.DateTimeInput):
    """A day and a time to the minute, as browsers ask for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "vDateTimeField"}, format="%Y-%m-%dT%H:%M")


def _in_utc() -> str:
    """Say what the clock shows that counts here: few people live by it."""
    return gettext("In UTC, where it is %(time)s now.") % {"time": f"{timezone.now():%H:%M}"}


# Asked anew each time a form is shown.
_IN_UTC = lazy(_in_utc, str)()


class CommentForm(forms.Form):
    """Asks what to say."""

    text = forms.CharField(
        label=_("Comment"),
        widget=PlainTextarea({"rows": 6}),
        help_text=_("It stays on the desk and can't be changed later."),
    )


class HandOverForm(forms.Form):
    """Asks to whom."""

    to = PersonField(
        User.objects.filter(is_active=True, is_staff=True, is_service=False).order_by(
            "display_name", "pk"
        ),
        label=_("Who"),
    )

    def about(self, rows: Sequence[Any]) -> None:
        """Offer only those who can see what the work is about; whoever else is named is refused."""
        field: Any = self.fields["to"]
        people = who_sees_any(rows, field.queryset)
        field.choices = [("", field.empty_label), *((one.pk, str(one)) for one in people)]


class AssignForm(HandOverForm):
    """Asks who is to do what, and by when."""

    task = forms.ChoiceField(label=_("What"), choices=[("", "---------"), *Task.choices])
    due_on = forms.DateField(
        label=_("By"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), required=False, widget=PlainTextarea)


class WorkDoneForm(forms.Form):
    """Lets someone say what came of the work."""

    note = forms.CharField(
        label=_("Note"),
        widget=PlainTextarea,
        required=False,
        help_text=_("Optional. It goes into the discussion."),
    )


class PlanForm(forms.Form):
    """Asks when to publish."""

    publish_at = forms.DateTimeField(label=_("Publish at"), widget=MomentInput(), help_text=_IN_UTC)


class CancelForm(forms.Form):
    """Lets someone say why nothing comes of it."""

    reason = forms.CharField(
        label=_("Why"),
        widget=PlainTextarea,
        required=False,
        help_text=_("Optional. It stays on the desk."),
    )


class EmbargoForm(forms.Form):
    """Asks until when it is held back, and why."""

    ends_at = forms.DateTimeField(label=_("Until"), widget=MomentInput(), help_text=_IN_UTC)
    reason = forms.CharField(
        label=_("What was agreed, and with whom"),
        widget=PlainTextarea,
        help_text=_("It stays on the desk."),
    )


class LiftForm(forms.Form):
    """Asks why it may appear earlier."""

    reason = forms.CharField(
        label=_("Why it may appear earlier"),
        widget=PlainTextarea,
        help_text=_("It stays on the desk."),
    )
