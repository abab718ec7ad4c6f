"""Responses: what officials replied, shown beside the status."""

from typing import Any

from django.db.models import OuterRef, Subquery
from rest_framework import serializers

from promises.api.orders import BY_SLUG, by_day
from promises.api.parameters import Filter, by, named
from promises.api.resource import Resource
from promises.api.rows import MadeField, RowSerializer
from promises.api.searching import words_in
from promises.api.values import Day
from promises.common.dates import DatePrecision, in_words
from promises.evidence.models import Evidence
from promises.updates.models import Response


class ResponseSerializer(RowSerializer):
    """The official's reply to a status."""

    slug = serializers.SlugField(help_text="Public name of the reply.")
    pledge = serializers.SlugField(source="pledge__slug", help_text="The pledge.")
    prosecutor = serializers.SlugField(
        source="pledge__person__slug", help_text="Who made the pledge."
    )
    said_by = serializers.CharField(help_text="Who replied.")
    text = serializers.CharField(help_text="The reply.")
    published_on = serializers.DateField(
        allow_null=True,
        help_text="When; the first day of the period if `date_precision` is not day.",
    )
    date_precision = serializers.ChoiceField(
        choices=DatePrecision.choices, help_text="How far the date is known."
    )
    published_in_words = MadeField(
        paths=["published_on", "date_precision"],
        make=in_words,
        help_text="The date as far as it is known, to be printed as it is.",
    )
    evidence = serializers.SlugField(
        source="public_evidence", allow_null=True, help_text="Where the reply was made."
    )


class Responses(Resource):
    """Replies of officials."""

    section = "responses"
    serializer = ResponseSerializer
    orders = (
        by_day("published_on", "by date of the reply", is_nullable=True, newest_first=True),
        BY_SLUG,
    )
    filters = (
        named("pledge", "pledge__slug", "On one of these pledges."),
        named("prosecutor", "pledge__person__slug", "On pledges of one of these prosecutors."),
        Filter(
            "published_after",
            Day(),
            "Dated on this day or later; undated replies are left out.",
            narrow=by("published_on__gte"),
        ),
        Filter(
            "published_before",
            Day(),
            "Dated on this day or before; undated replies are left out.",
            narrow=by("published_on__lte"),
        ),
        words_in("text", "said_by", answering=Response.objects.answering),
    )

    def rows(self) -> Any:
        """Return published replies; their evidence is named while it is public too."""
        evidence = Evidence.objects.published().filter(pk=OuterRef("evidence"))
        return Response.objects.published().annotate(
            public_evidence=Subquery(evidence.values("slug"))
        )
