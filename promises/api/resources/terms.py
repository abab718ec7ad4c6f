"""Terms: who held which office, and when."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from rest_framework import serializers

from promises.api.orders import BY_SLUG, by_day
from promises.api.parameters import Filter, by, named
from promises.api.resource import Resource
from promises.api.rows import RowSerializer
from promises.api.values import Day, OneOf, Several
from promises.officials.choices import EndReason
from promises.officials.models import Person, Term


class TermSerializer(RowSerializer):
    """One person's time in one office."""

    slug = serializers.SlugField(help_text="Public name of the term.")
    prosecutor = serializers.SlugField(source="person__slug", help_text="Who held the office.")
    office = serializers.SlugField(source="office__slug", help_text="The office.")
    jurisdiction = serializers.SlugField(
        source="office__jurisdiction__slug", help_text="Where the office has power."
    )
    election = serializers.SlugField(
        source="election__slug", allow_null=True, help_text="The election that led to it."
    )
    started_on = serializers.DateField(help_text="First day in office.")
    ends_on = serializers.DateField(
        allow_null=True, help_text="First day no longer in office; null while none is known."
    )
    end_reason = serializers.ChoiceField(
        choices=EndReason.choices, allow_null=True, help_text="Why it ended."
    )
    successor = serializers.SlugField(
        source="public_successor",
        allow_null=True,
        help_text="Public name of the person who followed, where recorded.",
    )
    note = serializers.CharField(help_text="How well the dates are known; may be empty.")


def _running_on(rows: Any, value: date, today: date) -> Any:
    return rows.running_on(value)


class Terms(Resource):
    """Who held which office, and when."""

    section = "terms"
    serializer = TermSerializer
    orders = (BY_SLUG, by_day("started_on", "by first day in office"))
    filters = (
        named("prosecutor", "person__slug", "Of one of these people."),
        named("office", "office__slug", "In one of these offices."),
        named("jurisdiction", "office__jurisdiction__slug", "In one of these jurisdictions."),
        Filter("running_on", Day(), "That had begun and not ended on this day.",
               narrow=_running_on),
        Filter(
            "end_reason",
            Several(OneOf(tuple(EndReason.values))),
            "That ended for one of these reasons.",
            narrow=by("end_reason__in"),
        ),
    )  # fmt: skip

    def rows(self) -> Any:
        """Return the terms of public people; a successor is named once public too."""
        successor = Person.objects.published().filter(pk=OuterRef("successor"))
        return Term.objects.published().annotate(
            public_successor=Subquery(successor.values("slug"))
        )
