"""What one network may send, and the refusals that challenges and suggestions share."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from promises.common.refusals import Refused
from promises.suggestions.rules import NETWORK_KEPT_DAYS

# Names the advisory locks under which what a network has sent is counted ("chal" in ASCII).
_COUNTING = 0x6368616C


class TooMany(Refused):
    """This network has sent as many of these as one may in a day."""


class NotNow(Refused):
    """What was sent is not in a state from which this step is possible."""


def one_at_a_time(mark: str) -> None:
    """Let whoever comes with the same mark wait until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_COUNTING, mark])


def require_room(rows: Any, network: str, now: datetime) -> None:
    """Raise TooMany when a network has sent enough of these rows in a day.

    Two requests of it count one by one.
    """
    one_at_a_time(network)
    since = now - timedelta(days=NETWORK_KEPT_DAYS)
    if rows.from_network_since(network, since).count() >= settings.CHALLENGES_PER_DAY:
        raise TooMany(_("As many as one network may send in a day have come from yours."))
