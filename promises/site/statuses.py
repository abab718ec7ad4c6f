"""How a status is shown, and how many pledges have which: counts, never a lone percentage."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.utils.translation import ngettext_lazy as _counted

from promises.officials.models import Person
from promises.pledges.choices import HELD, HOLDING, HOLDING_LABELS, Kind, Status
from promises.pledges.models import Pledge
from promises.pledges.querysets import PledgeQuerySet
from promises.pledges.rules import shown_as
from promises.updates.models import StatusUpdate

# In the order of a scorecard: what came true, what is open, what did not, what nobody can say.
LABELS = {
    Status.KEPT: Status.KEPT.label,
    **HOLDING_LABELS,
    Status.COMPROMISE: Status.COMPROMISE.label,
    Status.IN_THE_WORKS: Status.IN_THE_WORKS.label,
    Status.STALLED: Status.STALLED.label,
    Status.BROKEN: Status.BROKEN.label,
    Status.UNRATABLE: Status.UNRATABLE.label,
    Status.NOT_YET_RATED: Status.NOT_YET_RATED.label,
}
MEANINGS = {
    Status.KEPT: _lazy("What was promised has happened."),
    HOLDING: _lazy("A promise to never or always do something that has not been broken so far."),
    HELD: _lazy(
        "A promise to never or always do something that had not been broken when it was last"
        " rated. The term is over, and the final rating is due."
    ),
    Status.COMPROMISE: _lazy("Part of it, or less than it, has happened."),
    Status.IN_THE_WORKS: _lazy("The office has begun; the outcome is open."),
    Status.STALLED: _lazy("It was begun or announced, and nothing moves."),
    Status.BROKEN: _lazy("The opposite happened, or it will not happen any more."),
    Status.UNRATABLE: _lazy("The wording is too unclear to say what would count as kept."),
    Status.NOT_YET_RATED: _lazy("Nobody has published a rating of it yet."),
}
# As they are counted: other languages than English bend the word too.
COUNTED = {
    HOLDING: _counted("%(count)d holding so far", "%(count)d holding so far", "count"),
    HELD: _counted(
        "%(count)d last rated holding (term over)",
        "%(count)d last rated holding (term over)",
        "count",
    ),
    Status.COMPROMISE: _counted("%(count)d compromise", "%(count)d compromises", "count"),
    Status.IN_THE_WORKS: _counted("%(count)d in the works", "%(count)d in the works", "count"),
    Status.STALLED: _counted("%(count)d stalled", "%(count)d stalled", "count"),
    Status.BROKEN: _counted("%(count)d broken", "%(count)d broken", "count"),
    Status.UNRATABLE: _counted("%(count)d unratable", "%(count)d unratable", "count"),
    Status.NOT_YET_RATED: _counted("%(count)d not yet rated", "%(count)d not yet rated", "count"),
}
# With fewer pledges than this on record, readers are told not to compare.
FEW_PLEDGES = 5


def rated_as(pledge: Pledge, update: StatusUpdate, today: date) -> str:
    """Return the key under which a rating of a pledge is shown.

    The one in force speaks of today; an earlier one says what it said on the day it was made.
    """
    in_force = (pledge.status, pledge.status_assessed_on) == (update.status, update.assessed_on)
    return pledge.shown_on(today if in_force else update.assessed_on, update.status)


def since(key: str, day: str) -> str:
    """Say since when a status holds. The end of a term is not the day of its last rating."""
    words = _("(held from %(day)s)") if key == HELD else _("since %(day)s")
    return words % {"day": day}


def columns_of(key: str, day: date) -> dict[str, Any]:
    """Return the values of columns by which the pledges are found that are shown under a key.

    They are those of pledges `knowing_their_end`.
    """
    standing = {"status": Status.IN_THE_WORKS, "kind": Kind.STANDING}
    if key == HOLDING:
        return {**standing, "over_on__gt": day}
    if key == HELD:
        return {**standing, "over_on__lte": day}
    return {"status": key, "kind": Kind.OUTCOME} if key == Status.IN_THE_WORKS else {"status": key}


@dataclass(frozen=True)
class Scorecard:
    """How many of an official's pledges have which status, in the order of LABELS.

    `unconfirmed` of them are rated as imported, and two editors here have not yet confirmed that.
    """

    counts: Mapping[str, int]
    unconfirmed: int = 0

    @property
    def total(self) -> int:
        """All pledges on record."""
        return sum(self.counts.values())

    @property
    def is_small(self) -> bool:
        """Whether there are too few pledges to compare officials by them."""
        return self.total < FEW_PLEDGES

    @property
    def marks(self) -> list[str]:
        """One status key for each pledge, like by like."""
        return [key for key in LABELS for _pledge in range(self.counts.get(key, 0))]

    @property
    def headline(self) -> str:
        """ "4 of 16 kept": what was kept of how many."""
        kept = self.counts.get(Status.KEPT, 0)
        words = ngettext("%(kept)d of %(total)d kept", "%(kept)d of %(total)d kept", kept)
        return words % {"kept": kept, "total": self.total}

    @property
    def rest(self) -> str:
        """ "2 broken, 1 compromise …": what became of those that were not kept."""
        others = [key for key in LABELS if key != Status.KEPT and self.counts.get(key)]
        return ", ".join(_in_words(key, self.counts[key]) for key in others)

    @property
    def sentence(self) -> str:
        """ "4 of 16 kept, 2 broken, 1 compromise …": all of it."""
        return ", ".join(part for part in (self.headline, self.rest, self.caveat) if part)

    @property
    def caveat(self) -> str:
        """ "12 ratings imported, not yet confirmed": how much of it nobody here stands behind."""
        if not self.unconfirmed:
            return ""
        words = ngettext(
            "%(count)d rating imported, not yet confirmed",
            "%(count)d ratings imported, not yet confirmed",
            self.unconfirmed,
        )
        return words % {"count": self.unconfirmed}


def _in_words(key: str, count: int) -> str:
    return str(COUNTED[key] % {"count": count})


def together(scorecards: Iterable[Scorecard]) -> Scorecard:
    """Return the scorecard of all of these."""
    counts, unconfirmed = Counter[str](), 0
    for each in scorecards:
        counts.update(each.counts)
        unconfirmed += each.unconfirmed
    return Scorecard(counts, unconfirmed)


def scorecard(pledges: Iterable[Pledge], day: date) -> Scorecard:
    """Count pledges at hand, read with their terms, as they stand on a day."""
    pledges = list(pledges)
    counts = Counter(pledge.shown_on(day) for pledge in pledges)
    rated = [pledge for pledge in pledges if pledge.status != Status.NOT_YET_RATED]
    return Scorecard(counts, sum(pledge.status_is_provisional for pledge in rated))


def scorecards_by_person(people: Collection[Person], day: date) -> dict[int, Scorecard]:
    """Count the public pledges of these people, person by person. One query."""
    return scorecards(Pledge.objects.published().filter(person__in=people), day)


def scorecards(pledges: PledgeQuerySet, day: date) -> dict[int, Scorecard]:
    """Count pledges in the database, by the id of whose they are, on a day. One query."""
    rows = (tuple(row.values()) for row in pledges.counts_by_status(day))
    return scorecards_of(((*row[:3], day if row[3] else None, *row[4:]) for row in rows), day)


def scorecards_of(rows: Iterable[Sequence[Any]], day: date) -> dict[Any, Scorecard]:
    """Return by official what rows of pledges that are alike amount to on a day.

    Each is official, kind, status, the end of their term, how many, how many unconfirmed.
    """
    counts: dict[Any, Counter[str]] = {}
    unconfirmed = Counter[Any]()
    for person, kind, status, ends_on, pledges, imported in rows:
        counts.setdefault(person, Counter())[shown_as(kind, status, ends_on, day)] += pledges
        unconfirmed[person] += imported
    return {person: Scorecard(found, unconfirmed[person]) for person, found in counts.items()}
