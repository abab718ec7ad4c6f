"""The desk's pages of what follows a rating: reviews, replies, corrections."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.filters import MineFilter
from promises.desk.forms import ReasonForm
from promises.desk.record_admin import EditorialAdmin, ReadOnlyAdmin
from promises.desk.slugs import free_slug
from promises.desk.steps import Step, each
from promises.editorial.choices import State
from promises.updates.following import (
    publish_response,
    retract_response,
    save_response,
)
from promises.updates.models import Correction, Response, Review


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Who looked again, and when. Added by a step on the page of the pledge."""

    fields = ("pledge", "reviewed_by", "reviewed_at", "note")
    list_display = ("pledge", "reviewed_by", "reviewed_at", "note")
    search_fields = ("pledge__title", "pledge__person__name", "note")
    ordering = ("-reviewed_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what pages show."""
        return super().get_queryset(request).select_related("pledge", "reviewed_by")


@admin.register(Response)
class ResponseAdmin(EditorialAdmin):
    """Replies of officials. Editable until they are published."""

    fields = ("pledge", "said_by", "text", ("published_on", "date_precision"), "evidence")
    autocomplete_fields = ("pledge", "evidence")
    list_display = ("said_by", "pledge", "published_on", "state")
    list_filter = ("state", MineFilter)
    search_fields = ("said_by", "text", "pledge__title", "pledge__person__name")
    ordering = ("-pk",)
    steps = (
        Step(
            name="publish",
            label=_("Publish"),
            explains=_("The reply is shown beside the status of the pledge."),
            done=_("Published"),
            act=each(publish_response, "response"),
            is_offered=lambda response, _user: response.state == State.DRAFT,
            in_batch=True,
            pledges=lambda records: [response.pledge_id for response in records],
        ),
        Step(
            name="retract",
            label=_("Retract"),
            explains=_("It is withdrawn for good; readers see that it was there, and why it went."),
            done=_("Retracted"),
            act=each(retract_response, "response"),
            asks=ReasonForm,
            is_offered=lambda response, _user: response.state == State.PUBLISHED,
            pledges=lambda records: [response.pledge_id for response in records],
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what pages show."""
        return super().get_queryset(request).select_related("pledge__person", "evidence")

    def is_fixed(self, record: Response) -> bool:
        """A published reply stays as it is."""
        return record.state in {State.PUBLISHED, State.RETRACTED}

    def save_record(self, record: Response, form: Any, *, by: User, now: datetime) -> None:
        """Save it under a name made from the pledge's."""
        record.slug = record.slug or free_slug(Response, f"{record.pledge.slug}-response")
        save_response(response=record, by=by, now=now)


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    """Published words that were changed. Added by editing them, or by a step of an update."""

    fields = (
        ("kind", "field"),
        "old_text",
        "new_text",
        "note",
        ("corrected_by", "corrected_at"),
        ("pledge", "status_update", "evidence"),
    )
    list_display = ("subject", "kind", "field", "corrected_by", "corrected_at")
    list_filter = ("kind",)
    search_fields = ("old_text", "new_text", "note", "pledge__title", "evidence__title")
    ordering = ("-corrected_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what pages show."""
        return (
            super()
            .get_queryset(request)
            .select_related("pledge", "status_update__pledge", "evidence", "corrected_by")
        )

    @admin.display(description=_("of"))
    def subject(self, correction: Correction) -> str:
        """Return what was corrected."""
        return str(correction.status_update or correction.evidence or correction.pledge)
