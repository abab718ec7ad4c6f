from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, JSONObject

from promises.accounts.models import User
from promises.common.canonical import timestamp
from promises.common.dates import end_of
from promises.common.history import events_of
from promises.common.prepared import IsAny, Prepared
from promises.common.words import belongs_to
from promises.ledger.models import Entry
from promises.pledges.querysets import PUBLIC_PLEDGE, PledgeQuerySet
from promises.staleness.choices import Watch
from promises.staleness.reasons import PUBLIC

if TYPE_CHECKING:
    from promises.pledges.models import Pledge
    from promises.staleness.models import (  # noqa: F401 -- types only
        Due,
        Lapse,
        Notice,
        ReviewPolicy,
        SourceBeat,
        StaleFlag,
        Sweep,
        Watched,
    )


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
        told = self.by(day)
        if reason:
            told = told.filter(reason=reason)
        else:
            told = told.filter(~Q(self._earlier(day, "pledge", "due_on", "reason")))
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


class StaleFlagQuerySet(QuerySet["StaleFlag"]):
    """Reads of episodes of staleness."""

    def with_words(self, text: str) -> Self:
        """Keep the episodes of pledges in which a word begins like each of these. By index."""
        pledges: Any = self.model._meta.get_field("pledge").related_model._default_manager
        return self.filter(belongs_to("pledge", pledges.having_words(text)))

    def published(self) -> Self:
        """Keep the episodes of public pledges, without those that tell of drafts."""
        return self.filter(PUBLIC_PLEDGE, reason__in=PUBLIC)

    def open(self) -> Self:
        """Keep the episodes that have not ended."""
        return self.filter(closed_at__isnull=True)

    def lasting_on(self, day: date) -> Self:
        """Keep the episodes that lasted at the end of that day in UTC.

        A badge needs no sweep, so one that was opened later counts from when it was due. Not so
        where the ledger told something of the pledge in between: a rating, or another term, may
        speak of days long past, and nobody could know it yet. What it rests on may have moved
        since (`as_they_stood`).
        """
        over = end_of(day)
        lasting = Q(closed_at__isnull=True) | Q(closed_at__gte=over)
        told_between = Entry.objects.filter(
            pledge=OuterRef("pledge__slug"), at__gte=over, at__lte=OuterRef("opened_at")
        )
        was_due = Q(stale_since__lte=day) & ~Exists(told_between)
        return self.filter(lasting, Q(opened_at__lt=over) | was_due, reason__in=PUBLIC)

    def as_they_stood(self, day: date) -> Self:
        """Add `since_then` and `facts_then`: what each said at the end of that day in UTC.

        One that was opened later has what it has now.
        """
        said = events_of(self.model).objects.filter(pgh_obj=OuterRef("pk"))
        said = said.alias(at=KeyTextTransform("at", "pgh_context__metadata"))
        last = said.filter(at__lt=timestamp(end_of(day))).order_by("-pgh_id")
        return self.annotate(
            since_then=Coalesce(Subquery(last.values("stale_since")[:1]), "stale_since"),
            facts_then=Coalesce(Subquery(last.values("facts")[:1]), "facts"),
        )

    def with_last_move(self) -> Self:
        """Add `moved_at`: when `stale_since` or `facts` last became others, as ISO 8601, or None.

        That is the first event after the last one that said something else than is said now.
        """
        said = events_of(self.model).objects.all()
        other = said.filter(pgh_obj=OuterRef(OuterRef("pk"))).exclude(
            stale_since=OuterRef(OuterRef("stale_since")), facts=OuterRef(OuterRef("facts"))
        )
        last = other.order_by("-pgh_id").values("pgh_id")[:1]
        moved = said.filter(pgh_obj=OuterRef("pk"), pgh_id__gt=Subquery(last)).order_by("pgh_id")
        at = KeyTextTransform("at", "pgh_context__metadata")
        return self.annotate(moved_at=Subquery(moved.values(at=at)[:1]))

    def awake(self, now: datetime) -> Self:
        """Keep the open episodes that are not snoozed."""
        return self.open().filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now))

    def in_hands_of(self, person: User | None) -> Self:
        """Keep the episodes handed to this person, or to nobody who is still here."""
        if person is not None:
            return self.filter(assigned_to=person)
        people: Any = self.model._meta.get_field("assigned_to").related_model._default_manager
        left = people.filter(is_active=False)
        return self.filter(Q(assigned_to=None) | Q(assigned_to__in=left))

    def newer_than(self, moment: datetime | None) -> Self:
        """Keep the episodes opened after that moment; all where there is none."""
        return self.filter(opened_at__gt=moment) if moment else self

    def oldest_first(self) -> Self:
        """Order by how long it has been stale."""
        return self.order_by(F("stale_since"), "pk")

    def newest_first(self) -> Self:
        """Order by when it was found, the newest first: ids are given in that order."""
        return self.order_by("-pk")


class ReviewPolicyQuerySet(QuerySet["ReviewPolicy"]):
    """Reads of policies."""

    def of_the_site(self) -> Self:
        """Keep the rows that hold everywhere unless a place says otherwise."""
        return self.filter(jurisdiction=None, office=None, pledge=None)

    def by_rating(self) -> Self:
        """Keep the rows that hold for one rating."""
        return self.exclude(status="")


class WatchedQuerySet(QuerySet["Watched"]):
    """Reads of the policies in force."""

    def unwatched(self) -> Self:
        """Keep the pledges that nobody is told about: switched off or paused."""
        policies = self.model._meta.apps.get_model("staleness", "ReviewPolicy")._default_manager
        # Asked once, before any pledge: while no policy says so, none of all need be looked at.
        some_are = Exists(policies.exclude(watch__in=["", Watch.ON]).order_by())
        return self.filter(some_are).exclude(watch=Watch.ON)

    def published(self) -> Self:
        """Keep those of public pledges."""
        return self.filter(PUBLIC_PLEDGE)

    def pauses_of(self, pledges: list[Pledge]) -> list[tuple[date | None, str, int]]:
        """Return since when, why and how many of these pledges are not updated.

        By their numbers: asked for those of somebody, the view is made of all pledges first.
        """
        numbers = [pledge.pk for pledge in pledges]
        paused = self.filter(pledge__in=numbers, watch=Watch.PAUSED)
        rows = paused.order_by("paused_on", "pause_reason").values_list("paused_on", "pause_reason")
        return list(rows.annotate(pledges=Count("pledge")))

    def pauses_of_pledge(self) -> ArraySubquery:
        """Return a column for a query of pledges: since when and why each is not updated."""
        paused = self.published().filter(pledge=OuterRef("pk"), watch=Watch.PAUSED)
        row = JSONObject(since="paused_on", because="pause_reason")
        return ArraySubquery(paused.values(row=row))

    def coming(self, day: date) -> Self:
        """Keep what is not yet due on that day but near enough for a warning, the next first."""
        near = self.published().filter(warn_on__lte=day, policy_due_on__gt=day)
        return near.order_by("policy_due_on", "pledge")


class SweepQuerySet(QuerySet["Sweep"]):
    """Reads of finished sweeps."""

    def newest(self) -> Sweep | None:
        """Return the sweep that finished last."""
        return self.order_by("-finished_at").first()


class SourceBeatQuerySet(QuerySet["SourceBeat"]):
    """Reads of when sources last published figures."""

    def by_source(self) -> dict[str, SourceBeat]:
        """Return each source that ever published figures by its slug."""
        return {beat.slug: beat for beat in self}

    def silent_on(self, day: date) -> dict[str, date]:
        """Return the sources that are silent on that day, each with the day it began."""
        rows = self.filter(silent_on__lte=day).values_list("slug", "silent_on")
        return {slug: silent for slug, silent in rows if silent is not None}


class LapseQuerySet(QuerySet["Lapse"]):
    """Reads of missed heartbeats."""

    def open(self) -> Self:
        """Keep those that last."""
        return self.filter(ended_at__isnull=True)


class NoticeQuerySet(QuerySet["Notice"]):
    """Reads of who is to be told what."""

    def untold(self) -> Self:
        """Keep what no digest has told yet."""
        return self.filter(digest__isnull=True)

    def to_be_told(self, day: date) -> Self:
        """Keep what a digest of that day may tell: its person has an address and none yet."""
        reachable = self.untold().filter(person__is_active=True).exclude(person__email="")
        return reachable.exclude(person__stale_digests__digest_on=day)
