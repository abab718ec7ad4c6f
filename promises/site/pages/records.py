"""Lists of what happened: status updates, corrections."""

from django.http import HttpRequest, HttpResponse

from promises.site.parameters import listing
from promises.site.serving import public
from promises.site.translations import render
from promises.updates.models import Correction, StatusUpdate


@public
def updates(request: HttpRequest) -> HttpResponse:
    """Show the published status updates, the latest first. Two queries: count and page."""
    found = StatusUpdate.objects.published().recently_published().with_signatures()
    found = found.with_corrected_at().select_related("pledge__person", "pledge__term")
    counted = StatusUpdate.objects.published_to_count().recently_published()
    page = listing(request, found, counted=counted.values_list("pk", flat=True))
    return render(request, "site/updates.html", {"listing": page})


@public
def corrections(request: HttpRequest) -> HttpResponse:
    """Show every correction, the latest first. Two queries: count and page."""
    found = Correction.objects.published().select_related("pledge", "evidence", "corrected_by")
    return render(request, "site/corrections.html", {"listing": listing(request, found)})
