"""The form by which anyone suggests evidence or a pledge."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.common.links import public_web_address
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.site.stranger_form import SenderForm, Words
from promises.suggestions.choices import SuggestionKind
from promises.suggestions.rules import LONGEST_ADDRESS, LONGEST_EXPLANATION

KINDS = {
    SuggestionKind.EVIDENCE: _("evidence: a document, report or record"),
    SuggestionKind.PLEDGE: _("a pledge that is missing here"),
}


class SuggestForm(SenderForm):
    """What, where it can be read, what it shows, and who says so if they wish."""

    kind = forms.ChoiceField(
        label=_("What do you know of?"),
        choices=[("", _("Choose one")), *KINDS.items()],
        error_messages={"required": _("Choose what you know of.")},
    )
    source_url = Words(
        label=_("Where can it be read?"),
        max_length=LONGEST_ADDRESS,
        required=False,
        validators=[public_web_address],
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("The full address, https://… An editor opens it; nothing else does."),
        error_messages={"required": _("Give the address at which it can be read.")},
    )
    explanation = Words(
        label=_("What does it say?"),
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Of evidence: what it shows, and on which page. Of a pledge: who promised what, where"
            " and when, in their words if you have them. Up to 4,000 characters."
        ),
        error_messages={"required": _("Say in a few words what it says.")},
    )

    def __init__(
        self, data: Any = None, *, pledge: Pledge | None, person: Person | None, now: datetime
    ):
        about = f"pledge {pledge.pk}" if pledge else f"person {person.pk}" if person else "all"
        super().__init__(data, about=f"suggest {about}", now=now)
        if pledge is not None:
            # Of a pledge that is on record there is evidence to suggest, and nothing else.
            del self.fields["kind"]
            self.fields["source_url"].required = True

    def clean(self) -> dict[str, Any]:
        """Ask for the source of evidence: without one there is nothing to look at."""
        cleaned = super().clean()
        cleaned.setdefault("kind", "" if "kind" in self.fields else SuggestionKind.EVIDENCE)
        is_evidence = cleaned["kind"] == SuggestionKind.EVIDENCE
        if is_evidence and "source_url" in cleaned and not cleaned["source_url"]:
            self.add_error("source_url", gettext("Give the address at which it can be read."))
        return cleaned
