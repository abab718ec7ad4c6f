"""Requests for public records: to whom, when, due by, answered."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from promises.common.dates import utc_date
from promises.record_requests.models import (
    Extension,
    RecordRequest,
    RequestDocument,
    RequestPledge,
)
from promises.site.parameters import listing
from promises.site.serving import public, published_or_gone
from promises.site.translations import render
from promises.staleness.models import Due


@public
def record_requests(request: HttpRequest) -> HttpResponse:
    """Show every request, the latest first. Two queries: count and page."""
    found = RecordRequest.objects.published().newest_first().select_related("office", "law")
    facts = {"listing": listing(request, found), "today": utc_date(timezone.now())}
    return render(request, "site/record_requests.html", facts)


@public
def record_request(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one request.

    Five queries: itself, its pledges, what is stale of them, extensions, what came of it.
    """
    found = published_or_gone(RecordRequest.objects.select_related("office", "law"), slug)
    mine = {"record_request": found}
    links = RequestPledge.objects.published().filter(**mine)
    pledges = list(links.select_related("pledge__person", "pledge__term"))
    today = utc_date(timezone.now())
    Due.objects.attach([link.pledge for link in pledges], today)
    documents = RequestDocument.objects.published().filter(**mine)
    facts = {
        "made": found,
        "pledges": pledges,
        "extensions": Extension.objects.published().filter(**mine),
        "documents": documents.select_related("evidence"),
        "today": today,
    }
    return render(request, "site/record_request.html", facts)


def requests_of(rows: Iterable[Mapping[str, Any]]) -> list[RecordRequest]:
    """Return the requests that a pledge brought along (`rows_of_pledge`), as pages show them."""
    return [
        RecordRequest(
            **{
                name: date.fromisoformat(value) if value and name.endswith("_on") else value
                for name, value in row.items()
                if name != "of"
            }
        )
        for row in rows
    ]
