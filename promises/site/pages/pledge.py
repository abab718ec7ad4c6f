"""One pledge: was it kept, who says so, since when, and how to check."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from promises.common.dates import utc_date
from promises.evidence.choices import Stance
from promises.evidence.models import EvidenceLink
from promises.metrics.models import Metric
from promises.pledges.models import Criterion, Pledge
from promises.site.serving import public, published_or_gone
from promises.staleness.models import Due
from promises.suggestions.choices import ChallengeKind, ChallengeState
from promises.suggestions.models import Challenge
from promises.updates.models import Correction, Response, Review, StatusUpdate

METRICS_SHOWN = 9
ANSWERS_SHOWN = 20


@public
def pledge(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one pledge with all that is public about it."""
    pledges = Pledge.objects.select_related(
        "person", "topic__parent", "term__office__jurisdiction"
    ).annotate(
        metric_rows=Metric.objects.published().summaries_of_pledge(METRICS_SHOWN),
        challenge_rows=Challenge.objects.answers_of_pledge(ANSWERS_SHOWN),
    )
    found = published_or_gone(pledges, slug)
    return render(request, "site/pledge.html", pledge_facts(found, utc_date(timezone.now())))


def pledge_facts(pledge: Pledge, today: date) -> dict[str, Any]:
    """Gather the page in seven queries after the pledge itself, however much is known of it.

    What is stale, criteria, evidence, status updates with who signed and what they cite, reviews,
    replies, corrections. The pledge brings its metrics and the answers to challenges along.
    """
    (pledge,) = Due.objects.attach([pledge], today)
    updates = list(
        StatusUpdate.objects.published()
        .filter(pledge=pledge)
        .newest_first()
        .with_signatures()
        .with_citations()
    )
    reviews = Review.objects.published().filter(pledge=pledge).select_related("reviewed_by")
    corrections = Correction.objects.published().filter(pledge=pledge)
    replies = Response.objects.shown().filter(pledge=pledge).select_related("evidence")
    of_pledge = with_corrections(updates, list(corrections.select_related("corrected_by")))
    return {
        "pledge": pledge,
        "newest": updates[0] if updates else None,
        "criteria": Criterion.objects.published().filter(pledge=pledge),
        "stances": evidence_by_stance(pledge),
        "history": history(updates, list(reviews)),
        "responses": replies,
        "corrections": of_pledge,
        "challenges": answered(pledge.challenge_rows),  # type: ignore[attr-defined]
        "today": today,
    }


def with_corrections(
    updates: list[StatusUpdate], corrections: list[Correction]
) -> list[Correction]:
    """Give each update the `notes` that correct it; return those of the pledge's own words."""
    for update in updates:
        update.notes = [  # type: ignore[attr-defined]
            each for each in corrections if each.status_update_id == update.pk
        ]
    return [each for each in corrections if each.status_update_id is None]


def answered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the challenges that have an answer, with their day and words for kind and state."""
    return [
        {
            **row,
            "answered_on": utc_date(datetime.fromisoformat(row["answered_at"])),
            "kind": ChallengeKind(row["kind"]).label,
            "state": ChallengeState(row["state"]).label,
        }
        for row in rows
        if row["answered_at"]
    ]


def evidence_by_stance(pledge: Pledge) -> list[tuple[Stance, list[EvidenceLink]]]:
    """Return the evidence on a pledge: what supports it, what contradicts it, context."""
    corrections = Correction.objects.filter(evidence=OuterRef("evidence"))
    links = (
        EvidenceLink.objects.published()
        .filter(pledge=pledge)
        .newest_first()
        .select_related("evidence")
        .annotate(is_corrected=Exists(corrections))
    )
    columns: dict[str, list[EvidenceLink]] = {stance: [] for stance in Stance}
    for link in links:
        columns[link.stance].append(link)
    return [(stance, columns[stance]) for stance in Stance]


@dataclass(frozen=True)
class Event:
    """One entry of a pledge's history: a status update or a review, with its day."""

    on: date
    update: StatusUpdate | None = None
    review: Review | None = None


def history(updates: list[StatusUpdate], reviews: list[Review]) -> list[Event]:
    """Return updates and reviews as one history, the newest first."""
    events = [Event(update.effective_on, update=update) for update in updates]
    events += [Event(utc_date(review.reviewed_at), review=review) for review in reviews]
    return sorted(events, key=lambda event: event.on, reverse=True)
