"""The desk's pages of metrics, their sources and their values."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.inlines import RemovableForm, TabularRows
from promises.desk.lists.of_metric import OfMetricFilter
from promises.desk.lists.plain_filters import IS_WITHDRAWN
from promises.desk.record_admin import EditorialAdmin, Fact, RecordAdmin
from promises.desk.saving.forms import ReasonForm
from promises.desk.saving.steps import Step, each
from promises.desk.saving.worded import PUBLIC_NAME
from promises.editorial.choices import State
from promises.metrics.actions import (
    add_observation,
    delete_metric_pledge,
    publish_metric,
    retract_metric,
    retract_observation,
    save_metric,
    save_metric_annotation,
    save_metric_pledge,
    save_metric_source,
)
from promises.metrics.models import (
    Metric,
    MetricAnnotation,
    MetricPledge,
    MetricSource,
    Observation,
)


def _borne_on(records: Sequence[Metric]) -> Any:
    """Return the pledges that these metrics bear on."""
    return MetricPledge.objects.filter(metric__in=records).values_list("pledge_id", flat=True)


class MetricPledgeForm(RemovableForm):
    """A pledge that a metric bears on."""

    chosen_once = ("pledge",)


class MetricPledgeRows(TabularRows):
    """The pledges a metric bears on."""

    model = MetricPledge
    form = MetricPledgeForm
    fields = ("pledge", "removal_reason")
    autocomplete_fields = ("pledge",)
    can_delete = True
    verbose_name = _("pledge")
    verbose_name_plural = _("pledges it bears on")
    related = ("pledge__person", "metric")

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Save that it bears on the pledge."""
        save_metric_pledge(link=row, by=by, now=now)

    def delete_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Take it off the pledge."""
        reason = form.cleaned_data.get("removal_reason", "")
        delete_metric_pledge(link=row, reason=reason, by=by, now=now)


@admin.register(Metric)
class MetricAdmin(EditorialAdmin):
    """Series of figures. Their values have a list of their own."""

    fields = (
        "name",
        "slug",
        "jurisdiction",
        ("key", "unit"),
        "description",
        "reading",
        "values",
        "new_value",
    )
    readonly_fields = ("values", "new_value")
    explained: ClassVar[dict[str, Any]] = {
        "key": _("A short name for programs, each once in a jurisdiction: “arrests_all”."),
        "reading": _("Whether more or less of it speaks for the pledge, or neither does."),
    }
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    autocomplete_fields = ("jurisdiction",)
    list_display = ("name", "jurisdiction", "unit", "state")
    list_filter = ("state",)
    list_select_related = ("jurisdiction",)
    search_fields = ("name", "key", "slug", "description", "jurisdiction__name")
    ordering = ("name", "pk")
    tells_apart = ("jurisdiction", "slug")
    inlines = (MetricPledgeRows,)
    steps = (
        Step(
            name="publish",
            label=_("Publish"),
            explains=_("It becomes public, with its values and the pledges it bears on."),
            done=_("Published"),
            act=each(publish_metric, "metric"),
            is_offered=lambda metric, _user: metric.state in {State.DRAFT, State.IN_REVIEW},
            pledges=_borne_on,
        ),
        Step(
            name="retract",
            label=_("Retract"),
            explains=_("It is withdrawn from the public for good, with its values."),
            done=_("Retracted"),
            act=each(retract_metric, "metric"),
            asks=ReasonForm,
            is_offered=lambda metric, _user: metric.state == State.PUBLISHED,
            pledges=_borne_on,
        ),
    )

    @admin.display(description=_("values"))
    def values(self, metric: Metric) -> str:
        """Return a link to the list of the values: there may be thousands."""
        if metric.pk is None:
            return gettext("Save the metric first, then add values to it.")
        count = metric.observations.count()
        return format_html(
            '<a href="{}?{}={}">{}</a>',
            reverse(f"{self.admin_site.name}:metrics_observation_changelist"),
            OfMetricFilter.parameter_name,
            metric.pk,
            ngettext("%(count)d value", "%(count)d values", count) % {"count": count},
        )

    @admin.display(description=_("new value"))
    def new_value(self, metric: Metric) -> str:
        """Return a link to the page of a new value."""
        there = reverse(f"{self.admin_site.name}:metrics_observation_add")
        words = gettext("Add a value")
        return format_html('<a href="{}?metric={}">{}</a>', there, metric.pk, words)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Offer another value to whoever may add one, once there is a metric to add it to."""
        fields = super().get_fields(request, obj)
        values = self.admin_site.get_model_admin(Observation)
        is_offered = obj is not None and values.has_add_permission(request)
        return [name for name in fields if name != "new_value" or is_offered]

    def save_record(self, record: Metric, form: Any, *, by: User, now: datetime) -> None:
        """Save it."""
        save_metric(metric=record, by=by, now=now)


@admin.register(MetricSource)
class MetricSourceAdmin(RecordAdmin):
    """Where figures come from."""

    fields = (
        "publisher",
        "slug",
        "landing_url",
        "repository_url",
        "taken_from",
        ("licence", "cadence"),
        "redistribution",
    )
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("publisher",)}
    list_display = ("publisher", "public_name", "licence", "cadence")
    search_fields = ("publisher", "slug")
    ordering = ("slug", "pk")

    @admin.display(description=PUBLIC_NAME, ordering="slug")
    def public_name(self, row: MetricSource) -> str:
        """Return the name that values give for it."""
        return row.slug

    def save_record(self, record: MetricSource, form: Any, *, by: User, now: datetime) -> None:
        """Save it; it is public at once."""
        save_metric_source(source=record, by=by, now=now)


@admin.register(MetricAnnotation)
class MetricAnnotationAdmin(RecordAdmin):
    """Stretches of time that are marked on charts."""

    fields = ("text", "slug", "metric", ("from_on", "to_on"), "source", "source_url", "is_shown")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("text",)}
    autocomplete_fields = ("metric",)
    list_display = ("text", "metric", "from_on", "to_on", "source", "is_shown")
    list_select_related = ("metric",)
    search_fields = ("text", "slug", "source")
    ordering = ("from_on", "pk")

    def save_record(self, record: MetricAnnotation, form: Any, *, by: User, now: datetime) -> None:
        """Save it; it is public at once, with its metric."""
        save_metric_annotation(annotation=record, by=by, now=now)


@admin.register(Observation)
class ObservationAdmin(RecordAdmin):
    """Values with their vintage. A new figure is a new row; a slip of ours is retracted."""

    explained: ClassVar[dict[str, Any]] = {
        "observed_on": _(
            "A month and what is longer begins on the first of a month; of an end of a quarter,"
            " give its last day."
        ),
        "source": _(
            "The public name of one of the metric sources: readers see its publisher, and overdue"
            " figures are noticed. After it a slash and the file, if there is one:"
            " “example-county/dispositions.csv”."
        ),
    }
    autocomplete_fields = ("metric",)
    list_display = ("metric", "observed_on", "period", "figure", "dated", "source", "stands")
    list_filter = (OfMetricFilter, "period", ("retracted_at", IS_WITHDRAWN))
    search_fields = ("metric__name", "metric__key", "source")
    ordering = ("metric_id", "observed_on", "vintage_on", "pk")
    related = ("metric", "retracted_by")
    steps = (
        Step(
            name="retract",
            label=_("Retract"),
            explains=_(
                "For a slip of ours: a value that was never published so. What an office changes"
                " itself is added with its own date of publication. The right value can be added"
                " afterwards."
            ),
            done=_("Retracted"),
            act=each(retract_observation, "observation"),
            asks=ReasonForm,
            is_offered=lambda value, _user: value.retracted_at is None,
            pledges=lambda values: _borne_on([value.metric for value in values]),
        ),
    )

    def facts(self, request: HttpRequest, record: Observation) -> list[Fact]:
        """Say who retracted it, when and why."""
        if record.retracted_at is None:
            return []
        when = date_format(record.retracted_at, "DATETIME_FORMAT")
        said = f"{record.retracted_by}, {when}: {record.retraction_reason}"
        return [Fact(gettext("Retracted"), said, is_warning=True)]

    @admin.display(description=_("stands"), boolean=True)
    def stands(self, observation: Observation) -> bool:
        """Return whether it was not retracted."""
        return observation.retracted_at is None

    @admin.display(description=_("value"))
    def figure(self, observation: Observation) -> str:
        """Return the value as people write it."""
        return observation.value_in_words

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show a value that is there as people write it."""
        when = ("observed_on", "period", "value" if obj is None else "figure")
        return ["metric", when, ("vintage_on", "vintage_precision"), "source"]

    def is_fixed(self, record: Observation) -> bool:
        """A value stays."""
        return True

    @admin.display(description=_("published on"))
    def dated(self, observation: Observation) -> str:
        """Return the date of publication as far as it is known."""
        return observation.vintage_in_words

    def save_record(self, record: Observation, form: Any, *, by: User, now: datetime) -> None:
        """Add it."""
        add_observation(observation=record, by=by, now=now)
