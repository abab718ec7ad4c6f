"""What every form for strangers shares: what keeps machines from filling it in, without a third
party, a picture or a script."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.alerts.actions import TooManyRequests
from promises.common.full import is_full
from promises.common.read_only import is_read_only
from promises.common.refusals import Refused
from promises.common.text import without_control_characters
from promises.suggestions.limits import TooMany
from promises.suggestions.rules import Sent

log = logging.getLogger(__name__)

# A page that was open for longer may show what is no longer so, in seconds.
SLOWEST = 24 * 3600
# Why what a stranger sent is not kept.
REFUSALS = (Refused, ValidationError, OperationalError)
_SALT = "site.stranger"
# What people fill in comes before what they do not see.
_LAST = ("sender_name", "sender_email", "website", "seen")


class Words(forms.CharField):
    """A text without control characters; the line ends that browsers send become plain ones."""

    default_validators = [without_control_characters]

    def to_python(self, value: Any) -> Any:
        """Return the text with plain line ends."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


def visitor() -> User:
    """Return the account in whose name strangers send."""
    return service_account(name="visitors", display_name="A visitor")


class StrangerForm(forms.Form):
    """A form that carries, signed, what it is about, what its page showed, and when."""

    # Nobody reads the page and fills it in faster than this, in seconds.
    fastest: ClassVar[float] = 4
    too_old: ClassVar[str | Promise] = _(
        "This page was open for too long. Look at it, and send it again: what you wrote is kept."
    )

    # People do not see it. What fills in everything fills in this too.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=500)

    def __init__(self, data: Any = None, *, about: str, shown: Sequence[Any] = (), now: datetime):
        super().__init__(data)
        self.order_fields([*(name for name in self.fields if name not in _LAST), *_LAST])
        self.about, self.now = about, now
        self.shown = self.read = list(shown)
        self.initial["seen"] = self._stamp()

    def clean(self) -> dict[str, Any]:
        """Refuse what a machine sent, and what was written beside an old page."""
        if self.cleaned_data.get("website"):
            self.add_error(None, gettext("Leave the field “Leave this empty” empty."))
        fault = self._fault_of(self.cleaned_data.get("seen", ""))
        if fault:
            self.add_error(None, fault)
        return self.cleaned_data

    def refuse(self, error: Exception) -> int:
        """Say why what was sent, one of REFUSALS, was not kept, and return the status of that.

        429 where this network has sent enough, 503 where the database has no room or takes no
        changes; whatever else is wrong with it is raised again.
        """
        if isinstance(error, OperationalError):
            self.add_error(None, _of_outage(error))
            return 503
        if isinstance(error, (TooMany, TooManyRequests)):
            come_back = gettext("Come back tomorrow.")
            self.add_error(None, f"{error} {come_back}")
            return 429
        self.add_error(None, getattr(error, "messages", None) or str(error))
        return 422

    def _stamp(self) -> str:
        """Return what the page is about and shows, and when, signed."""
        return signing.dumps([self.about, self.shown, self.now.timestamp()], salt=_SALT)

    def _fault_of(self, stamp: str) -> str:
        """Return what is wrong with the stamp of the page this was written on, or ""."""
        try:
            about, read, opened = signing.loads(stamp, salt=_SALT)
        except (signing.BadSignature, ValueError):
            about, read, opened = None, [], 0.0
        age = self.now.timestamp() - opened
        if about != self.about or age > SLOWEST:
            self.data = {**self.data.dict(), "seen": self._stamp()}  # type: ignore[attr-defined]
            return str(self.too_old)
        self.read = read
        # A page of times to come is from a host whose clock runs ahead of this one's.
        if 0 <= age < self.fastest:
            return gettext("That was faster than people type. Wait a moment and send it again.")
        return ""


def _of_outage(error: OperationalError) -> str:
    """Return why the database keeps nothing. Raises again what is no reason to come back later."""
    if is_full(error):
        log.error("The disk of the database is full: %s", error)
        return gettext(
            "We cannot keep this just now: our disk is full. What you wrote is still here; send"
            " it again later."
        )
    if is_read_only(error):
        log.error("The database takes no changes: %s", error)
        return gettext(
            "We cannot keep anything just now. What you wrote is still here; send it again later."
        )
    raise error


class SenderForm(StrangerForm):
    """A form of what strangers send in, and who they are if they wish to say."""

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

    def sent(self) -> Sent:
        """Return what was sent, once it is valid."""
        names = ("kind", "explanation", "source_url", "sender_name", "sender_email")
        return Sent(**{name: self.cleaned_data[name] for name in names})
