"""A page and a list as one writes them at first: the ORM, a template, serializers, no care.

The page is byte for byte the one that readers get, made of the same templates. What is left out is
what was done for speed: rows bring what they point to (`select_related`), but what hangs on each of
them is asked for row by row; templates are only kept as Django keeps them.
"""

from typing import Any

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path
from django.utils import timezone
from django.utils.translation import get_language
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination

from benchmarks.bare import _BODY
from promises.evidence.choices import Stance
from promises.pledges.models import Pledge
from promises.record_requests.models import RecordRequest
from promises.site import sharing
from promises.site import urls as site
from promises.site.events import history
from promises.site.pages.citing import address, citation
from promises.site.pages.pledge import strip_of
from promises.staleness.choices import Watch
from promises.staleness.models import Due, Watched
from promises.staleness.reasons import PUBLIC

_PUBLISHED = "published"


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a pledge: the same page, bytes and all, that readers get."""
    pledges: Any = Pledge.objects.select_related("person", "topic", "term__office")
    pledge: Any = get_object_or_404(pledges, slug=slug, state=_PUBLISHED)
    today = timezone.now().date()
    due = Due.objects.filter(pledge=pledge, reason__in=PUBLIC, flag_on__lte=today)
    pledge.stale = [each for each in due if each.until_on is None or each.until_on > today]
    pledge.pauses = Watched.objects.filter(pledge=pledge, watch=Watch.PAUSED)
    pledge.challenge_rows = list(pledge.challenges.exclude(taken_up_at=None))
    pledge.words = pledge.translations.filter(state=_PUBLISHED, language=get_language()).first()
    updates = list(
        pledge.status_updates.filter(state=_PUBLISHED)
        .select_related("created_by", "methodology")
        .order_by("-effective_on")
    )
    for update in updates:
        approvals = update.approvals.select_related("approved_by")
        update.approved_by = [each.approved_by.display_name for each in approvals]
        update.cited = [each.evidence for each in update.citations.select_related("evidence")]
        update.notes = list(update.corrections.all())
    stances = [(stance, _links(pledge, stance)) for stance in Stance]
    links = [link for _stance, found in stances for link in found]
    newest = updates[0] if updates else None
    facts = {
        "pledge": pledge,
        "share": sharing.of_pledge(pledge, newest, links, today=today),
        "newest": newest,
        "criteria": pledge.criteria.all(),
        "stances": stances,
        "strip": strip_of(pledge, updates, today) if updates else None,
        "history": history(updates, list(pledge.reviews.all())),
        "responses": pledge.responses.exclude(state="draft"),
        "metrics": list(pledge.metrics.filter(state=_PUBLISHED)),
        "corrections": pledge.corrections.filter(status_update=None),
        "challenges": [each for each in pledge.challenge_rows if each.answered_at],
        "requests": list(RecordRequest.objects.filter(state=_PUBLISHED, pledges=pledge)),
        "address": address(pledge),
        "citation": citation(pledge, today),
        "today": today,
    }
    return render(request, "site/pledge.html", facts)


def _links(pledge: Any, stance: Stance) -> list[Any]:
    links = pledge.evidence_links.filter(stance=stance, evidence__state=_PUBLISHED)
    found = list(links.select_related("evidence").order_by("-evidence__published_on", "pk"))
    for link in found:
        captured = link.evidence.captures.filter(is_good=True).order_by("-captured_at").first()
        waiver = link.evidence.capture_waivers.filter(ended_at=None).first()
        link.is_corrected = link.evidence.corrections.exists()
        link.captured_at = captured and captured.captured_at
        link.waived_because = waiver and waiver.reason
    return found


def plain(_request: HttpRequest) -> HttpResponse:
    """Answer with the bytes."""
    return HttpResponse(_BODY)


class UsualPledge(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A pledge."""

    person = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    term = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    topic = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    stale_reasons = serializers.SerializerMethodField()

    class Meta:
        model = Pledge
        fields = ["slug", "title", "statement", "quote", "kind", "origin", "topic", "person",
            "term", "made_on", "due_on", "status", "status_since", "status_is_provisional",
            "confidence", "last_reviewed_at", "review_due_on", "stale_reasons", "supports_count",
            "contradicts_count", "context_count", "edition", "updated_at"]  # fmt: skip

    def get_stale_reasons(self, pledge: Any) -> list[str]:
        """Return why it is stale."""
        return list(Due.objects.filter(pledge=pledge).values_list("reason", flat=True))


class Pages(PageNumberPagination):
    """Fifty a page."""

    page_size = 50


class UsualList(ListAPIView):  # type: ignore[type-arg]
    """Pledges by status and topic."""

    serializer_class = UsualPledge
    pagination_class = Pages

    def get_queryset(self) -> Any:
        """Return the rows that were asked for."""
        asked = self.request.GET
        rows = Pledge.objects.filter(state="published").order_by("slug")
        return rows.filter(status=asked["status"], topic__slug=asked["topic"])


_SITE = [path("pledges/<slug:slug>/", page, name="pledge"), *site.urlpatterns]
urlpatterns = [
    path("healthz", plain),
    path("plain", plain),
    path("list", UsualList.as_view()),
    path("", include("promises.site.for_programs")),
    *i18n_patterns(path("", include((_SITE, "site"))), prefix_default_language=False),
]
