"""A plain search over pledges and evidence."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from promises.common.dates import utc_date
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from promises.site.parameters import Parameters, listing
from promises.site.serving import public
from promises.staleness.models import Due

PLEDGES_SHOWN = 10


@public
def search(request: HttpRequest) -> HttpResponse:
    """Show what holds every word of `?q=`: the first pledges, and the evidence 50 a page.

    Five queries: pledges, how many, what is stale of them, evidence, how much.
    """
    parameters = Parameters(request)
    words = parameters.words("q")
    facts = {"words": words, "faults": parameters.faults}
    if parameters.faults or not words:
        status = 400 if parameters.faults else 200
        return render(request, "site/search.html", facts, status=status)
    today = utc_date(timezone.now())
    pledges = Pledge.objects.published().search(words)
    evidence = Evidence.objects.published().search(words).newest_first()
    first = Due.objects.attach(pledges.for_lists().in_reading_order()[:PLEDGES_SHOWN], today)
    found = {
        "pledges": first,
        "pledge_count": pledges.count(),
        "listing": listing(request, evidence),
        "today": today,
    }
    return render(request, "site/search.html", {**facts, **found})
