"""One pledge: was it kept, who says so, since when, and how to check."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from promises.captures.models import Capture, CaptureWaiver
from promises.common.dates import utc_date
from promises.common.prepared import Prepared
from promises.evidence.choices import Stance
from promises.evidence.models import EvidenceLink
from promises.metrics.models import Metric, MetricAnnotation, Observation
from promises.pledges.models import Criterion, GeneralTerm, Pledge, PledgeTranslation
from promises.record_requests.models import RecordRequest
from promises.site import sharing
from promises.site.downloads import as_csv
from promises.site.events import history, looks, withdrawals
from promises.site.general_terms import brought_along
from promises.site.pages.citing import address, citation
from promises.site.pages.past import pledge_on
from promises.site.pages.record_requests import requests_of
from promises.site.past import asked_day
from promises.site.past_evidence import corrections_of_links
from promises.site.series import by_period, drawing
from promises.site.serving import absent, public, published_or_gone
from promises.site.statuses import rated_as
from promises.site.strips import Strip, rated_strip
from promises.site.translations import is_in_english, render, with_words
from promises.staleness.models import Due, Watched
from promises.suggestions.choices import ChallengeKind, ChallengeState
from promises.suggestions.models import Challenge
from promises.updates.columns import STATUS_UPDATES
from promises.updates.models import Correction, Response, Review, StatusUpdate

METRICS_SHOWN = 9
# Of these, how many are drawn.
CHARTS_SHOWN = 3
ANSWERS_SHOWN = 20
REQUESTS_SHOWN = 20


def _rows(slug: str) -> QuerySet[Pledge, Any]:
    pledges = Pledge.objects.published().filter(slug=slug)
    return pledges.select_related("person", "topic__parent", "term__office__jurisdiction").annotate(
        metric_rows=Metric.objects.published().summaries_of_pledge(METRICS_SHOWN),
        challenge_rows=Challenge.objects.answers_of_pledge(ANSWERS_SHOWN),
        request_rows=RecordRequest.objects.rows_of_pledge(REQUESTS_SHOWN),
        review_rows=Review.objects.rows_of_pledge(),
        withdrawn_rows=StatusUpdate.objects.withdrawn_rows_of_pledge(),
        pauses=Watched.objects.pauses_of_pledge(),
        mark_rows=MetricAnnotation.objects.rows_of_pledge(OuterRef("pk")),
    )


_in_english = Prepared(_rows)


@Prepared
def _in_language(slug: str, language: str) -> QuerySet[Pledge, Any]:
    return _rows(slug).annotate(
        word_rows=PledgeTranslation.objects.rows_of_pledge(language),
        term_rows=GeneralTerm.objects.rows_into(language),
    )


def _pledge(slug: str) -> Pledge | None:
    """Return a public pledge with the words and terms of the language of the page. One query."""
    if is_in_english():
        return next(iter(_in_english(slug)), None)
    found = next(iter(_in_language(slug, get_language())), None)
    if found is not None:
        brought_along(found.term_rows)
        with_words(found)
    return found


@public
def pledge(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one pledge with all that is public about it."""
    found = _pledge(slug)
    if found is None:
        raise absent(Pledge.objects.all(), slug)
    today = utc_date(timezone.now())
    if day := asked_day(request, today):
        return pledge_on(request, found, day)
    return render(request, "site/pledge.html", pledge_facts(found, today))


@public
def pledge_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Return a pledge's ratings as CSV. Three queries: the pledge, which ratings, their rows."""
    found = published_or_gone(Pledge.objects.all(), slug)
    ids = StatusUpdate.objects.published().filter(pledge=found).values_list("pk", flat=True)
    return as_csv(STATUS_UPDATES, ids, name=f"{slug}-ratings")


@Prepared
def _updates(pledge: int) -> QuerySet[StatusUpdate, Any]:
    updates = StatusUpdate.objects.published().filter(pledge=pledge).newest_first()
    return updates.with_signatures().with_citations()


@Prepared
def _corrections(pledge: int) -> QuerySet[Correction, Any]:
    corrections = Correction.objects.published().filter(pledge=pledge)
    return corrections.select_related("corrected_by")


@Prepared
def _replies(pledge: int) -> QuerySet[Response, Any]:
    return Response.objects.shown().filter(pledge=pledge).select_related("evidence")


@Prepared
def _criteria(pledge: int) -> QuerySet[Criterion, Any]:
    return Criterion.objects.published().filter(pledge=pledge)


@Prepared
def _links(pledge: int) -> QuerySet[EvidenceLink, Any]:
    links = EvidenceLink.objects.published().filter(pledge=pledge).newest_first()
    return links.select_related("evidence").annotate(
        is_corrected=Exists(corrections_of_links()),
        captured_at=Capture.objects.newest_of("evidence", "captured_at"),
        waived_because=CaptureWaiver.objects.reason_of("evidence"),
    )


def pledge_facts(pledge: Pledge, today: date) -> dict[str, Any]:
    """Gather the page in seven queries after the pledge itself, however much is known of it.

    What is stale, criteria, evidence, status updates with who signed and what they cite, values
    of the metrics that are drawn, replies, corrections. The pledge brings its reviews, withdrawn
    ratings, metrics, pauses, the answers to challenges and requests for records along.
    """
    (pledge,) = Due.objects.attach([pledge], today)
    updates = _updates(pledge.pk)
    of_pledge = with_corrections(updates, _corrections(pledge.pk))
    newest = updates[0] if updates else None
    stances = evidence_by_stance(pledge)
    links = [link for _stance, found in stances for link in found]
    return {
        "pledge": pledge,
        "share": sharing.of_pledge(pledge, newest, links, today=today),
        "newest": newest,
        "criteria": _criteria(pledge.pk),
        "stances": stances,
        "strip": strip_of(pledge, updates, today) if updates else None,
        "history": history(updates, looks(pledge.review_rows)),  # type: ignore[attr-defined]
        "withdrawn_ratings": withdrawals(pledge),
        "responses": _replies(pledge.pk),
        "metrics": with_charts(pledge),
        "corrections": of_pledge,
        "challenges": answered(pledge.challenge_rows),  # type: ignore[attr-defined]
        "requests": requests_of(pledge.request_rows),  # type: ignore[attr-defined]
        "address": address(pledge),
        "citation": citation(pledge, today),
        "today": today,
    }


def strip_of(pledge: Pledge, newest_first: list[StatusUpdate], today: date) -> Strip:
    """Return how the pledge was rated over the years, over the term it belongs to."""
    ratings = [
        (update.effective_on, rated_as(pledge, update, today)) for update in reversed(newest_first)
    ]
    terms = [(pledge.term.started_on, pledge.term.ends_on)] if pledge.term else []
    return rated_strip(ratings, made_on=pledge.made_on, terms=terms, today=today)


def with_charts(pledge: Pledge) -> list[dict[str, Any]]:
    """Return the metrics of a pledge, the first of them with their `chart`. One query."""
    rows: list[dict[str, Any]] = pledge.metric_rows  # type: ignore[attr-defined]
    if not rows:
        return []
    drawn = [row["slug"] for row in rows[:CHARTS_SHOWN]]
    found = Observation.objects.published().filter(metric__slug__in=drawn)
    values: dict[str, list[Observation]] = {slug: [] for slug in drawn}
    for observation in found.newest_first().select_related("metric"):
        values[observation.metric.slug].append(observation)
    terms = [(pledge.term.started_on, pledge.term.ends_on)] if pledge.term else []
    marks: list[dict[str, Any]] = pledge.mark_rows  # type: ignore[attr-defined]
    return [
        {**row, **drawing(by_period(values.get(row["slug"], [])), marks, row["slug"], terms)}
        for row in rows
    ]


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
    columns: dict[str, list[EvidenceLink]] = {stance: [] for stance in Stance}
    for link in _links(pledge.pk):
        columns[link.stance].append(link)
    return [(stance, columns[stance]) for stance in Stance]
