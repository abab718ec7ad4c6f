"""Addresses of this door. Whatever else is asked for below /api/ is a problem, not a page."""

from typing import Any

from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from promises.api import bare_framework, docs  # noqa: F401 -- the first comes first
from promises.api.resource import Resource
from promises.api.resources.changes import Changes
from promises.api.resources.corrections import Corrections
from promises.api.resources.elections import Elections
from promises.api.resources.evidence import EvidenceList
from promises.api.resources.metrics import Metrics
from promises.api.resources.observations import Observations
from promises.api.resources.offices import Offices
from promises.api.resources.pledges import Pledges
from promises.api.resources.prosecutors import Prosecutors
from promises.api.resources.record_requests import RecordRequests
from promises.api.resources.responses import Responses
from promises.api.resources.reviews import Reviews
from promises.api.resources.scorecards import Scorecards
from promises.api.resources.stale_flags import StaleFlags
from promises.api.resources.status_updates import StatusUpdates
from promises.api.resources.suggestions import OneSuggestion, Suggestions
from promises.api.resources.terms import Terms
from promises.api.resources.topics import Topics
from promises.api.resources.webhook_messages import WebhookMessages
from promises.api.resources.webhooks import Webhooks
from promises.api.routes import Index, unknown_route

RESOURCES: tuple[type[Resource], ...] = (
    Prosecutors, Offices, Elections, Terms, Topics, Pledges, EvidenceList, StatusUpdates, Reviews,
    Responses, Corrections, Metrics, Observations, StaleFlags, Scorecards,
    RecordRequests, Changes,
)  # fmt: skip


def _paths(resource: type[Resource]) -> list[URLPattern]:
    """Return the addresses of the list and of one row."""
    section = resource.section
    return [
        path(f"v1/{section}/", resource.as_view({"get": "show_list"}), name=f"{section}-list"),
        path(
            f"v1/{section}/{resource.route}/",
            resource.as_view({"get": "show_one"}),
            name=f"{section}-detail",
        ),
    ]


# What belongs to the owner of a key: each address, its name and what its methods do.
OWN_WEBHOOK = "v1/webhooks/<slug:reference>/"
OWN_MESSAGE = f"{OWN_WEBHOOK}messages/<slug:message>/"
OWN: tuple[tuple[str, str, type[Resource], dict[str, Any]], ...] = (
    ("v1/webhooks/", "list", Webhooks, {"get": "show_list", "post": "create"}),
    (OWN_WEBHOOK, "detail", Webhooks, {"get": "show_one", "patch": "change", "delete": "remove"}),
    (f"{OWN_WEBHOOK}secret/", "secret", Webhooks, {"post": "rotate"}),
    (f"{OWN_WEBHOOK}test/", "test", Webhooks, {"post": "test"}),
    (f"{OWN_WEBHOOK}replay/", "replay", Webhooks, {"post": "replay"}),
    (f"{OWN_WEBHOOK}messages/", "messages", WebhookMessages, {"get": "show_list"}),
    (OWN_MESSAGE, "message", WebhookMessages, {"get": "show_one"}),
    (f"{OWN_MESSAGE}replay/", "message-replay", WebhookMessages, {"post": "replay"}),
)
INDEX = tuple((resource.section, str(resource.__doc__)) for resource in RESOURCES)
urlpatterns: list[URLPattern] = [
    path("", RedirectView.as_view(pattern_name="api-docs"), name="api"),
    path("docs/", docs.docs_page, name="api-docs"),
    path("docs/try/", docs.try_page, name="api-try"),
    path("schema/", docs.SchemaView.as_view(), name="api-schema"),
    path("client.py", docs.client_file, name="api-client"),
    path("v1/", Index.as_view(resources=INDEX), name="api-index"),
    *(path(route, view.as_view(does), name=f"webhooks-{name}") for route, name, view, does in OWN),
    path("v1/suggestions/", Suggestions.as_view(), name="suggestions"),
    path(
        f"v1/suggestions/{OneSuggestion.route}/",
        OneSuggestion.as_view({"get": "show_one"}),
        name="suggestion",
    ),
    *(found for resource in RESOURCES for found in _paths(resource)),
    re_path("", unknown_route),
]
