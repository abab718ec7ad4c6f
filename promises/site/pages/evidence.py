"""One piece of evidence, and what it says about which pledge."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from promises.captures.models import Capture, CaptureWaiver
from promises.common.dates import utc_date
from promises.evidence.models import Evidence, EvidenceLink, ResultReportSource
from promises.serving.marks import shows_work
from promises.site.copies import answer_with
from promises.site.documents import document_of
from promises.site.originals import original_of
from promises.site.serving import only_read, public, published_or_gone
from promises.site.translations import render
from promises.sources.models import Passage
from promises.staleness.models import Due
from promises.updates.models import Correction, StatusUpdate

COPIES_SHOWN = 10


@public
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one document or record."""
    shows_work(request)
    waived = CaptureWaiver.objects.reason_of("pk")
    found = published_or_gone(Evidence.objects.annotate(waived_because=waived), slug)
    return render(request, "site/evidence.html", evidence_facts(found))


@only_read
def evidence_copy(request: HttpRequest, slug: str, sha256: str) -> HttpResponseBase:
    """Hand out a file of a copy, never to be shown here: it is somebody else's page."""
    captures = Capture.objects.published().filter(evidence__slug=slug)
    return answer_with(request, captures, sha256, is_shown=False)


def evidence_facts(evidence: Evidence) -> dict[str, Any]:
    """Gather the page in nine queries after the evidence itself.

    Its original and what is quoted from it, what it says about pledges and what is stale of them,
    the ratings that rest on it, the election results read from it, its corrections, its copies
    and the text of the newest.
    """
    links = EvidenceLink.objects.published().filter(evidence=evidence)
    updates = StatusUpdate.objects.published().filter(citations__evidence=evidence)
    updates = updates.newest_first().with_signatures().with_corrected_at()
    results = ResultReportSource.objects.published().filter(evidence=evidence)
    corrections = Correction.objects.published().filter(evidence=evidence)
    copies = Capture.objects.published().filter(evidence=evidence).newest_first()
    passages = list(
        Passage.objects.published().of_evidence(evidence.pk).select_related("link__pledge__term")
    )
    of_pledge = ("pledge__person", "pledge__term")
    document = document_of(evidence, passages)
    said = list(links.select_related(*of_pledge).order_by("pledge__person__name", "pk"))
    # In the running text of a document the badge would be in the way: it stands in the list.
    Due.objects.attach([link.pledge for link in said], utc_date(timezone.now()))
    return {
        "evidence": evidence,
        "copies": list(copies.select_related("body")[:COPIES_SHOWN]),
        "capture_origin": settings.CAPTURE_ORIGIN,
        "original": original_of(evidence, passages),
        "document": document,
        "marked": document.pledges if document else [],
        "links": said,
        "updates": list(updates.select_related(*of_pledge)),
        "results": list(results.select_related("result_report__election__office").order_by("pk")),
        "corrections": list(corrections.select_related("corrected_by")),
    }
