from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, JSONObject, Now

from promises.accounts.models import User
from promises.common.canonical import timestamp
from promises.common.dates import end_of
from promises.common.history import events_of
from promises.common.words import belongs_to
from promises.ledger.models import Entry
from promises.pledges.querysets import PUBLIC_PLEDGE
from promises.staleness.choices import Watch
from promises.staleness.reasons import PUBLIC

if TYPE_CHECKING:
    from promises.pledges.models import Pledge
    from promises.staleness.models import (  # noqa: F401 -- types only
        Lapse,
        Notice,
        ReviewPolicy,
        SourceBeat,
        StaleFlag,
        Sweep,
        Watched,
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

    def with_age(self) -> Self:
        """Say how old each is, by the clock that noted it: a host's may be wrong."""
        return self.annotate(age=Now() - F("finished_at"))

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
