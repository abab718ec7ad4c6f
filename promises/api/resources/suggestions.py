"""Suggestions: what a program knows of goes to the editors. Nothing of it is public by that."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError as BadWords
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from promises.accounts.models import User
from promises.api import problems
from promises.api.bodies import Choice, Name, Text, invalid, read_body
from promises.api.callers import MaySuggest
from promises.api.operations import Operation
from promises.api.orders import by_moment_of
from promises.api.parameters import read_query
from promises.api.reading import PRIVATE, WithOptions, private_answer
from promises.api.resource import Resource
from promises.api.rows import RowSerializer
from promises.common.canonical import timestamp
from promises.common.links import public_web_address
from promises.common.text import FORBIDDEN
from promises.evidence.models import Evidence
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.suggestions.choices import SuggestionKind, SuggestionState
from promises.suggestions.limits import TooMany
from promises.suggestions.models import Suggestion
from promises.suggestions.once import NameUsedBefore, receive_once
from promises.suggestions.rules import LONGEST_ADDRESS, LONGEST_EXPLANATION, Sent

LONGEST_NAME = 255
# Until the first of a day's suggestions counts no more may take a day; within an hour it may not.
COME_BACK_IN = 3600


class SuggestionSentSerializer(serializers.Serializer[Any]):
    """What is suggested. Who sends it is known by the key; nobody else need be named."""

    kind = Choice(
        SuggestionKind.choices, help_text="What it is: evidence, or a pledge that is missing."
    )
    explanation = Text(
        max_length=LONGEST_EXPLANATION,
        help_text="What it shows, and where; of a pledge who promised what, where and when.",
    )
    source_url = Text(
        max_length=LONGEST_ADDRESS,
        required=False,
        allow_blank=True,
        default="",
        help_text="Where it can be read. Needed for evidence; nothing fetches it.",
    )
    pledge = Name(
        required=False,
        allow_null=True,
        default=None,
        help_text="The pledge it is about, if it is on record.",
    )
    prosecutor = Name(
        required=False, allow_null=True, default=None, help_text="Or the official it is about."
    )

    def validate_source_url(self, value: str) -> str:
        """Take web addresses."""
        if value:
            try:
                public_web_address(value)
            except BadWords as error:
                raise serializers.ValidationError(error.messages) from error
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for the source of evidence, and for one subject."""
        if attrs["kind"] == SuggestionKind.EVIDENCE and not attrs["source_url"]:
            raise serializers.ValidationError({"source_url": "Evidence needs an address."})
        if attrs["pledge"] and attrs["prosecutor"]:
            raise serializers.ValidationError({"prosecutor": "Name a pledge or an official."})
        if attrs["pledge"] and attrs["kind"] == SuggestionKind.PLEDGE:
            raise serializers.ValidationError({"pledge": "This pledge is on record."})
        return attrs


class SuggestionReceivedSerializer(serializers.Serializer[Any]):
    """A suggestion that has arrived."""

    reference = serializers.CharField(help_text="Its number, which only its sender knows.")
    url = serializers.URLField(help_text="The page that says what became of it.")
    received_at = serializers.DateTimeField(help_text="When it came in.")


class Suggestions(WithOptions, APIView):
    """Sends the editors evidence, or a pledge that is missing. They look at it and decide."""

    http_method_names = ["post", "options"]
    permission_classes = [MaySuggest]

    def operation(self) -> Operation:
        """Return how the schema describes it."""
        return Operation(
            name="send_suggestion",
            tag="suggestions",
            summary="Suggest evidence or a pledge",
            answer=SuggestionReceivedSerializer,
            body=SuggestionSentSerializer,
            status=201,
            scope="suggest",
            is_public=False,
            headers={
                "Idempotency-Key": "A name of your own for this request. Sent again with the same"
                " body within a day it is answered alike and nothing is kept twice."
            },
        )

    def post(self, request: Request, **parts: Any) -> HttpResponse:
        """Keep a suggestion."""
        read_query(request.query_params, [])
        body = read_body(request, SuggestionSentSerializer)
        pledge = _public("pledge", Pledge.objects.published(), body.pop("pledge"))
        person = _public("prosecutor", Person.objects.published(), body.pop("prosecutor"))
        by, now = request.user, timezone.now()
        assert isinstance(by, User)
        try:
            kept = receive_once(
                name=_name(request),
                sent=Sent(**body),
                pledge=pledge,
                person=person,
                network=salted_hmac("api.suggest", str(by.pk)).hexdigest()[:32],
                by=by,
                now=now,
            )
        except TooMany as error:
            response = problems.response(request._request, problems.TOO_MANY_REQUESTS, str(error))
            response["Retry-After"] = str(COME_BACK_IN)
            return response
        except NameUsedBefore as error:
            raise problems.ProblemError(problems.IDEMPOTENCY_KEY_REUSED, str(error)) from error
        return private_answer(_kept(kept), status=201)


class SuggestionSerializer(RowSerializer):
    """What became of a suggestion. Its words and its sender are not in it."""

    reference = serializers.CharField(help_text="Its number.")
    state = serializers.CharField(
        help_text=f"Where it stands: {', '.join(f'`{name}`' for name in SuggestionState.values)}."
    )
    received_at = serializers.DateTimeField(help_text="When it came in.")
    set_aside_reason = serializers.CharField(help_text="Why it was set aside; else empty.")
    evidence = serializers.SlugField(
        source="public_evidence",
        allow_null=True,
        help_text="The evidence that was made of it, once it is public.",
    )
    pledge = serializers.SlugField(
        source="public_pledge",
        allow_null=True,
        help_text="The pledge that was made of it, once it is public.",
    )


class OneSuggestion(Resource):
    """Where a suggestion stands, told to whoever knows its number."""

    has_csv = False
    section = "suggestions"
    serializer = SuggestionSerializer
    orders = (by_moment_of("received_at", about="by moment", newest_first=True),)
    route = "<slug:reference>"
    parts: ClassVar[Mapping[str, str]] = {"reference": "Number of the suggestion."}
    permission_classes = (MaySuggest,)

    def operation(self) -> Operation:
        """Return how the schema describes it."""
        return replace(super().operation(), scope="suggest", is_public=False)

    def rows(self) -> Any:
        """Return every suggestion with what is public of what it led to."""
        evidence = Evidence.objects.published().filter(pk=OuterRef("led_to_evidence"))
        pledge = Pledge.objects.published().filter(pk=OuterRef("led_to_pledge"))
        return Suggestion.objects.annotate(
            public_evidence=Subquery(evidence.values("slug")),
            public_pledge=Subquery(pledge.values("slug")),
        )

    def show_one(self, request: Request, **parts: str) -> HttpResponse:
        """Answer with one."""
        response = super().show_one(request, **parts)
        response["Cache-Control"] = PRIVATE
        return response


def _kept(suggestion: Suggestion) -> dict[str, str]:
    """Return what its sender hears of it: the page says all else."""
    address = reverse("site:suggestion", args=[suggestion.reference])
    return {
        "reference": suggestion.reference,
        "url": f"{settings.SITE_URL}{address}",
        "received_at": timestamp(suggestion.received_at),
    }


def _public(name: str, rows: Any, slug: str | None) -> Any:
    """Return the public row a body names; None where it names none. Raises ProblemError."""
    if not slug:
        return None
    found = rows.filter(slug=slug).first()
    if found is None:
        raise invalid({"field": name, "detail": "Nothing public has this name."})
    return found


def _name(request: Request) -> str:
    name = request.headers.get("Idempotency-Key", "")
    if len(name) > LONGEST_NAME or FORBIDDEN.search(name):
        raise problems.ProblemError(
            problems.BAD_REQUEST, f"An Idempotency-Key has at most {LONGEST_NAME} characters."
        )
    return name
