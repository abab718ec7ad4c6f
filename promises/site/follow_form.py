"""The form by which anyone asks for mails about a pledge, a prosecutor or a topic."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.alerts.choices import Frequency
from promises.alerts.rules import LONGEST_ADDRESS, sendable
from promises.site.stranger_form import StrangerForm


class FollowForm(StrangerForm):
    """Where to, and how often."""

    # A browser fills in an address by itself.
    fastest = 2

    address = forms.CharField(
        label=_("Your email"),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Give the address to which the mails are to go.")},
    )
    frequency = forms.ChoiceField(
        label=_("How often?"),
        choices=Frequency.choices,
        initial=Frequency.IMMEDIATE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often.")},
    )

    def clean_address(self) -> Any:
        """Return the address as mail is sent to it."""
        if address := sendable(self.cleaned_data["address"]):
            return address
        raise ValidationError(
            gettext("Mail cannot be sent to this address. It looks like name@example.org.")
        )


class FrequencyForm(forms.Form):
    """How often one subscription is to tell what is new."""

    frequency = forms.ChoiceField(label=_("How often?"), choices=Frequency.choices)
