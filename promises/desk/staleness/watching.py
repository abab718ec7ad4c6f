"""The desk's pages of how pledges are watched: policies, dates, limits, what nobody watches."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.desk.lists.plain_filters import OfferFilter
from promises.desk.record_admin import ReadOnlyAdmin, RecordAdmin
from promises.staleness.models import Lapse, MetricLimit, ReviewBy, ReviewPolicy, Watched
from promises.staleness.policies import (
    clear_review_by,
    delete_metric_limit,
    delete_review_policy,
    save_metric_limit,
    save_review_policy,
    set_review_by,
)


class _Deleted(RecordAdmin):
    """A page whose rows may be deleted by those who have the permission."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Follow Django's permissions: the history keeps the row."""
        return super(RecordAdmin, self).has_delete_permission(request, obj)


@admin.register(ReviewPolicy)
class ReviewPolicyAdmin(_Deleted):
    """How pledges are watched, from the whole site down to one pledge. Empty: as one level up."""

    fields = (
        ("jurisdiction", "office", "pledge"),
        "status",
        "watch",
        ("paused_on", "pause_reason"),
        ("days_in_term", "days_after_term"),
        ("warn_days", "grace_days", "calendar"),
        "owner",
        ("escalation_days", "escalation_to"),
    )
    autocomplete_fields = ("jurisdiction", "office", "pledge", "owner", "escalation_to")
    list_display = ("level", "status", "watch", "days_in_term", "days_after_term", "owner")
    list_filter = ("watch",)
    ordering = ("pk",)
    related = ("jurisdiction", "office", "pledge", "owner")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Choose the place and the rating once."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "jurisdiction", "office", "pledge", "status") if obj else fields

    def save_record(self, record: ReviewPolicy, form: Any, *, by: User, now: datetime) -> None:
        """Save it; all due dates follow at once."""
        save_review_policy(policy=record, by=by, now=now)

    def remove_record(self, record: ReviewPolicy, *, by: User, now: datetime) -> None:
        """Follow the level above again."""
        delete_review_policy(policy=record, by=by, now=now)


@admin.register(ReviewBy)
class ReviewByAdmin(_Deleted):
    """Days by which editors want pledges looked at again. Readers see the day, not the reason."""

    fields = ("pledge", "review_by_on", "reason")
    autocomplete_fields = ("pledge",)
    list_display = ("pledge", "review_by_on", "reason", "set_by")
    ordering = ("review_by_on", "pk")
    related = ("pledge", "set_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Choose the pledge once."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "pledge") if obj else fields

    def save_record(self, record: ReviewBy, form: Any, *, by: User, now: datetime) -> None:
        """Set the day."""
        saved = set_review_by(
            pledge=record.pledge,
            review_by_on=record.review_by_on,
            reason=record.reason,
            by=by,
            now=now,
        )
        record.pk, record.set_by, record.set_at = saved.pk, saved.set_by, saved.set_at

    def remove_record(self, record: ReviewBy, *, by: User, now: datetime) -> None:
        """Take the day back."""
        clear_review_by(pledge=record.pledge, by=by, now=now)


@admin.register(MetricLimit)
class MetricLimitAdmin(_Deleted):
    """From which value on a figure calls for another look at a pledge."""

    fields = ("pledge", "metric", ("direction", "value"))
    autocomplete_fields = ("pledge", "metric")
    list_display = ("pledge", "metric", "direction", "value")
    ordering = ("pk",)
    related = ("pledge", "metric")

    def save_record(self, record: MetricLimit, form: Any, *, by: User, now: datetime) -> None:
        """Save it; the due date follows at once."""
        save_metric_limit(limit=record, by=by, now=now)

    def remove_record(self, record: MetricLimit, *, by: User, now: datetime) -> None:
        """Let the figure go where it will."""
        delete_metric_limit(limit=record, by=by, now=now)


class WatchedFilter(OfferFilter):
    """Keeps what nobody watches, or what is coming due."""

    title = _("which")
    parameter_name = "which"
    offers = (
        ("unwatched", _("not watched"), lambda rows, person, now: rows.unwatched()),
        ("coming", _("coming due"), lambda rows, person, now: rows.coming(utc_date(now))),
    )


@admin.register(Watched)
class WatchedAdmin(ReadOnlyAdmin):
    """The policy in force for each pledge, over all levels."""

    fields = ("pledge", "watch", "paused_on", "pause_reason", "last_look", "policy_due_on")
    list_display = ("pledge", "watch", "paused_on", "pause_reason", "last_look", "policy_due_on")
    list_filter = (WatchedFilter,)
    list_select_related = ("pledge",)
    ordering = ("pk",)


@admin.register(Lapse)
class LapseAdmin(ReadOnlyAdmin):
    """When the sweep or a source of figures stayed silent."""

    fields = ("heartbeat", "name", "silent_since", "found_at", "ended_at")
    list_display = ("heartbeat", "name", "silent_since", "found_at", "ended_at")
    list_filter = ("heartbeat",)
    ordering = ("-found_at", "-pk")
