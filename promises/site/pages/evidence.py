"""One piece of evidence, and what it says about which pledge."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from promises.evidence.models import Evidence, EvidenceLink, ResultReportSource
from promises.site.serving import public, published_or_gone
from promises.updates.models import Correction, StatusUpdate


@public
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one document or record."""
    found = published_or_gone(Evidence.objects.all(), slug)
    return render(request, "site/evidence.html", evidence_facts(found))


def evidence_facts(evidence: Evidence) -> dict[str, Any]:
    """Gather the page in four queries after the evidence itself.

    What it says about pledges, the ratings that rest on it, the election results read from it,
    its corrections.
    """
    links = EvidenceLink.objects.published().filter(evidence=evidence)
    updates = StatusUpdate.objects.published().filter(citations__evidence=evidence)
    results = ResultReportSource.objects.published().filter(evidence=evidence)
    corrections = Correction.objects.published().filter(evidence=evidence)
    return {
        "evidence": evidence,
        "links": list(
            links.select_related("pledge__person").order_by("pledge__person__name", "pk")
        ),
        "updates": list(updates.newest_first().select_related("pledge__person")),
        "results": list(results.select_related("result_report__election__office").order_by("pk")),
        "corrections": list(corrections.select_related("corrected_by")),
    }
