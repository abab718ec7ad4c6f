"""Topics: policy areas, as a tree."""

from typing import Any

from rest_framework import serializers

from promises.api import addresses
from promises.api.orders import BY_SLUG
from promises.api.paging import Key, Order, number
from promises.api.parameters import Filter, by, named
from promises.api.resource import Resource
from promises.api.rows import RowSerializer
from promises.api.searching import words_in
from promises.api.values import Number
from promises.pledges.models import Topic


class TopicSerializer(RowSerializer):
    """A policy area."""

    slug = serializers.SlugField(help_text="Public name of the topic.")
    url = addresses.PageField("topics", help_text="Address of the public page.")
    name = serializers.CharField(help_text="Its name.")
    parent = serializers.SlugField(  # type: ignore[assignment]  # a public field
        source="parent__slug", allow_null=True, help_text="The wider topic; null at the top."
    )
    principle = serializers.IntegerField(
        allow_null=True,
        help_text="Number in the 21 Principles for the 21st Century Prosecutor.",
    )
    position = serializers.IntegerField(help_text="Order among its siblings.")
    about = serializers.CharField(help_text="One sentence about it; may be empty.")
    pledge_count = serializers.IntegerField(
        help_text="Public pledges directly under it, not under the narrower topics."
    )


class Topics(Resource):
    """Policy areas, as a tree."""

    section = "topics"
    serializer = TopicSerializer
    orders = (
        BY_SLUG,
        Order("position", (Key("position", number), Key("slug")), "by position among siblings"),
    )
    filters = (
        named("parent", "parent__slug", "Directly under one of these topics."),
        Filter(
            "principle",
            Number(1, 21),
            "Under this one of the 21 principles.",
            narrow=by("principle"),
        ),
        words_in("name", "about"),
    )

    def rows(self) -> Any:
        """Return all topics: they are public from the start."""
        return Topic.objects.with_pledge_counts()
