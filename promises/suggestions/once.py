"""Suggestions by programs, which may send the same request again after a lost answer.

Actions like those of `actions`, kept apart because each file holds one subject.
"""

import hashlib
from dataclasses import astuple
from datetime import datetime, timedelta

from promises.accounts.models import User
from promises.common.canonical import canonical_json
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.suggestions.models import SentOnce, Suggestion
from promises.suggestions.rules import Sent
from promises.suggestions.suggesting import receive_suggestion

KEPT_FOR = timedelta(days=1)


class NameUsedBefore(Refused):
    """The same program has sent something else under this name."""


@write
def receive_once(
    *,
    name: str,
    sent: Sent,
    pledge: Pledge | None,
    person: Person | None,
    network: str,
    by: User,
    now: datetime,
) -> Suggestion:
    """Keep a suggestion of `by`, once for each `name` they give; "" is no name.

    Two requests with one name at once take their turn: the second finds what the first left.
    Raises NameUsedBefore, and what receive_suggestion raises, which uses up no name.
    """
    about = {"sent": sent, "pledge": pledge, "person": person, "network": network}
    if not name:
        return receive_suggestion(**about, by=by, now=now)  # type: ignore[arg-type]
    words = [*astuple(sent), pledge.pk if pledge else None, person.pk if person else None]
    digest = hashlib.sha256(canonical_json(words).encode()).hexdigest()
    SentOnce.objects.filter(owner=by, name=name, sent_at__lte=now - KEPT_FOR).delete()
    row = SentOnce(owner=by, name=name, digest=digest, sent_at=now)
    SentOnce.objects.bulk_create([row], ignore_conflicts=True)
    found = SentOnce.objects.select_related("suggestion").get(owner=by, name=name)
    if found.digest != digest:
        raise NameUsedBefore("Something else was sent under this name.")
    if found.suggestion is None:
        found.suggestion = receive_suggestion(**about, by=by, now=now)  # type: ignore[arg-type]
        found.save(update_fields=["suggestion"])
    return found.suggestion


@write
def forget_names(*, by: User, now: datetime) -> int:
    """Delete the names that count no more; return how many."""
    return SentOnce.objects.filter(sent_at__lte=now - KEPT_FOR).delete()[0]
