"""The form by which anyone challenges a rating."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from promises.common.links import public_web_address
from promises.pledges.models import Pledge
from promises.site.stranger_form import SenderForm, Words
from promises.suggestions.choices import ChallengeKind
from promises.suggestions.rules import LONGEST_ADDRESS, LONGEST_EXPLANATION


@dataclass(frozen=True)
class Seen:
    """What the sender had before them: the rating, if there was one, and the edition."""

    update_id: int | None
    edition: int


class ChallengeForm(SenderForm):
    """What is wrong, why, where to check it, and who says so if they wish."""

    too_old = _(
        "This page was open for too long. Look whether the rating is still the one you"
        " mean, and send it again: what you wrote is kept."
    )

    kind = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[("", _("Choose one")), *ChallengeKind.choices],
        error_messages={"required": _("Choose what is wrong.")},
    )
    explanation = Words(
        label=_("Please explain"),
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What should it say, and why? Up to 4,000 characters."),
        error_messages={"required": _("Explain what is wrong.")},
    )
    source_url = Words(
        label=_("Where can we check it?"),
        max_length=LONGEST_ADDRESS,
        required=False,
        validators=[public_web_address],
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("A link to a document or report, if there is one: https://…"),
    )

    def __init__(self, data: Any = None, *, pledge: Pledge, newest: int | None, now: datetime):
        shown = [newest, pledge.edition or 0]
        super().__init__(data, about=f"challenge {pledge.pk}", shown=shown, now=now)
        self.pledge = pledge

    @property
    def page(self) -> Seen:
        """What the page showed that was sent, once it is valid."""
        return Seen(*self.read)
