"""Reviews: someone looked again and nothing had changed."""

from typing import Any

from rest_framework import serializers

from promises.api.addresses import IdField
from promises.api.orders import by_moment_of_pledge
from promises.api.parameters import Filter, by, named
from promises.api.resource import Resource
from promises.api.rows import RowSerializer
from promises.api.values import Moment
from promises.updates.models import Review


class ReviewSerializer(RowSerializer):
    """Someone looked again and nothing had changed."""

    id = IdField("pledge__slug", "reviewed_at", help_text="Public name: the pledge and the moment.")
    pledge = serializers.SlugField(source="pledge__slug", help_text="The pledge.")
    prosecutor = serializers.SlugField(
        source="pledge__person__slug", help_text="Who made the pledge."
    )
    reviewed_at = serializers.DateTimeField(help_text="When.")
    reviewed_by = serializers.CharField(
        source="reviewed_by__display_name", help_text="Public name of the person."
    )
    note = serializers.CharField(help_text="What was looked at.")


class Reviews(Resource):
    """Acts of looking again at a pledge and finding nothing changed."""

    section = "reviews"
    serializer = ReviewSerializer
    orders = (by_moment_of_pledge("reviewed_at", "by moment", newest_first=True),)
    filters = (
        named("pledge", "pledge__slug", "Of one of these pledges."),
        named("prosecutor", "pledge__person__slug", "Of pledges of one of these prosecutors."),
        Filter(
            "reviewed_since",
            Moment(),
            "Made at this moment or later.",
            narrow=by("reviewed_at__gte"),
        ),
    )
    route = "<slug:pledge>/<moment:reviewed_at>"
    parts = {"pledge": "The pledge.", "reviewed_at": "The moment, as in `reviewed_at`."}

    def rows(self) -> Any:
        """Return the reviews of public pledges."""
        return Review.objects.published()

    def one(self, **parts: str) -> Any:
        """Return the review of a pledge at a moment."""
        return self.rows().filter(pledge__slug=parts["pledge"], reviewed_at=parts["reviewed_at"])
