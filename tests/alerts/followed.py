"""People who follow something, as strangers on the public pages do."""

import re
from datetime import datetime
from itertools import count
from typing import Any

from django.core import mail

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.alerts.actions import ask_to_follow, confirm_following
from promises.alerts.models import Subscription
from promises.alerts.telling import tell
from promises.officials.models import Person
from promises.outbox.sending import Dispatched, dispatch
from promises.pledges.models import Pledge, Topic
from tests.record import NOW

_number = count(1)


def visitor() -> User:
    """Whoever comes by."""
    return service_account(name="visitors", display_name="A visitor")


def ask(subject: Pledge | Person | Topic, *, now: datetime = NOW, **more: Any) -> None:
    """Ask for mails from a network of its own."""
    number = next(_number)
    values = {
        "frequency": "immediate",
        "address": f"reader-{number}@example.org",
        "language": "en",
        "network": f"network-{number}",
        **more,
    }
    ask_to_follow(subject=subject, by=visitor(), now=now, **values)


def following(
    subject: Pledge | Person | Topic, *, now: datetime = NOW, frequency: str = "immediate",
    **more: Any,
) -> Subscription:  # fmt: skip
    """A subscription that its mailbox has confirmed; the mail that asked is out of the way."""
    ask(subject, now=now, frequency=frequency, **more)
    newest = Subscription.objects.latest("pk")
    deliver(now)
    # Outside of tests, as in the faults, mails really leave.
    getattr(mail, "outbox", []).clear()
    return confirm_following(subscription=newest, frequency=frequency, by=visitor(), now=now)


def told(now: datetime = NOW) -> int:
    """Let the worker read the ledger and write mails at this moment; return how many."""
    return tell(by=visitor(), clock=lambda: now)


def deliver(now: datetime = NOW) -> Dispatched:
    """Let the worker send what waits."""
    return dispatch(by=visitor(), clock=lambda: now)


def links(body: str) -> dict[str, str]:
    """Return the paths of the links of a mail, by what they are for."""
    found = re.findall(r"http://127\.0\.0\.1:8000(/follow/(\w+)/\S+)", body)
    return {kind: path for path, kind in found}
