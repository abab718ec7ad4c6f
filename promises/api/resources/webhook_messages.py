"""The log of a webhook: every message to it, each of its tries, and sending one again."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from promises.accounts.models import User
from promises.api.callers import MayHaveWebhooks
from promises.api.operations import Operation
from promises.api.orders import by_moment_of
from promises.api.parameters import Filter, by, read_query
from promises.api.reading import PRIVATE, private_answer
from promises.api.resource import Resource
from promises.api.resources.webhooks import QueuedSerializer
from promises.api.rows import MadeField, RowSerializer, attached_rows
from promises.api.values import Moment, OneOf
from promises.webhooks.choices import Unsent
from promises.webhooks.feeding import replay_message
from promises.webhooks.models import Attempt, Endpoint, Message
from promises.webhooks.rules import EVENT_TYPES, TEST_TYPE

STATES = ("waiting", "accepted", "given_up")
_STATE_OF = {
    "waiting": "next_try_at__isnull",
    "accepted": "accepted_at__isnull",
    "given_up": "set_aside_at__isnull",
}


def _state(accepted_at: Any, set_aside_at: Any) -> str:
    if accepted_at is not None:
        return "accepted"
    return "waiting" if set_aside_at is None else "given_up"


class AttemptSerializer(RowSerializer):
    """One try."""

    tried_at = serializers.DateTimeField(help_text="When it had ended.")
    status = serializers.IntegerField(
        allow_null=True, help_text="HTTP status of the answer; null without one."
    )
    fault = serializers.CharField(help_text="Why there was no answer: `timeout`, `dns`, `tls` …")
    excerpt = serializers.CharField(help_text="The first words of the answer's body.")
    milliseconds = serializers.IntegerField(help_text="How long it took.")


class MessageSerializer(RowSerializer):
    """A message to a webhook."""

    id = serializers.CharField(source="name", help_text="Its `webhook-id`.")
    event_type = serializers.CharField(help_text="What it tells of.")
    edition = serializers.IntegerField(
        source="entry_id", allow_null=True, help_text="The entry of `changes`; null for a test."
    )
    state = MadeField(
        paths=["accepted_at", "set_aside_at"],
        make=_state,
        help_text="`waiting`, `accepted` or `given_up`.",
    )
    made_at = serializers.DateTimeField(help_text="When it was put in line.")
    tries = serializers.IntegerField(
        source="attempts", help_text="How often it was tried since then, or since it was replayed."
    )
    next_try_at = serializers.DateTimeField(allow_null=True, help_text="When it is tried next.")
    accepted_at = serializers.DateTimeField(allow_null=True, help_text="When it was taken.")
    set_aside_at = serializers.DateTimeField(allow_null=True, help_text="When it was given up.")
    set_aside_reason = serializers.CharField(
        help_text=f"Why: {', '.join(f'`{name}`' for name in Unsent.values)}; else empty."
    )


class WholeMessageSerializer(MessageSerializer):
    """A message to a webhook with every try of it."""

    attempts = serializers.ListField(
        child=AttemptSerializer(), help_text="Its tries, newest first."
    )
    attached = {
        "attempts": attached_rows(
            AttemptSerializer, lambda: Attempt.objects.order_by("-pk"), "message"
        )
    }


def _in_state(rows: Any, value: str, today: Any) -> Any:
    return rows.filter(**{_STATE_OF[value]: False})


class WebhookMessages(Resource):
    """The messages to one of your webhooks, for 90 days."""

    has_csv = False
    section = "webhook-messages"
    serializer = MessageSerializer
    detail_serializer = WholeMessageSerializer
    orders = (by_moment_of("made_at", about="by moment", newest_first=True),)
    filters = (
        Filter("state", OneOf(STATES), "In this state.", narrow=_in_state),
        Filter(
            "event_type",
            OneOf((*EVENT_TYPES, TEST_TYPE)),
            "Of this event.",
            narrow=by("event_type"),
        ),
        Filter("made_since", Moment(), "Made at this moment or later.", narrow=by("made_at__gte")),
    )
    parts: ClassVar[Mapping[str, str]] = {
        "reference": "Number of the webhook.",
        "message": "The `webhook-id` of the message.",
    }
    permission_classes = (MayHaveWebhooks,)
    http_method_names = ("get", "head", "post", "options")

    def operation(self) -> Operation:
        """Return how the schema describes what is done."""
        own: dict[str, Any] = {"scope": "webhooks", "is_public": False, "tag": "webhooks"}
        if self.action == "replay":
            summary = "Send one message again"
            return Operation(
                name="replay_webhook_message",
                summary=summary,
                about=f"{summary}, under the same `webhook-id`.",
                answer=QueuedSerializer,
                path=self.parts,
                status=202,
                **own,
            )
        found = vars(super().operation())
        if self.action == "show_list":
            own["path"] = {"reference": self.parts["reference"]}
        return Operation(**{**found, **own})

    def rows(self) -> Any:
        """Return the messages to the endpoint of the address. Raises Http404 for someone else's."""
        caller = self.request.user
        assert isinstance(caller, User)
        endpoint = Endpoint.objects.of(caller).filter(reference=self.kwargs["reference"]).first()
        if endpoint is None:
            raise Http404
        return Message.objects.filter(endpoint=endpoint)

    def one(self, **parts: str) -> Any:
        """Return the message at an address."""
        return self.rows().filter(name=parts["message"])

    def show_list(self, request: Request, **parts: str) -> HttpResponse:
        """Answer with a page of the log."""
        response = super().show_list(request)
        response["Cache-Control"] = PRIVATE
        return response

    def show_one(self, request: Request, **parts: str) -> HttpResponse:
        """Answer with one message and its tries."""
        response = super().show_one(request, **parts)
        response["Cache-Control"] = PRIVATE
        return response

    def replay(self, request: Request, **parts: str) -> HttpResponse:
        """Put one message in line again."""
        read_query(request.query_params, [])
        message = self.one(**parts).select_related("endpoint").first()
        if message is None:
            raise Http404
        caller = request.user
        assert isinstance(caller, User)
        message = replay_message(message=message, by=caller, now=timezone.now())
        return private_answer({"id": message.name}, status=202)
