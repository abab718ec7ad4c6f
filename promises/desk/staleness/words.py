"""Why pledges are stale, and what clears it, in words of the desk."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from promises.common.dates import utc_date
from promises.pledges.models import Pledge
from promises.staleness.models import Due

# Pledges that are named after a step for many.
NAMED = 5


def why_stale(pledge: Pledge) -> list[str]:
    """Return why a pledge is stale today, the oldest reason first, each with what clears it."""
    (pledge,) = Due.objects.attach([pledge], utc_date(timezone.now()))
    return _reasons(pledge)


def left_open(pledges: Iterable[Pledge]) -> str:
    """Return which of these pledges stay stale though someone has looked, and why; or "".

    One query, beside the names of the officials.
    """
    once = {pledge.pk: pledge for pledge in pledges}
    looked_at = Due.objects.attach(once.values(), utc_date(timezone.now()))
    stale = [pledge for pledge in looked_at if pledge.stale]  # type: ignore[attr-defined]
    if not stale:
        return ""
    named = [f"{pledge.person}: {pledge}: {' '.join(_reasons(pledge))}" for pledge in stale[:NAMED]]
    if len(stale) > NAMED:
        named.append(_("And %(more)d more.") % {"more": len(stale) - NAMED})
    return _("Your look is recorded, and this is still open. %(pledges)s") % {
        "pledges": " ".join(named)
    }


def _reasons(pledge: Pledge) -> list[str]:
    words = _("%(reason)s, since %(day)s. What clears it: %(cure)s.")
    return [
        words
        % {
            "reason": due.get_reason_display(),
            "day": date_format(due.due_on),
            "cure": due.cleared_by,
        }
        for due in pledge.stale  # type: ignore[attr-defined]
    ]
