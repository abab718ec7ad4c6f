"""Pages that explain: methodology, about, data, and how the pages themselves look."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.common.dates import utc_date
from promises.ledger.models import Entry
from promises.metrics.models import MetricSource
from promises.pledges.choices import HOLDING, Status
from promises.site import sharing
from promises.site.charts import Point, line_chart
from promises.site.serving import public
from promises.site.statuses import LABELS, MEANINGS, Scorecard
from promises.site.translations import render
from promises.staleness.models import ReviewPolicy
from promises.staleness.reasons import CLEARED_BY, PUBLIC
from promises.updates.models import MethodologyVersion, StatusUpdate

# The tokens at the top of static/site.css that are no status, and what each is for.
COLOURS = {
    "paper": _("the page"),
    "panel": _("what is set apart from it"),
    "ink": _("text, titles, rules above a section"),
    "soft": _("what is read second: days, sources, captions"),
    "line": _("between rows; never the only sign of anything"),
    "link": _("links in running text, lines of charts"),
    "focus": _("around what the keyboard is on"),
    "warn": _("may be out of date, not confirmed, corrected"),
}
SIZES = {
    "size-3": _("Title of a page"),
    "size-2": _("Title of a section"),
    "size-1": _("Title of a row"),
    "size-0": _("Running text"),
    "size-small": _("Days, sources, tables"),
    "size-tiny": _("Tags, labels above a fact"),
}


@public
def methodology(request: HttpRequest) -> HttpResponse:
    """Show the rules: statuses, four eyes, evidence, staleness. Two queries."""
    facts = {
        "statuses": [(key, label, MEANINGS[key]) for key, label in LABELS.items()],
        "reasons": [(reason.label, CLEARED_BY[reason]) for reason in PUBLIC],
        "policies": ReviewPolicy.objects.of_the_site().by_rating(),
        "versions": MethodologyVersion.objects.with_rating_counts(
            StatusUpdate.objects.published_to_count()
        ),
        "today": utc_date(timezone.now()),
    }
    return render(request, "site/methodology.html", facts)


@public
def about(request: HttpRequest) -> HttpResponse:
    """Show what this record is and is not. No queries."""
    return render(request, "site/about.html")


@public
def data(request: HttpRequest) -> HttpResponse:
    """Show how to get the record as data, and where figures come from. Two queries."""
    share = sharing.of_data(Entry.objects.order_by("edition").last())
    facts = {"share": share, "sources": MetricSource.objects.all()}
    return render(request, "site/data.html", facts)


def _example_chart() -> dict[str, Any]:
    """Return a chart on which everything is that a chart can show."""
    figures = [(2019, 40), (2020, 22), (2021, 24), (2022, 31), (2023, 28)]
    points = [Point(date(year, 1, 1), Decimal(value)) for year, value in figures]
    points[3] = replace(points[3], others=(Decimal(36),))
    points[4] = replace(points[4], is_provisional=True)
    closed = (date(2020, 3, 1), date(2021, 7, 1))
    mark = {"from_on": closed[0], "to_on": closed[1], "text": _("an invented closing of courts")}
    return {
        "chart": line_chart(points, terms=[(date(2020, 1, 6), None)], marked=[closed]),
        "marks": [{**mark, "source": "Jane Example"}],
    }


@public
def design(request: HttpRequest) -> HttpResponse:
    """Show the parts that pages are made of, with invented contents. No queries."""
    facts = {
        "statuses": [(key, label, MEANINGS[key]) for key, label in LABELS.items()],
        "colours": COLOURS,
        "sizes": SIZES,
        "scorecard": Scorecard(
            {Status.KEPT: 3, HOLDING: 1, Status.COMPROMISE: 2, Status.BROKEN: 2}
        ),
        "metric": {"slug": "example", "name": _("An invented figure"), "unit": "cases"},
        **_example_chart(),
        "small_scorecard": Scorecard({Status.KEPT: 1, Status.STALLED: 1}),
    }
    response = render(request, "site/design.html", facts)
    response["X-Robots-Tag"] = "noindex"
    return response
