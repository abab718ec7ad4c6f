"""Lists of what happened: status updates, what is stale, corrections."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from promises.common.dates import utc_date
from promises.pledges.models import Pledge
from promises.site.parameters import listing
from promises.site.serving import public
from promises.staleness.choices import StaleReason
from promises.staleness.models import Due, Sweep
from promises.updates.models import Correction, StatusUpdate


@public
def updates(request: HttpRequest) -> HttpResponse:
    """Show the published status updates, the latest first. Two queries: count and page."""
    found = StatusUpdate.objects.published().recently_published().with_signatures()
    page = listing(request, found.select_related("pledge__person"))
    return render(request, "site/updates.html", {"listing": page})


@public
def stale(request: HttpRequest) -> HttpResponse:
    """Show what may be out of date, the longest overdue first, and when the last sweep ran.

    Five queries: count, page, the reasons of each pledge, counts by reason, the last sweep.
    """
    today = utc_date(timezone.now())
    page = listing(request, Due.objects.oldest_first(Pledge.objects.published().for_lists(), today))
    Due.objects.attach(page.rows, today)
    facts = {
        "listing": page,
        "today": today,
        "reasons": stale_reasons(today),
        "sweep": Sweep.objects.order_by("-finished_at").first(),
    }
    return render(request, "site/stale.html", facts)


def stale_reasons(today: date) -> list[tuple[StaleReason, int]]:
    """Return each reason that occurs today, and for how many pledges. One query."""
    counts = Due.objects.counts_by_reason(today)
    return [(reason, counts[reason]) for reason in StaleReason if reason in counts]


@public
def corrections(request: HttpRequest) -> HttpResponse:
    """Show every correction, the latest first. Two queries: count and page."""
    found = Correction.objects.published().select_related("pledge", "evidence", "corrected_by")
    return render(request, "site/corrections.html", {"listing": listing(request, found)})
