"""Challenges as strangers send them."""

from datetime import datetime
from itertools import count
from typing import Any

from promises.accounts.actions import service_account
from promises.pledges.models import Pledge
from promises.suggestions.actions import receive_challenge
from promises.suggestions.models import Challenge
from promises.suggestions.rules import Sent
from promises.updates.models import StatusUpdate
from tests.record import NOW

_number = count(1)


def challenge(
    *, of: Pledge, now: datetime = NOW, update: StatusUpdate | None = None, **more: Any
) -> Challenge:
    """A challenge from a network of its own, of whatever is said to be wrong."""
    number = next(_number)
    network = more.pop("network", f"network-{number}")
    values = {
        "kind": "wrong_status",
        "explanation": f"The court ended example thing {number} in May.",
        "source_url": "https://court.example.org/ruling",
        "sender_name": "Rita Reader",
        "sender_email": "rita@example.org",
        **more,
    }
    return receive_challenge(
        pledge=of,
        status_update=update,
        edition=of.edition or 0,
        sent=Sent(**values),
        network=network,
        by=service_account(name="visitors", display_name="Visitors"),
        now=now,
    )
