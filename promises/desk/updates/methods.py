"""The desk's page of the methodology: a new version shows first what it touches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.desk.record_admin import RecordAdmin
from promises.pledges.choices import Status
from promises.updates.actions import publish_methodology
from promises.updates.models import MethodologyVersion, StatusUpdate

DRAFTS_SHOWN = 50


class MethodFilter(admin.SimpleListFilter):
    """Keeps status updates by the version of the method they were made under."""

    title = _("method")
    parameter_name = "method"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer what is older than the version in force, and each version."""
        versions = MethodologyVersion.objects.values_list("version", flat=True)
        return [("older", _("an older version")), *((name, name) for name in versions)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep them."""
        match self.value():
            case None:
                return None
            case "older":
                return queryset.under_older_method(utc_date(timezone.now()))
            case version:
                return queryset.filter(methodology__version=version)


@dataclass(frozen=True)
class Touched:
    """Published ratings of one status that were made under one version."""

    version: str
    status: str
    ratings: int
    address: str


def touched(rows: Iterable[dict[str, Any]]) -> list[Touched]:
    """Return the counts, each with the list of what it counts."""
    base = reverse("admin:updates_statusupdate_changelist")
    return [
        Touched(
            version=row["methodology__version"],
            status=str(Status(row["status"]).label),
            ratings=row["ratings"],
            address=base
            + "?"
            + urlencode(
                {
                    "method": row["methodology__version"],
                    "state__exact": "published",
                    "status__exact": row["status"],
                }
            ),
        )
        for row in rows
    ]


@admin.register(MethodologyVersion)
class MethodologyVersionAdmin(RecordAdmin):
    """The rules in force from a day on. A new version is added; none is changed."""

    fields = ("version", "published_on", "summary")
    list_display = ("version", "published_on", "ratings")
    search_fields = ("version", "summary")
    ordering = ("-published_on", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring how many published ratings were made under each version."""
        versions: Any = super().get_queryset(request)
        return versions.with_rating_counts(StatusUpdate.objects.published_to_count())

    @admin.display(description=_("published status updates"))
    def ratings(self, version: Any) -> int:
        """Return how many were made under it."""
        return int(version.ratings)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **given: Any) -> Any:
        """Ask for what changed: readers compare versions by it."""
        field: Any = super().formfield_for_dbfield(db_field, request, **given)
        if db_field.name == "summary":
            field.help_text = _("What it says, and what changed since the version before.")
        return field

    def is_fixed(self, record: MethodologyVersion) -> bool:
        """Ratings name it, so it stays."""
        return True

    def save_record(
        self, record: MethodologyVersion, form: Any, *, by: User, now: datetime
    ) -> None:
        """Put it in force; it is public at once."""
        publish_methodology(methodology=record, by=by, now=now)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Show what a new version touches before it is published, and change nothing yet."""
        if object_id is None and request.method == "POST" and "_confirmed" not in request.POST:
            if not self.has_add_permission(request):
                raise PermissionDenied
            form = self.get_form(request)(request.POST)
            if form.is_valid():
                return self._preview(request, form)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _preview(self, request: HttpRequest, form: Any) -> HttpResponse:
        """Show the published ratings of earlier versions, counted, and the drafts. Two queries."""
        drafts = StatusUpdate.objects.unpublished().select_related(
            "pledge__person", "methodology", "created_by"
        )
        shown = list(drafts.order_by("-pk")[: DRAFTS_SHOWN + 1])
        typed = {name: request.POST.get(name, "") for name in self.fields}
        rows = touched(StatusUpdate.objects.published().counts_by_method())
        context = {
            **self.admin_site.each_context(request),
            "title": _("What this version touches"),
            "opts": self.opts,
            "version": form.instance,
            "typed": typed,
            "rows": rows,
            "total": sum(row.ratings for row in rows),
            "drafts": shown[:DRAFTS_SHOWN],
            "has_more_drafts": len(shown) > DRAFTS_SHOWN,
            "again": "?" + urlencode(typed),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/method_preview.html", context)
