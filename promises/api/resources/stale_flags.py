"""Stale flags: episodes in which a pledge may have been out of date, open and closed."""

from datetime import date
from typing import Any

from rest_framework import serializers

from promises.api.addresses import IdField
from promises.api.orders import by_day_of_pledge, by_moment_of_pledge
from promises.api.parameters import Filter, by, named
from promises.api.resource import Resource
from promises.api.rows import MadeField, MadeFlag, RowSerializer
from promises.api.values import Flag, OneOf, Several
from promises.staleness.choices import ClosedBecause, StaleReason
from promises.staleness.models import StaleFlag
from promises.staleness.reasons import PUBLIC, PUBLIC_CHOICES, RULES, facts_in_words


def _is_open(closed_at: Any) -> bool:
    return closed_at is None


def _rule(reason: str) -> str:
    return str(RULES[StaleReason(reason)].says)


def _threshold(reason: str) -> str:
    return RULES[StaleReason(reason)].threshold_in_words


def _data(reason: str, facts: dict[str, Any]) -> str:
    return facts_in_words(StaleReason(reason), facts)


def _clears_by(reason: str) -> str:
    return str(RULES[StaleReason(reason)].clears_by)


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
        choices=PUBLIC_CHOICES,
        help_text="Why the pledge may be out of date.",
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
    rule = MadeField(
        paths=["reason"], make=_rule, help_text="What makes the reason true, in a sentence."
    )
    threshold = MadeField(paths=["reason"], make=_threshold, help_text="From when on it holds.")
    data = serializers.DictField(  # type: ignore[assignment]
        source="facts",
        read_only=True,
        help_text="What this flag rests on: dates and numbers, as they last were.",
    )
    data_in_words = MadeField(paths=["reason", "facts"], make=_data, help_text="The same in words.")
    clears_by = MadeField(paths=["reason"], make=_clears_by, help_text="What clears it.")


def _open(rows: Any, value: bool, today: date) -> Any:
    return rows.filter(closed_at__isnull=value)


class StaleFlags(Resource):
    """Episodes of staleness, open and closed, as the periodic sweep found them."""

    section = "stale-flags"
    is_of_work = True
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
            Several(OneOf(tuple(reason.value for reason in PUBLIC))),
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
