"""The form by which anyone challenges a rating, and what keeps machines from filling it in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.common.links import public_web_address
from promises.common.text import without_control_characters
from promises.pledges.models import Pledge
from promises.suggestions.actions import Sent
from promises.suggestions.choices import ChallengeKind
from promises.suggestions.rules import LONGEST_ADDRESS, LONGEST_EXPLANATION

# Nobody reads the page and writes an explanation faster than this, in seconds.
FASTEST = 4
# A page that was open for longer may show another rating than the present one, in seconds.
SLOWEST = 24 * 3600
_SALT = "site.challenge"


@dataclass(frozen=True)
class Seen:
    """What the sender had before them: the rating, if there was one, and the edition."""

    update_id: int | None
    edition: int


class Words(forms.CharField):
    """A text without control characters; the line ends that browsers send become plain ones."""

    default_validators = [without_control_characters]

    def to_python(self, value: Any) -> Any:
        """Return the text with plain line ends."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class ChallengeForm(forms.Form):
    """What is wrong, why, where to check it, and who says so if they wish."""

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
    sender_name = Words(
        label=_("Your name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("You may leave this empty. It is never public."),
    )
    sender_email = forms.EmailField(
        label=_("Your email"),
        required=False,
        validators=[without_control_characters],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("You may leave this empty. It is never public; an editor may ask you back."),
    )
    # People do not see it. What fills in everything fills in this too.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=500)

    def __init__(self, data: Any = None, *, pledge: Pledge, newest: int | None, now: datetime):
        super().__init__(data)
        self.now, self.pledge = now, pledge
        self.present = Seen(update_id=newest, edition=pledge.edition or 0)
        self.read = self.present
        self.initial["seen"] = self._stamp()

    def clean(self) -> dict[str, Any]:
        """Refuse what a machine sent, and what was written beside an old page."""
        if self.cleaned_data.get("website"):
            self.add_error(None, gettext("Leave the field “Leave this empty” empty."))
        fault = self._fault_of(self.cleaned_data.get("seen", ""))
        if fault:
            self.add_error(None, fault)
        return self.cleaned_data

    def sent(self) -> Sent:
        """Return what was sent, once it is valid."""
        names = ("kind", "explanation", "source_url", "sender_name", "sender_email")
        return Sent(**{name: self.cleaned_data[name] for name in names})

    def _stamp(self) -> str:
        """Return what the page shows and when, signed."""
        return signing.dumps(
            [self.pledge.pk, self.present.update_id, self.present.edition, self.now.timestamp()],
            salt=_SALT,
        )

    def _fault_of(self, stamp: str) -> str:
        """Return what is wrong with the stamp of the page this was written on, or ""."""
        try:
            pledge_id, update_id, edition, opened = signing.loads(stamp, salt=_SALT)
        except (signing.BadSignature, ValueError):
            pledge_id, opened = None, 0.0
        age = self.now.timestamp() - opened
        if pledge_id != self.pledge.pk or age > SLOWEST:
            self._stamp_anew()
            return gettext(
                "This page was open for too long. Look whether the rating is still the one you"
                " mean, and send it again: what you wrote is kept."
            )
        self.read = Seen(update_id=update_id, edition=edition)
        if age < FASTEST:
            return gettext("That was faster than people type. Wait a moment and send it again.")
        return ""

    def _stamp_anew(self) -> None:
        self.data = {**self.data.dict(), "seen": self._stamp()}  # type: ignore[attr-defined]
