"""Filters of the lists that read more than one column."""

from typing import Any

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.common.dates import utc_date
from promises.common.words import IsAnyOf
from promises.desk.boxes import deadline_this_week, look_again_this_week
from promises.desk.steps import editor
from promises.staleness.models import Due
from promises.staleness.reasons import PUBLIC_CHOICES


class MineFilter(admin.SimpleListFilter):
    """Keeps the drafts of whoever looks."""

    title = _("drafts")
    parameter_name = "drafts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer one's own."""
        return [("mine", _("mine"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep them."""
        return queryset.drafts_of(editor(request)) if self.value() == "mine" else None


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


class DueFilter(admin.SimpleListFilter):
    """Keeps the pledges for which something is due within a week."""

    title = _("what is due this week")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer what the front page shows."""
        return [("review", _("another look")), ("deadline", _("its deadline"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Ask the reads of the front page."""
        match self.value():
            case "review":
                due = look_again_this_week(queryset, timezone.now())
            case "deadline":
                due = deadline_this_week(queryset, timezone.now())
            case _:
                return None
        # Found by the index of the day first. Else the planner may walk the list in its order, and
        # far: what an official promised is often due in the same week, all of it or none.
        return queryset.filter(IsAnyOf("pk", ArraySubquery(due.order_by().values("pk"))))


class EpisodeFilter(admin.SimpleListFilter):
    """Keeps episodes of staleness by where they stand; those to work on unless asked otherwise."""

    title = _("episode")
    parameter_name = "episode"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the others."""
        return [("snoozed", _("snoozed")), ("closed", _("closed")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep them."""
        now = timezone.now()
        match self.value():
            case "snoozed":
                return queryset.open().filter(snoozed_until__gt=now)
            case "closed":
                return queryset.exclude(closed_at=None)
            case "all":
                return queryset
            case _:
                return queryset.awake(now)


class HandsFilter(admin.SimpleListFilter):
    """Keeps episodes by whose they are."""

    title = _("whose hands it is in")
    parameter_name = "hands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer mine and nobody's."""
        return [("mine", _("me")), ("nobody", _("nobody"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep them."""
        match self.value():
            case "mine":
                return queryset.in_hands_of(editor(request))
            case "nobody":
                return queryset.in_hands_of(None)
            case _:
                return None


class WaitsFilter(admin.SimpleListFilter):
    """Keeps the status updates that wait for something."""

    title = _("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer what the front page counts."""
        return [
            ("approval", _("for my approval")),
            ("publication", _("approved, to be published")),
            ("author", _("came back to me")),
            ("confirmation", _("imported, to be confirmed")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Ask the reads of the front page."""
        person = editor(request)
        match self.value():
            case "approval":
                return queryset.awaiting_approval_by(person)
            case "publication":
                return queryset.ready_to_publish()
            case "author":
                return queryset.returned_to(person)
            case "confirmation":
                return queryset.awaiting_confirmation_by(person)
            case _:
                return None
