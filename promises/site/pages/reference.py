"""Pages that explain: methodology, about, data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from promises.common.dates import utc_date
from promises.metrics.models import MetricSource
from promises.site.serving import public
from promises.site.statuses import LABELS, MEANINGS
from promises.staleness.models import ReviewPolicy
from promises.staleness.reasons import CLEARED_BY, PUBLIC
from promises.updates.models import MethodologyVersion, StatusUpdate


@public
def methodology(request: HttpRequest) -> HttpResponse:
    """Show the rules: statuses, four eyes, evidence, staleness. Two queries."""
    facts = {
        "statuses": [(key, label, MEANINGS[key]) for key, label in LABELS.items()],
        "reasons": [(reason.label, CLEARED_BY[reason]) for reason in PUBLIC],
        "policies": ReviewPolicy.objects.of_the_site().by_rating(),
        "versions": MethodologyVersion.objects.with_rating_counts(StatusUpdate.objects.published()),
        "today": utc_date(timezone.now()),
    }
    return render(request, "site/methodology.html", facts)


@public
def about(request: HttpRequest) -> HttpResponse:
    """Show what this record is and is not. No queries."""
    return render(request, "site/about.html")


@public
def data(request: HttpRequest) -> HttpResponse:
    """Show how to get the record as data, and where figures come from. One query."""
    return render(request, "site/data.html", {"sources": MetricSource.objects.all()})
