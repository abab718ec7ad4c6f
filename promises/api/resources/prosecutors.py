"""Prosecutors: people who hold or held one of the offices, with their terms."""

from datetime import date
from typing import Any

from rest_framework import serializers

from promises.api import addresses
from promises.api.orders import BY_SLUG, by_text
from promises.api.parameters import NAMES, Among, Filter
from promises.api.resource import Resource
from promises.api.rows import RowSerializer, attached_rows
from promises.api.searching import words_in
from promises.api.values import Flag
from promises.officials.choices import EndReason
from promises.officials.models import Person, Term


class TermOfProsecutorSerializer(RowSerializer):
    """One term of a prosecutor."""

    slug = serializers.SlugField(help_text="Public name of the term.")
    office = serializers.SlugField(source="office__slug", help_text="The office.")
    jurisdiction = serializers.SlugField(
        source="office__jurisdiction__slug", help_text="Where the office has power."
    )
    started_on = serializers.DateField(help_text="First day in office.")
    ends_on = serializers.DateField(
        allow_null=True, help_text="First day no longer in office; null while none is known."
    )
    end_reason = serializers.ChoiceField(
        choices=EndReason.choices, allow_null=True, help_text="Why it ended."
    )


class ProsecutorSerializer(RowSerializer):
    """Someone who holds or held one of the offices."""

    slug = serializers.SlugField(help_text="Public name of the person.")
    url = addresses.PageField("prosecutors", help_text="Address of the public page.")
    name = serializers.CharField(help_text="Name as commonly written.")
    party_at_election = serializers.CharField(
        help_text="Party, as reported at the election; may be empty."
    )
    background = serializers.CharField(
        help_text="One neutral sentence about earlier work; may be empty."
    )
    terms = TermOfProsecutorSerializer(many=True, help_text="Terms in office, newest first.")

    attached = {
        "terms": attached_rows(
            TermOfProsecutorSerializer,
            lambda: Term.objects.published().order_by("-started_on", "slug"),
            "person",
        )
    }


def _in_office(rows: Any, value: bool, today: date) -> Any:
    running = Term.objects.published().running_on(today).values("person")
    return rows.filter(pk__in=running) if value else rows.exclude(pk__in=running)


class Prosecutors(Resource):
    """People who hold or held one of the offices."""

    section = "prosecutors"
    serializer = ProsecutorSerializer
    orders = (BY_SLUG, by_text("name", "by name"))
    filters = (
        Filter(
            "office",
            NAMES,
            "Who hold or held one of these offices.",
            narrow=Among(Term.objects.published, "office__slug__in", "person"),
        ),
        Filter(
            "jurisdiction",
            NAMES,
            "Who hold or held an office in one of these jurisdictions.",
            narrow=Among(Term.objects.published, "office__jurisdiction__slug__in", "person"),
        ),
        Filter("in_office", Flag(), "Who are in office today, or are not.", narrow=_in_office),
        words_in("name", "background"),
    )

    def rows(self) -> Any:
        """Return public people with a term."""
        return Person.objects.published().prosecutors()
