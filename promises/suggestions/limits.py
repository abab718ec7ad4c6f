"""What challenges and suggestions share: what one network may send, the same twice, refusals."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from promises.common import locks
from promises.common.locks import wait_for_turn
from promises.common.refusals import Refused
from promises.suggestions.models import Challenge, Suggestion
from promises.suggestions.rules import NETWORK_KEPT_DAYS

Row = TypeVar("Row", Challenge, Suggestion)


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


def sent_again(rows: QuerySet[Row], network: str, digest: str) -> Row | None:
    """Return what the same sender said in the same words, which now counts one more, if any."""
    same = rows.filter(sender_network=network, text_digest=digest).first()
    if same:
        rows.filter(pk=same.pk).update(times_sent=F("times_sent") + 1)
        same.refresh_from_db()
    return same


def forget_networks(rows: QuerySet[Row], now: datetime) -> None:
    """Erase the marks of networks that limit nothing any more, whatever became of the rows."""
    old = rows.filter(received_at__lte=now - timedelta(days=NETWORK_KEPT_DAYS))
    old.exclude(sender_network="").update(sender_network="")
