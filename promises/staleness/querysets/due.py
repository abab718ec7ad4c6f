from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from promises.common.prepared import IsAny, Prepared
from promises.common.words import FEW, few
from promises.pledges.querysets import PledgeQuerySet
from promises.staleness.reasons import PUBLIC

if TYPE_CHECKING:
    from promises.pledges.models import Pledge
    from promises.staleness.models import Due


class DueQuerySet(QuerySet["Due"]):
    """Reads of the due dates, which need no worker to be right."""

    def published(self) -> Self:
        """Keep what is due of public pledges of public people."""
        pledges: Any = self.model._meta.get_field("pledge").related_model._default_manager
        return self.filter(pledges.all().none_hidden())

    def counts_by_reason(self, day: date) -> dict[str, int]:
        """Return how many public pledges are stale on that day for each reason that occurs."""
        rows = self.published().by(day).order_by("reason").values_list("reason")
        return dict(rows.annotate(pledges=Count("pk")))

    def counts_by_age(self, day: date, reason: str = "") -> dict[int, int]:
        """Return how many pledges have been stale for how many days on that day.

        Each is counted where `oldest_first` meets it, without a look at the pledge itself.
        """
        told = self._first_of_each(day, reason)
        rows = told.order_by().values_list("due_on").annotate(pledges=Count("pledge"))
        return {(day - since).days: number for since, number in rows}

    def oldest_first(self, pledges: PledgeQuerySet, day: date, reason: str = "") -> PledgeQuerySet:
        """Keep the pledges stale on that day, with `stale_since`, the longest stale first.

        Each is met at the first of its due dates: so few are found without looking at all.
        """
        earlier = self._earlier(day, "pk", "due__due_on", "due__reason")
        first = Q(due__reason=reason) if reason else ~Q(earlier)
        stale = pledges.filter(_told_on(day, "due__") & first)
        return stale.annotate(stale_since=F("due__due_on")).order_by("stale_since", "pk")

    def numbers_oldest_first(self, day: date, reason: str = "") -> QuerySet[Any, Any]:
        """Return the ids of the pledges of `oldest_first` in their order, by due dates alone."""
        told = self._first_of_each(day, reason).order_by("due_on", "pledge")
        return told.values_list("pledge_id", flat=True)

    def _first_of_each(self, day: date, reason: str) -> Self:
        """Keep what is told on that day for a reason, without one what came first of a pledge."""
        told = self.by(day)
        if reason:
            return told.filter(reason=reason)
        return told.filter(~Q(self._earlier(day, "pledge", "due_on", "reason")))

    def _earlier(self, day: date, pledge: str, due_on: str, reason: str) -> Exists:
        """Return whether a pledge was due before this: the columns are those of what is asked."""
        before = Q(due_on__lt=OuterRef(due_on))
        same_day = Q(due_on=OuterRef(due_on), reason__lt=OuterRef(reason))
        told = self.model._default_manager.by(day)
        return Exists(told.filter(before | same_day, pledge=OuterRef(pledge)))

    def by(self, day: date) -> Self:
        """Keep what readers are told on that day: due, past its grace, not over, not of drafts."""
        return self.filter(_told_on(day))

    def stale_pledges(self, pledges: PledgeQuerySet, day: date, reason: str = "") -> PledgeQuerySet:
        """Keep the pledges that are stale on that day, for this reason if one is given."""
        return pledges.filter(Exists(self._of_pledge(day, reason)))

    def fresh_pledges(self, pledges: PledgeQuerySet, day: date) -> PledgeQuerySet:
        """Keep the pledges that are not stale on that day."""
        return pledges.exclude(Exists(self._of_pledge(day, "")))

    def keep_stale(
        self, pledges: PledgeQuerySet, day: date, reasons: Sequence[str] = ()
    ) -> PledgeQuerySet:
        """Keep of a list the pledges that are stale on that day, for one of some reasons if given.

        One query: few are found by what is due. In the order of the list PostgreSQL would look
        for what is due of one pledge after the other, to the end.
        """
        due = self.by(day)
        due = due.filter(reason__in=reasons) if reasons else due
        numbers = list(due.order_by().values_list("pledge_id", flat=True)[: FEW + 1])
        if len(numbers) <= FEW:
            return pledges.filter(pk__in=set(numbers))
        return pledges.filter(Exists(due.filter(pledge=OuterRef("pk"))))

    def keep_fresh(self, pledges: PledgeQuerySet, day: date) -> PledgeQuerySet:
        """Keep of a list the pledges that are not stale on that day. One query, as above."""
        fresh = self.fresh_pledges(pledges, day)
        numbers = few(fresh)
        return fresh if numbers is None else pledges.filter(pk__in=numbers)

    def marking(self, pledges: PledgeQuerySet, day: date) -> PledgeQuerySet:
        """Let pledges bring along whether they are `stale` on that day."""
        return pledges.annotate(stale=Exists(self._of_pledge(day, "")))

    def _of_pledge(self, day: date, reason: str) -> Self:
        due = self.by(day).filter(pledge=OuterRef("pk"))
        return due.filter(reason=reason) if reason else due

    def attach(self, pledges: Iterable[Pledge], day: date) -> list[Pledge]:
        """Give each pledge `stale`: what is due by that day, oldest first. One query."""
        found: dict[int, list[Due]] = {}
        pledges = list(pledges)
        ids = [pledge.pk for pledge in pledges]
        for due in _due_of(self.model)(ids, day) if ids else ():
            found.setdefault(due.pledge_id, []).append(due)
        for pledge in pledges:
            pledge.stale = found.get(pledge.pk, [])  # type: ignore[attr-defined]
        return pledges


def _told_on(day: date, due: str = "") -> Q:
    """Return what readers are told on that day, of due dates or of what leads to them."""
    names = {f"{due}flag_on__lte": day, f"{due}reason__in": PUBLIC}
    return (Q(**{f"{due}until_on__isnull": True}) | Q(**{f"{due}until_on__gt": day})) & Q(**names)


@cache
def _due_of(due: type[Due]) -> Prepared:
    return Prepared(
        lambda pledges, day: (
            due.objects.by(day).filter(IsAny(F("pledge_id"), pledges)).order_by("due_on", "reason")
        )
    )
