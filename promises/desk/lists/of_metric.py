"""The list of the values of one metric, and the way back to it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.common.numbers import whole_number
from promises.metrics.models import Metric


class OfMetricFilter(admin.SimpleListFilter):
    """Keeps the values of one metric, whose page leads here and from here is led back to."""

    title = _("metric")
    parameter_name = "metric__id__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the one that the address names. Raises IncorrectLookupParameters without it."""
        self.metric, self.address = None, ""
        self.all_rows = "?"
        if self.value() is None:
            return []
        pages = model_admin.admin_site.get_model_admin(Metric)
        number = whole_number(self.value() or "")
        self.metric = pages.get_queryset(request).filter(pk=number).first()
        if self.metric is None:
            raise IncorrectLookupParameters(self.parameter_name)
        if pages.has_view_permission(request, self.metric):
            self.address = reverse("admin:metrics_metric_change", args=[self.metric.pk])
        return [(str(self.metric.pk), self.metric.name)]

    @property
    def told(self) -> str:
        """What stands above the list of its values, with the way back."""
        if self.metric is None:
            return ""
        words = gettext("Only the values of %(metric)s.") % {"metric": self.metric.name}
        return format_html('<a href="{}">{}</a>', self.address, words) if self.address else words

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep its values, or all."""
        return queryset.filter(metric=self.metric) if self.metric else None
