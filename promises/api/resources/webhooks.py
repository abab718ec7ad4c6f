"""Webhooks: addresses of a caller's own programs, and what is done with them. Nobody else's."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from promises.accounts.models import User
from promises.api.bodies import Choice, Flag, Name, Number, Text, invalid, read_body
from promises.api.callers import MayHaveWebhooks
from promises.api.operations import Operation
from promises.api.orders import by_moment_of
from promises.api.parameters import read_query
from promises.api.reading import PRIVATE, private_answer
from promises.api.resource import Resource, today
from promises.api.rows import MadeFlag, RowSerializer
from promises.common.canonical import timestamp
from promises.officials.models import Person
from promises.pledges.models import Topic
from promises.webhooks import actions
from promises.webhooks.choices import Closing
from promises.webhooks.feeding import replay_range
from promises.webhooks.models import Endpoint
from promises.webhooks.rules import EVENT_TYPES

LARGEST_EDITION = 10**18 - 1


class WebhookSerializer(RowSerializer):
    """An address that is told of public changes. Its secret is shown when it is made, once."""

    reference = serializers.CharField(help_text="Its number.")
    url = serializers.CharField(help_text="Where messages are sent.")
    description = serializers.CharField(help_text="What it is for, in its owner's words.")
    event_types = serializers.ListField(
        child=serializers.CharField(), help_text="What it is told of; empty: everything."
    )
    prosecutor = serializers.SlugField(
        source="person__slug", allow_null=True, help_text="Only what is about their pledges."
    )
    topic = serializers.SlugField(
        source="topic__slug", allow_null=True, help_text="Only what is about pledges of it."
    )
    is_enabled = MadeFlag(
        paths=["disabled_at"], make=lambda at: at is None, help_text="Whether anything is sent."
    )
    disabled_at = serializers.DateTimeField(allow_null=True, help_text="Since when nothing is.")
    disabled_reason = serializers.CharField(
        help_text=f"Why not: {', '.join(f'`{name}`' for name in Closing.values)}; else empty."
    )
    disabled_note = serializers.CharField(help_text="What whoever closed it said.")
    first_failed_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it has taken nothing; null when it takes messages."
    )
    old_secret_expires_at = serializers.DateTimeField(
        allow_null=True, help_text="Until when the secret before this one signs too."
    )
    made_at = serializers.DateTimeField(help_text="When it was made.")


class WebhookSentSerializer(serializers.Serializer[Any]):
    """A new webhook."""

    url = Text(
        max_length=2000,
        help_text="Where messages are sent: `https://`, on the public internet.",
    )
    description = Text(
        max_length=200, allow_blank=True, default="", help_text="What it is for, for you."
    )
    event_types = serializers.ListField(
        child=Choice(tuple(EVENT_TYPES)),
        default=list,
        help_text="What it is told of; empty: everything.",
    )
    prosecutor = Name(allow_null=True, default=None, help_text="Only what is about their pledges.")
    topic = Name(
        allow_null=True, default=None, help_text="Only what is about pledges of it, and below it."
    )


class WebhookChangedSerializer(WebhookSentSerializer):
    """What changes of a webhook; the rest stays."""

    is_enabled = Flag(help_text="false sends nothing any more; true again from now on.")


class WebhookMadeSerializer(WebhookSerializer):
    """A webhook with its secret, which is shown this once."""

    secret = serializers.CharField(help_text="By which you check signatures: `whsec_…`.")


class SecretSerializer(RowSerializer):
    """A new secret, which is shown this once."""

    secret = serializers.CharField(help_text="By which you check signatures from now on.")
    old_secret_expires_at = serializers.DateTimeField(
        help_text="Until when messages carry a second signature with the secret before."
    )


class QueuedSerializer(RowSerializer):
    """A message in line."""

    id = serializers.CharField(help_text="Its `webhook-id`.")


class RangeSentSerializer(serializers.Serializer[Any]):
    """Which editions to send again."""

    after = Number(min_value=0, max_value=LARGEST_EDITION, help_text="Those above this one.")
    up_to = Number(
        min_value=0,
        max_value=LARGEST_EDITION,
        default=LARGEST_EDITION,
        help_text="Up to and with this one; the newest if not given.",
    )


class RangeSerializer(RowSerializer):
    """What was put in line again."""

    messages = serializers.IntegerField(help_text="How many messages.")


# What each action is: its name, summary, answer, body and status.
_STEPS: Mapping[str, tuple[str, str, Any, Any, int]] = {
    "create": ("make_webhook", "Make a webhook", WebhookMadeSerializer, WebhookSentSerializer, 201),
    "change": ("change_webhook", "Change a webhook, close it or open it again", WebhookSerializer,
               WebhookChangedSerializer, 200),
    "remove": ("remove_webhook", "Remove a webhook with its log", None, None, 204),
    "rotate": ("rotate_webhook_secret", "Make a new secret; the old one signs for a day more",
               SecretSerializer, None, 200),
    "test": ("test_webhook", "Send a test message", QueuedSerializer, None, 202),
    "replay": ("replay_webhook", "Send again what happened in some editions", RangeSerializer,
               RangeSentSerializer, 202),
}  # fmt: skip


class Webhooks(Resource):
    """Addresses of your own programs that are told of public changes, until they take it."""

    has_csv = False
    section = "webhooks"
    serializer = WebhookSerializer
    orders = (by_moment_of("made_at", about="by moment", newest_first=True),)
    route = "<slug:reference>"
    parts: ClassVar[Mapping[str, str]] = {"reference": "Number of the webhook."}
    permission_classes = (MayHaveWebhooks,)
    http_method_names = ("get", "head", "post", "patch", "delete", "options")

    def operation(self) -> Operation:
        """Return how the schema describes what is done."""
        own: dict[str, Any] = {"scope": "webhooks", "is_public": False}
        if self.action not in _STEPS:
            found = super().operation()
            return Operation(**{**vars(found), **own})
        name, summary, shown, body, status = _STEPS[self.action]
        return Operation(
            name=name,
            tag=self.section,
            summary=summary,
            about=f"{summary}.",
            answer=shown,
            body=body,
            status=status,
            path={} if self.action == "create" else self.parts,
            scope="webhooks",
            is_public=False,
        )

    def rows(self) -> Any:
        """Return the caller's own."""
        return Endpoint.objects.of(self.caller())

    def caller(self) -> User:
        """Return whose key it is."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def own(self, reference: str) -> Endpoint:
        """Return an endpoint of the caller. Raises Http404."""
        found: Endpoint | None = self.rows().filter(reference=reference).first()
        if found is None:
            raise Http404
        return found

    def show_list(self, request: Request) -> HttpResponse:
        """Answer with the caller's webhooks."""
        return _own_eyes(super().show_list(request))

    def show_one(self, request: Request, **parts: str) -> HttpResponse:
        """Answer with one of them."""
        return _own_eyes(super().show_one(request, **parts))

    def create(self, request: Request) -> HttpResponse:
        """Make one and show its secret."""
        read_query(request.query_params, [])
        values = _named(read_body(request, WebhookSentSerializer))
        given: dict[str, Any] = {"by": self.caller(), "now": timezone.now()}
        endpoint, secret = actions.add_endpoint(owner=self.caller(), **values, **given)
        return private_answer({**self._shown(endpoint), "secret": secret}, status=201)

    def change(self, request: Request, reference: str) -> HttpResponse:
        """Change one, close it or open it again."""
        read_query(request.query_params, [])
        endpoint = self.own(reference)
        values = _named(read_body(request, WebhookChangedSerializer, partial=True))
        is_enabled = values.pop("is_enabled", None)
        given: dict[str, Any] = {"by": self.caller(), "now": timezone.now()}
        if values:
            endpoint = actions.change_endpoint(endpoint=endpoint, **values, **given)
        if is_enabled is True:
            endpoint = actions.open_endpoint(endpoint=endpoint, **given)
        elif is_enabled is False and endpoint.disabled_at is None:
            endpoint = actions.close_endpoint(endpoint=endpoint, **given)
        return private_answer(self._shown(endpoint))

    def remove(self, request: Request, reference: str) -> HttpResponse:
        """Remove one."""
        read_query(request.query_params, [])
        actions.remove_endpoint(endpoint=self.own(reference), by=self.caller(), now=timezone.now())
        return private_answer(None, status=204)

    def rotate(self, request: Request, reference: str) -> HttpResponse:
        """Make a new secret and show it."""
        read_query(request.query_params, [])
        endpoint, secret = actions.rotate_secret(
            endpoint=self.own(reference), by=self.caller(), now=timezone.now()
        )
        expires_at = endpoint.old_secret_expires_at
        assert expires_at is not None
        return private_answer({"secret": secret, "old_secret_expires_at": timestamp(expires_at)})

    def test(self, request: Request, reference: str) -> HttpResponse:
        """Put a test message in line."""
        read_query(request.query_params, [])
        message = actions.send_test(
            endpoint=self.own(reference), by=self.caller(), now=timezone.now()
        )
        return private_answer({"id": message.name}, status=202)

    def replay(self, request: Request, reference: str) -> HttpResponse:
        """Put what happened in a range of editions in line again."""
        read_query(request.query_params, [])
        endpoint = self.own(reference)
        body = read_body(request, RangeSentSerializer)
        done = replay_range(endpoint=endpoint, **body, by=self.caller(), now=timezone.now())
        return private_answer({"messages": done}, status=202)

    def _shown(self, endpoint: Endpoint) -> dict[str, Any]:
        return self.found({}, today(), reference=endpoint.reference)


def _own_eyes(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = PRIVATE
    return response


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the records that they name. Raises ProblemError."""
    subjects: tuple[tuple[str, str, Any], ...] = (
        ("prosecutor", "person", Person.objects.published()),
        ("topic", "topic", Topic.objects.all()),
    )
    for name, field, rows in subjects:
        if name not in values:
            continue
        slug = values.pop(name)
        found = rows.filter(slug=slug).first() if slug else None
        if slug and found is None:
            raise invalid({"field": name, "detail": "Nothing public has this name."})
        values[field] = found
    return values
