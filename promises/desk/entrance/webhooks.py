"""The page of the entrance that shows one's own webhooks and what became of the last messages."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from promises.webhooks.models import Endpoint, Message

MESSAGES_SHOWN = 20


@never_cache
@login_required
@require_safe
def own_webhooks(request: HttpRequest) -> HttpResponse:
    """List one's endpoints, each with its state, and the newest messages to any of them."""
    person: Any = request.user
    endpoints = Endpoint.objects.of(person).select_related("person", "topic")
    messages = Message.objects.filter(endpoint__owner=person).select_related("endpoint")
    facts = {"endpoints": endpoints, "sent": messages.order_by("-pk")[:MESSAGES_SHOWN]}
    return TemplateResponse(request, "account/webhooks.html", facts)
