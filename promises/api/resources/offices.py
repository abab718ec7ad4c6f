"""Offices: posts that someone is elected to, with the place where they have power."""

from typing import Any

from rest_framework import serializers

from promises.api.orders import BY_SLUG, by_text
from promises.api.parameters import Filter, by, named
from promises.api.resource import Resource
from promises.api.rows import RowSerializer
from promises.api.searching import words_in
from promises.api.values import Several, Words
from promises.officials.models import Office


class OfficeSerializer(RowSerializer):
    """An office of an elected prosecutor."""

    slug = serializers.SlugField(help_text="Public name of the office.")
    title = serializers.CharField(help_text="Its title.")
    jurisdiction = serializers.SlugField(
        source="jurisdiction__slug", help_text="Where it has power."
    )
    jurisdiction_name = serializers.CharField(
        source="jurisdiction__name", help_text="Name of that place."
    )
    jurisdiction_kind = serializers.CharField(
        source="jurisdiction__kind", help_text="County, city or another kind of area."
    )
    state = serializers.CharField(
        source="jurisdiction__state", help_text="Two-letter postal code of the state."
    )
    fips = serializers.CharField(
        source="jurisdiction__fips", help_text="Federal code of the county; may be empty."
    )
    term_years = serializers.IntegerField(help_text="Length of a term in years.")
    selection = serializers.CharField(help_text="How the office is filled.")


class Offices(Resource):
    """Offices of elected prosecutors."""

    section = "offices"
    serializer = OfficeSerializer
    orders = (BY_SLUG, by_text("title", "by title"))
    filters = (
        named("jurisdiction", "jurisdiction__slug", "In one of these jurisdictions."),
        Filter(
            "state",
            Several(Words(2)),
            "In one of these states, as two-letter postal codes.",
            narrow=by("jurisdiction__state__in"),
        ),
        words_in("title", "jurisdiction__name"),
    )

    def rows(self) -> Any:
        """Return all offices: they are public from the start."""
        return Office.objects.all()
