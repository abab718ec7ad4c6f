"""What came in from outside, for the front page."""

from datetime import datetime
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.desk.front import Waiting, pledge_of
from promises.suggestions.models import Challenge, Suggestion


def _waiting(person: User, now: datetime) -> Any:
    waiting = Challenge.objects.waiting().longest_waiting_first()
    return waiting.select_related("pledge__person")


def _left(challenge: Challenge, now: datetime) -> str:
    days = (challenge.answer_due_on - utc_date(now)).days
    if days < 0:
        words = ngettext("%(kind)s, %(days)d day late", "%(kind)s, %(days)d days late", -days)
    else:
        words = ngettext("%(kind)s, %(days)d day left", "%(kind)s, %(days)d days left", days)
    return words % {"kind": challenge.get_kind_display(), "days": abs(days)}


OF_CHALLENGES = (
    Waiting(35, _("Challenged from outside"), _waiting, "answer=waiting", pledge_of, _left),
)


def _suggested(person: User, now: datetime) -> Any:
    waiting = Suggestion.objects.open().longest_waiting_first()
    return waiting.select_related("pledge__person", "person")


def _since(suggestion: Suggestion, now: datetime) -> str:
    days = (utc_date(now) - utc_date(suggestion.received_at)).days
    if days == 0:
        return gettext("came today")
    return ngettext("%(days)d day here", "%(days)d days here", days) % {"days": days}


def _in_short(suggestion: Suggestion) -> str:
    """Return what it is about; where it names nothing of the record, its first words."""
    if suggestion.pledge or suggestion.person:
        return str(suggestion)
    return f"{suggestion}: {Truncator(suggestion.explanation).chars(60)}"


OF_SUGGESTIONS = (
    Waiting(36, _("Suggested from outside"), _suggested, "where=open", _in_short, _since),
)
