"""How long somebody has held an office: pure decisions about terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from promises.officials.models import Term


@dataclass(frozen=True)
class Tenure:
    """The time in one office, over all terms that follow each other without a gap.

    `newest` is the last of these terms that has begun, or else the first that lies ahead.
    """

    started_on: date
    newest: Term

    @property
    def has_several_terms(self) -> bool:
        """Whether it began before the newest term."""
        return self.started_on < self.newest.started_on


def tenure(terms: Iterable[Term], today: date) -> Tenure | None:
    """Return the unbroken time up to the newest term that has begun, or nothing without terms.

    A term that ends on the day the next one starts, or the day before, is followed without a gap.
    Of somebody whose terms all lie ahead it is the first of them.
    """
    newest_first = sorted(terms, key=lambda term: term.started_on, reverse=True)
    if not newest_first:
        return None
    begun = [term for term in newest_first if term.started_on <= today]
    newest_first = begun or newest_first[-1:]
    first = newest_first[0]
    for later, earlier in pairwise(newest_first):
        ended_on = earlier.ends_on
        is_followed = ended_on and later.started_on - ended_on <= timedelta(days=1)
        if later.office_id != earlier.office_id or not is_followed:
            break
        first = earlier
    return Tenure(first.started_on, newest_first[0])
