"""One piece of evidence, and what it says about which pledge."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from promises.captures.models import Capture, CaptureWaiver
from promises.evidence.models import Evidence, EvidenceLink, ResultReportSource
from promises.serving.marks import shows_work
from promises.site.copies import answer_with
from promises.site.originals import original_of
from promises.site.serving import public, published_or_gone
from promises.updates.models import Correction, StatusUpdate

COPIES_SHOWN = 10


@public
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one document or record."""
    shows_work(request)
    waived = CaptureWaiver.objects.reason_of("pk")
    found = published_or_gone(Evidence.objects.annotate(waived_because=waived), slug)
    return render(request, "site/evidence.html", evidence_facts(found))


@require_safe
def evidence_copy(request: HttpRequest, slug: str, sha256: str) -> HttpResponseBase:
    """Hand out a file of a copy, never to be shown here: it is somebody else's page."""
    return answer_with(
        Capture.objects.published().filter(evidence__slug=slug), sha256, is_shown=False
    )


def evidence_facts(evidence: Evidence) -> dict[str, Any]:
    """Gather the page in seven queries after the evidence itself.

    Its original and what is quoted from it, what it says about pledges, the ratings that rest on
    it, the election results read from it, its corrections, its copies.
    """
    links = EvidenceLink.objects.published().filter(evidence=evidence)
    updates = StatusUpdate.objects.published().filter(citations__evidence=evidence)
    results = ResultReportSource.objects.published().filter(evidence=evidence)
    corrections = Correction.objects.published().filter(evidence=evidence)
    copies = Capture.objects.published().filter(evidence=evidence).newest_first()
    return {
        "evidence": evidence,
        "copies": list(copies.select_related("body")[:COPIES_SHOWN]),
        "capture_origin": settings.CAPTURE_ORIGIN,
        "original": original_of(evidence),
        "links": list(
            links.select_related("pledge__person").order_by("pledge__person__name", "pk")
        ),
        "updates": list(updates.newest_first().select_related("pledge__person")),
        "results": list(results.select_related("result_report__election__office").order_by("pk")),
        "corrections": list(corrections.select_related("corrected_by")),
    }
