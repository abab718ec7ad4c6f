"""What one network may send, and the refusals that challenges and suggestions share."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from promises.common import locks
from promises.common.locks import wait_for_turn
from promises.common.refusals import Refused
from promises.suggestions.rules import NETWORK_KEPT_DAYS


class TooMany(Refused):
    """This network has sent as many of these as one may in a day."""


class NotNow(Refused):
    """What was sent is not in a state from which this step is possible."""


def require_room(rows: Any, network: str, now: datetime) -> None:
    """Raise TooMany when a network has sent enough of these rows in a day.

    Two requests of it count one by one.
    """
    wait_for_turn(locks.SENT_BY_NETWORK, network)
    since = now - timedelta(days=NETWORK_KEPT_DAYS)
    if rows.from_network_since(network, since).count() >= settings.CHALLENGES_PER_DAY:
        raise TooMany(_("As many as one network may send in a day have come from yours."))
