"""Stale flags: episodes in which a pledge may have been out of date, open and closed."""

from datetime import date
from typing import Any

from rest_framework import serializers

from promises.api.addresses import IdField
from promises.api.orders import by_day_of_pledge, by_moment_of_pledge
from promises.api.parameters import Filter, by, named
from promises.api.resource import Resource
from promises.api.rows import MadeFlag, RowSerializer
from promises.api.values import Flag, OneOf, Several
from promises.staleness.choices import ClosedBecause, StaleReason
from promises.staleness.models import StaleFlag


def _is_open(closed_at: Any) -> bool:
    return closed_at is None


class StaleFlagSerializer(RowSerializer):
    """One episode of staleness. It never changes or hides a status."""

    id = IdField(
        "pledge__slug",
        "reason",
        "opened_at",
        help_text="Public name: the pledge, the reason and the moment it was found.",
    )
    pledge = serializers.SlugField(source="pledge__slug", help_text="The pledge.")
    prosecutor = serializers.SlugField(
        source="pledge__person__slug", help_text="Who made the pledge."
    )
    reason = serializers.ChoiceField(
        choices=StaleReason.choices, help_text="Why the pledge may be out of date."
    )
    is_open = MadeFlag(
        paths=["closed_at"], make=_is_open, help_text="Whether the episode still lasts."
    )
    stale_since = serializers.DateField(help_text="When it became due.")
    opened_at = serializers.DateTimeField(help_text="When the sweep found it.")
    closed_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was cleared; null while it is open."
    )
    closed_because = serializers.ChoiceField(
        choices=ClosedBecause.choices, allow_null=True, help_text="What cleared it."
    )


def _open(rows: Any, value: bool, today: date) -> Any:
    return rows.filter(closed_at__isnull=value)


class StaleFlags(Resource):
    """Episodes of staleness, open and closed, as the periodic sweep found them."""

    section = "stale-flags"
    serializer = StaleFlagSerializer
    orders = (
        by_day_of_pledge("stale_since", "by the day it became due"),
        by_moment_of_pledge("opened_at", "by the moment it was found"),
    )
    filters = (
        named("pledge", "pledge__slug", "Of one of these pledges."),
        named("prosecutor", "pledge__person__slug", "Of pledges of one of these prosecutors."),
        Filter("open", Flag(), "Still open, or closed.", narrow=_open),
        Filter(
            "reason",
            Several(OneOf(tuple(StaleReason.values))),
            "For one of these reasons.",
            narrow=by("reason__in"),
        ),
    )
    route = "<slug:pledge>/<slug:reason>/<moment:opened_at>"
    parts = {
        "pledge": "The pledge.",
        "reason": "Why it may be out of date.",
        "opened_at": "The moment it was found, as in `opened_at`.",
    }

    def rows(self) -> Any:
        """Return the episodes of public pledges."""
        return StaleFlag.objects.published()

    def one(self, **parts: str) -> Any:
        """Return the episode of a pledge, for a reason, found at a moment."""
        return self.rows().filter(
            pledge__slug=parts["pledge"], reason=parts["reason"], opened_at=parts["opened_at"]
        )
