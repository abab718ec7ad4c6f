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

# What follows the name of a person where words go on, as those of a term do: a longer name is that
# of someone else.
AFTER_NAME = ", "


@dataclass(frozen=True)
class Tenure:
    """The time in one office, over all terms that follow each other without a gap.

    `newest` is the last of these terms that has begun, or else the first that lies ahead; `next`
    is one that lies ahead and goes on from it.
    """

    started_on: date
    newest: Term
    next: Term | None = None

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
    ahead = newest_first[: -len(begun)] if begun else []
    newest_first = begun or newest_first[-1:]
    newest = first = newest_first[0]
    for later, earlier in pairwise(newest_first):
        if not _goes_on(earlier, later):
            break
        first = earlier
    follows = ahead[-1] if ahead and _goes_on(newest, ahead[-1]) else None
    return Tenure(first.started_on, newest, follows)


def is_end_unknown(term: Term, today: date) -> bool:
    """Whether a term has no end on record although it has run its years.

    Whoever held it may have left long ago: nothing may say that they are in office.
    """
    years = today.year - term.started_on.year
    is_short = (today.month, today.day) < (term.started_on.month, term.started_on.day)
    return term.ends_on is None and years - is_short >= term.office.term_years


def _goes_on(earlier: Term, later: Term) -> bool:
    """Whether a term follows another of the same office without a gap."""
    ended_on = earlier.ends_on
    is_followed = ended_on is not None and later.started_on - ended_on <= timedelta(days=1)
    return later.office_id == earlier.office_id and is_followed
