"""Filters of the lists that read more than one column."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.common.dates import utc_date
from promises.common.words import IsAnyOf
from promises.desk.lists.plain_filters import Offer, OfferFilter
from promises.pledges.querysets import PledgeQuerySet
from promises.staleness.models import Due
from promises.staleness.reasons import PUBLIC_CHOICES

WEEK = timedelta(days=7)


class MineFilter(OfferFilter):
    """Keeps the drafts of whoever looks."""

    title = _("drafts")
    parameter_name = "drafts"
    offers = (("mine", _("mine"), lambda rows, person, now: rows.drafts_of(person)),)


class StaleFilter(admin.SimpleListFilter):
    """Keeps the pledges that are stale today, or those that are not."""

    title = _("staleness")
    parameter_name = "stale"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer yes, no and every reason."""
        return [
            ("yes", _("yes, for any reason")),
            ("no", _("no")),
            *PUBLIC_CHOICES,
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Ask the stored due dates, which need no worker to be right."""
        today = utc_date(timezone.now())
        match self.value():
            case None:
                return None
            case "yes":
                return Due.objects.stale_pledges(queryset, today)
            case "no":
                return Due.objects.fresh_pledges(queryset, today)
            case reason:
                return Due.objects.stale_pledges(queryset, today, str(reason))


def look_again_this_week(pledges: PledgeQuerySet, now: datetime) -> PledgeQuerySet:
    """Keep the pledges that turn stale within a week unless someone looks at them again."""
    today = utc_date(now)
    return pledges.to_review_by(today + WEEK, after=today)


def deadline_this_week(pledges: PledgeQuerySet, now: datetime) -> PledgeQuerySet:
    """Keep the pledges whose deadline is today or within a week."""
    today = utc_date(now)
    return pledges.with_deadline_by(today + WEEK, after=today - timedelta(days=1))


def _found_by_day_first(pledges: PledgeQuerySet, due: PledgeQuerySet) -> PledgeQuerySet:
    # Else the planner may walk the list in its order, and far: what an official promised is often
    # due in the same week, all of it or none.
    return pledges.filter(IsAnyOf("pk", ArraySubquery(due.order_by().values("pk"))))


class DueFilter(OfferFilter):
    """Keeps the pledges for which something is due within a week."""

    title = _("what is due this week")
    parameter_name = "due"
    offers = (
        (
            "review",
            _("another look"),
            lambda rows, person, now: _found_by_day_first(rows, look_again_this_week(rows, now)),
        ),
        (
            "deadline",
            _("its deadline"),
            lambda rows, person, now: _found_by_day_first(rows, deadline_this_week(rows, now)),
        ),
    )


class EpisodeFilter(OfferFilter):
    """Keeps episodes of staleness by where they stand; those to work on unless asked otherwise."""

    title = _("episode")
    parameter_name = "episode"
    offers = (
        (
            "snoozed",
            _("snoozed"),
            lambda rows, person, now: rows.open().filter(snoozed_until__gt=now),
        ),
        ("closed", _("closed"), lambda rows, person, now: rows.exclude(closed_at=None)),
        ("all", _("all"), lambda rows, person, now: rows),
    )
    unless_chosen = (_("open"), lambda rows, person, now: rows.awake(now))


class HandsFilter(OfferFilter):
    """Keeps episodes by whose they are."""

    title = _("whose hands it is in")
    parameter_name = "hands"
    offers = (
        ("mine", _("me"), lambda rows, person, now: rows.in_hands_of(person)),
        ("nobody", _("nobody"), lambda rows, person, now: rows.in_hands_of(None)),
    )


HANDED_IN: Offer = (
    "others",
    _("for others: I handed it in"),
    lambda rows, person, now: rows.handed_in_by(person),
)


class WaitsFilter(OfferFilter):
    """Keeps the status updates that wait for something."""

    title = _("what it waits for")
    parameter_name = "waits"
    offers = (
        (
            "approval",
            _("for my approval"),
            lambda rows, person, now: rows.awaiting_approval_by(person),
        ),
        (
            "publication",
            _("approved, to be published"),
            lambda rows, person, now: rows.ready_to_publish(),
        ),
        ("author", _("came back to me"), lambda rows, person, now: rows.returned_to(person)),
        HANDED_IN,
        (
            "confirmation",
            _("imported, to be confirmed"),
            lambda rows, person, now: rows.awaiting_confirmation_by(person),
        ),
    )
