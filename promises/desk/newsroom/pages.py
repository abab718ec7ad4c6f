"""The pages of items with their discussion, and the desk's tables of the newsroom."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from promises.captures.models import Capture, CaptureWaiver
from promises.desk.newsroom.filters import PlanFilter, WorkFilter
from promises.desk.newsroom.forms import WorkDoneForm
from promises.desk.newsroom.front import OF_ASSIGNMENTS, OF_PLANS
from promises.desk.newsroom.view import newsroom_lines, newsroom_of
from promises.desk.record_admin import EditorialAdmin, Fact, ReadOnlyAdmin
from promises.desk.saving.steps import Step, each
from promises.newsroom import actions
from promises.newsroom.models import Assignment, Comment, Embargo, PlannedPublication
from promises.sources.models import Source

GOES_WITH_THE_ITEM = (
    Assignment,
    Capture,
    CaptureWaiver,
    Comment,
    Embargo,
    PlannedPublication,
    Source,
)


class ItemAdmin(EditorialAdmin):
    """A pledge, a piece of evidence or a status update, with what the newsroom says of it."""

    def facts(self, request: HttpRequest, record: Any) -> list[Fact]:
        """Add what came back, what is planned, and who works on it."""
        lines = [Fact(*line) for line in newsroom_lines(record)]
        return [*super().facts(request, record), *lines]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **given: Any
    ) -> HttpResponse:
        """Add the discussion."""
        if context["original"] is not None:
            context["newsroom"] = newsroom_of(context["original"])
        return super().render_change_form(request, context, *args, **given)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Let a draft take along what was said about it; the history keeps it."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        lacking = lacking - {model._meta.verbose_name for model in GOES_WITH_THE_ITEM}
        return listed, counts, lacking, protected


class AboutItemAdmin(ReadOnlyAdmin):
    """Rows that hang on an item: added and changed by steps on its page."""

    search_fields: ClassVar[tuple[str, ...]] = (
        "pledge__title",
        "pledge__person__name",
        "evidence__title",
        "status_update__pledge__title",
        "status_update__pledge__person__name",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what the names show."""
        return super().get_queryset(request).with_items()

    @admin.display(description=_("item"))
    def about(self, row: Any) -> str:
        """Return the item, linked to its page."""
        item = row.item
        view = f"{self.admin_site.name}:{item._meta.app_label}_{item._meta.model_name}_change"
        named: Any = self.admin_site.get_model_admin(type(item))
        return format_html(
            '<a href="{}">{}</a>', reverse(view, args=[item.pk]), named.name_of(item)
        )


def _is_open(assignment: Assignment, _person: Any) -> bool:
    return assignment.ended_at is None


@admin.register(Assignment)
class AssignmentAdmin(AboutItemAdmin):
    """Who is asked to do what, by when."""

    boxes = OF_ASSIGNMENTS
    related = ("assigned_to", "assigned_by", "ended_by")
    fields = (
        "about",
        ("assigned_to", "task", "due_on"),
        "note",
        ("assigned_by", "assigned_at"),
        ("ending", "ended_by", "ended_at"),
    )
    readonly_fields = ("about",)
    list_display = ("__str__", "about", "due_on", "assigned_by", "ending")
    list_filter = (WorkFilter, "task", "ending")
    ordering = ("-pk",)
    steps = (
        Step(
            name="finish",
            label=_("Done"),
            explains=_("It leaves the front page of the person who had it."),
            done=_("Done"),
            act=each(actions.finish_assignment, "assignment"),
            asks=WorkDoneForm,
            is_offered=_is_open,
            in_batch=True,
        ),
        Step(
            name="withdraw",
            label=_("Withdraw"),
            explains=_("The person need not do it any more."),
            done=_("Withdrawn"),
            act=each(actions.withdraw_assignment, "assignment"),
            asks=WorkDoneForm,
            is_offered=_is_open,
            in_batch=True,
        ),
    )


@admin.register(PlannedPublication)
class PlannedPublicationAdmin(AboutItemAdmin):
    """What is to appear when, and what was set aside."""

    boxes = OF_PLANS
    related = ("planned_by", "ended_by")
    fields = (
        "about",
        ("publish_at", "planned_by", "planned_at"),
        ("outcome", "ended_by", "ended_at"),
        "reason",
    )
    readonly_fields = ("about",)
    list_display = ("publish_at", "about", "planned_by", "outcome", "reason")
    list_filter = (PlanFilter, "outcome")
    ordering = ("-publish_at", "-pk")


@admin.register(Embargo)
class EmbargoAdmin(AboutItemAdmin):
    """What is held back until when, and why."""

    related = ("set_by", "lifted_by")
    fields = (
        "about",
        ("ends_at", "set_by", "set_at"),
        "reason",
        ("lifted_by", "lifted_at"),
        "lift_reason",
    )
    readonly_fields = ("about",)
    list_display = ("ends_at", "about", "set_by", "reason", "lifted_at")
    ordering = ("-ends_at", "-pk")


@admin.register(Comment)
class CommentAdmin(AboutItemAdmin):
    """What was said about items."""

    related = ("written_by",)
    fields = ("about", ("written_by", "written_at", "kind"), "text")
    readonly_fields = ("about",)
    list_display = ("written_at", "about", "written_by", "kind", "text")
    list_filter = ("kind",)
    search_fields = (*AboutItemAdmin.search_fields, "text")
    ordering = ("-written_at", "-pk")
