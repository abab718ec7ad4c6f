"""Status updates: dated, sourced, signed judgements of what became of a pledge."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from promises.api.orders import BY_SLUG, by_day, by_moment
from promises.api.parameters import Filter, by, named, under_topic
from promises.api.resource import Resource
from promises.api.rows import MadeFlag, RowSerializer, attached_names, attached_rows
from promises.api.searching import words_in
from promises.api.values import Day, Flag, Moment, OneOf, Several
from promises.pledges.choices import Confidence, Status
from promises.updates.choices import Reason
from promises.updates.models import Approval, Citation, StatusUpdate
from promises.updates.rules import CONFIRMING_APPROVALS


def _is_provisional(is_imported: bool, approvals: int) -> bool:
    return is_imported and approvals < CONFIRMING_APPROVALS


class ApprovalSerializer(RowSerializer):
    """Someone other than the author who stands behind an update."""

    approved_by = serializers.CharField(
        source="approved_by__display_name", help_text="Public name of the person."
    )
    approved_at = serializers.DateTimeField(help_text="When they approved.")


class StatusUpdateSerializer(RowSerializer):
    """One dated, sourced, signed judgement. Once published its words never change."""

    slug = serializers.SlugField(help_text="Public name of the update.")
    pledge = serializers.SlugField(source="pledge__slug", help_text="The pledge.")
    prosecutor = serializers.SlugField(
        source="pledge__person__slug", help_text="Who made the pledge."
    )
    status = serializers.ChoiceField(choices=Status.choices, help_text="The rating.")
    effective_on = serializers.DateField(help_text="When this state of affairs began.")
    assessed_on = serializers.DateField(help_text="The day up to which the evidence was looked at.")
    confidence = serializers.ChoiceField(
        choices=Confidence.choices, help_text="How sure the editors are."
    )
    reason = serializers.ChoiceField(
        choices=Reason.choices,
        allow_null=True,
        help_text="Why it stalled, was a compromise or was broken.",
    )
    reasoning = serializers.CharField(
        help_text="Why, in plain words, from the evidence, as it was published; see `corrected_at`."
    )
    corrected_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When the reasoning was last corrected; null if never. `corrections` of this"
        " `status_update` hold what it should say.",
    )
    methodology = serializers.CharField(
        source="methodology__version", help_text="Version of the rules in force."
    )
    written_by = serializers.CharField(
        source="created_by__display_name", help_text="Public name of the author."
    )
    is_imported = serializers.BooleanField(help_text="Whether it was imported, not written here.")
    is_provisional = MadeFlag(
        paths=["is_imported", "approval_count"],
        make=_is_provisional,
        help_text="Whether it was imported and not yet confirmed by two editors here.",
    )
    published_at = serializers.DateTimeField(help_text="When it became public here.")
    approvals = ApprovalSerializer(many=True, help_text="Who else stands behind it.")
    evidence = serializers.ListField(
        child=serializers.SlugField(), help_text="Evidence it rests on, in order of citation."
    )

    attached = {
        "approvals": attached_rows(
            ApprovalSerializer,
            lambda: Approval.objects.filter(wording=F("status_update__wording")).order_by(
                "approved_at", "approved_by__display_name"
            ),
            "status_update",
        ),
        "evidence": attached_names(
            lambda: Citation.objects.published().order_by("position", "evidence__slug"),
            "status_update",
            "evidence__slug",
        ),
    }


class StatusUpdates(Resource):
    """Dated, sourced, signed judgements of what became of a pledge."""

    section = "status-updates"
    serializer = StatusUpdateSerializer
    orders = (
        by_moment("published_at", "by publication here", newest_first=True),
        by_day("effective_on", "by the day the state of affairs began"),
        BY_SLUG,
    )
    filters = (
        named("pledge", "pledge__slug", "Of one of these pledges."),
        named("prosecutor", "pledge__person__slug", "Of pledges of one of these prosecutors."),
        under_topic(
            "pledge__topic", "Of pledges under one of these topics, or of those below them."
        ),
        Filter(
            "status",
            Several(OneOf(tuple(Status.values))),
            "With one of these ratings.",
            narrow=by("status__in"),
        ),
        Filter(
            "reason",
            Several(OneOf(tuple(Reason.values))),
            "With one of these reasons.",
            narrow=by("reason__in"),
        ),
        Filter(
            "confidence",
            Several(OneOf(tuple(Confidence.values))),
            "Of one of these degrees of confidence.",
            narrow=by("confidence__in"),
        ),
        Filter("imported", Flag(), "Imported, or written here.", narrow=by("is_imported")),
        Filter(
            "effective_after",
            Day(),
            "Whose state of affairs began on this day or later.",
            narrow=by("effective_on__gte"),
        ),
        Filter(
            "effective_before",
            Day(),
            "Whose state of affairs began on this day or before.",
            narrow=by("effective_on__lte"),
        ),
        Filter(
            "published_since",
            Moment(),
            "Published here at this moment or later.",
            narrow=by("published_at__gte"),
        ),
        words_in("reasoning", answering=StatusUpdate.objects.answering),
    )

    def rows(self) -> Any:
        """Return published updates of public pledges: how many approved, when last corrected."""
        return StatusUpdate.objects.published().with_corrected_at().with_approval_counts()
