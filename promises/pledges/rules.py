"""Decisions about pledges that need no database."""

from datetime import date
from hashlib import sha256

from promises.editorial.choices import State
from promises.pledges.choices import HELD, HOLDING, Kind, Status


def shown_as(kind: str, status: str, term_ends_on: date | None, day: date) -> str:
    """Return the key under which a status is shown on a day: its own, "holding" or "held".

    A standing pledge in the works is "holding" while its term runs. Once that is over only a
    final rating can say whether it was kept; until then readers see that it held when last rated.
    """
    if kind != Kind.STANDING or status != Status.IN_THE_WORKS:
        return status
    return HOLDING if term_ends_on is None or term_ends_on > day else HELD


def words_digest(title: str, statement: str) -> str:
    """Return the SHA-256 of a pledge's words: who has read the same has the same digest."""
    return sha256(f"{title}\x00{statement}".encode()).hexdigest()


def missing_person(state: str) -> str:
    """Return why readers cannot see the pledges of a person in this state, or ""."""
    if state == State.PUBLISHED:
        return ""
    if state == State.RETRACTED:
        return "The person was withdrawn: a pledge stands on the page of a person."
    return "Publish the person first: a pledge stands on their page."
