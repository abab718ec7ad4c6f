"""What came in from outside, for the front page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from promises.common.dates import utc_date
from promises.suggestions.models import Challenge


def from_outside(now: datetime) -> tuple[Any, Any, str, Callable[[Any], str]]:
    """Return the box of challenges that wait for an answer, the first one due first."""
    waiting = Challenge.objects.waiting().longest_waiting_first()
    return _("From outside"), waiting, "answer=waiting", _left(now)


def _left(now: datetime) -> Callable[[Challenge], str]:
    def left(challenge: Challenge) -> str:
        days = (challenge.answer_due_on - utc_date(now)).days
        if days < 0:
            words = ngettext("%(kind)s, %(days)d day late", "%(kind)s, %(days)d days late", -days)
        else:
            words = ngettext("%(kind)s, %(days)d day left", "%(kind)s, %(days)d days left", days)
        return words % {"kind": challenge.get_kind_display(), "days": abs(days)}

    return left
