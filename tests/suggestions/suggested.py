"""Suggestions as strangers send them."""

from datetime import date, datetime
from itertools import count
from typing import Any

from promises.accounts.actions import service_account
from promises.evidence.models import Evidence
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.suggestions.models import Suggestion
from promises.suggestions.rules import Sent
from promises.suggestions.suggesting import receive_suggestion
from tests.record import NOW

_number = count(1)


def suggestion(
    *,
    pledge: Pledge | None = None,
    person: Person | None = None,
    now: datetime = NOW,
    **more: Any,
) -> Suggestion:
    """A suggestion from a network of its own: of evidence unless said otherwise."""
    number = next(_number)
    network = more.pop("network", f"network-{number}")
    values = {
        "kind": "evidence",
        "explanation": f"The court ended example thing {number}.",
        "source_url": f"https://court.example.org/ruling-{number}",
        "sender_name": "Rita Reader",
        "sender_email": "rita@example.org",
        **more,
    }
    return receive_suggestion(
        sent=Sent(**values),
        pledge=pledge,
        person=person,
        network=network,
        by=service_account(name="visitors", display_name="Visitors"),
        now=now,
    )


def evidence(**more: Any) -> Evidence:
    """A piece of evidence that an editor writes."""
    values = {
        "slug": f"suggested-{next(_number)}", "title": "Ruling", "kind": "court_filing",
        "provenance": "independent", "publisher": "Example Court",
        "url": "https://court.example.org/ruling", "published_on": date(2025, 5, 1),
        "summary": "The court ended it.", "checked": "excerpt", **more,
    }  # fmt: skip
    return Evidence(**values)
