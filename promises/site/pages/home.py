"""The first page: the founding document, the officials, what changed, what is overdue."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from promises.common.dates import utc_date
from promises.evidence.models import EvidenceLink
from promises.pledges.models import Pledge
from promises.site import sharing
from promises.site.pages.prosecutors import officials, with_scorecards
from promises.site.pages.stale import stale_reasons
from promises.site.serving import public
from promises.site.statuses import LABELS
from promises.site.translations import render
from promises.staleness.models import Due
from promises.updates.models import StatusUpdate

# So many officials, by name; the others are one click away.
OFFICIALS = 24
RECENT = 6
OLDEST = 5


@public
def home(request: HttpRequest) -> HttpResponse:
    """Show what this is and where the record stands."""
    return render(request, "site/home.html", home_facts(utc_date(timezone.now())))


def home_facts(today: date) -> dict[str, Any]:
    """Gather the first page in ten queries, whatever the record holds.

    Founding pledges, their newest updates, what is stale of all that is shown, the officials,
    their terms, their counts, recent updates, counts of what is overdue, how many pledges that
    are, the oldest of them.
    """
    founding = list(
        EvidenceLink.objects.published()
        .sources_in(settings.FOUNDING_DOCUMENT)
        .select_related("evidence", "pledge__person", "pledge__term__office")
    )
    pledges = StatusUpdate.objects.with_corrected_at().attach_newest(
        link.pledge for link in founding
    )
    public_pledges = Pledge.objects.published()
    overdue = Due.objects.oldest_first(public_pledges.select_related("person", "term"), today)
    oldest = list(overdue[:OLDEST])
    Due.objects.attach([*pledges, *oldest], today)
    shown = list(officials()[: OFFICIALS + 1])
    updates = (
        StatusUpdate.objects.published().recently_published().with_previous().with_signatures()
    )
    return {
        "share": sharing.of_home(),
        "founding": founding[0].evidence if founding else None,
        "founding_pledges": pledges,
        "labels": LABELS,
        "prosecutors": with_scorecards(shown[:OFFICIALS], today),
        "are_more": len(shown) > OFFICIALS,
        "updates": updates.select_related("pledge__person", "pledge__term")[:RECENT],
        "overdue": Due.objects.stale_pledges(public_pledges, today).count(),
        "reasons": stale_reasons(today),
        "oldest": oldest,
        "today": today,
    }
