"""A page and a list as one writes them at first: the ORM, a template, serializers, no care."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination

from benchmarks.bare import _BODY
from promises.pledges.models import Pledge
from promises.staleness.models import Due

_PAGE = Engine().from_string("""<!doctype html><html><head><title>{{ pledge.title }}</title></head>
<body><h1>{{ pledge.title }}</h1><p>{{ pledge.person.name }}, {{ pledge.term.office.title }},
{{ pledge.topic.name }}</p><p>{{ pledge.statement }}</p><p>{{ pledge.get_status_display }} since
{{ pledge.status_since }}</p>{% for c in pledge.criteria.all %}<li>{{ c.text }}</li>{% endfor %}
{% for link in pledge.evidence_links.all %}<li>{{ link.evidence.title }}
{{ link.evidence.publisher }} {{ link.evidence.published_on }} {{ link.evidence.summary }}
{{ link.get_stance_display }}</li>{% endfor %}
{% for update in pledge.status_updates.all %}<li>{{ update.get_status_display }}
{{ update.effective_on }} {{ update.reasoning }}
{% for a in update.approvals.all %}{{ a.approved_by }}{% endfor %}
{% for c in update.citations.all %}{{ c.evidence.title }}{% endfor %}</li>{% endfor %}
</body></html>""")


def page(_request: HttpRequest, slug: str) -> HttpResponse:
    """Show a pledge."""
    pledge = Pledge.objects.get(slug=slug)
    facts = {"pledge": pledge}
    return HttpResponse(_PAGE.render(Context(facts)))


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


urlpatterns = [
    path("healthz", plain),
    path("plain", plain),
    path("pledges/<slug:slug>/", page),
    path("list", UsualList.as_view()),
]
