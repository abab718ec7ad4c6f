"""Corrections: published words that were changed, with the old words kept."""

from typing import Any

from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Coalesce
from rest_framework import serializers

from promises.api.addresses import IdField
from promises.api.orders import by_moment_of
from promises.api.parameters import Filter, by, named
from promises.api.resource import Resource
from promises.api.rows import RowSerializer
from promises.api.values import Moment, OneOf, Several
from promises.updates.choices import CorrectionKind
from promises.updates.models import Correction


class CorrectionSerializer(RowSerializer):
    """Published words that were changed, with the old words kept."""

    id = IdField(
        "section",
        "subject",
        "field",
        "corrected_at",
        help_text="Public name: what was corrected, which words of it, and when.",
    )
    pledge = serializers.SlugField(
        source="pledge__slug", allow_null=True, help_text="The pledge it concerns."
    )
    status_update = serializers.SlugField(
        source="status_update__slug", allow_null=True, help_text="The update it concerns."
    )
    evidence = serializers.SlugField(
        source="evidence__slug", allow_null=True, help_text="The evidence it concerns."
    )
    kind = serializers.ChoiceField(
        choices=CorrectionKind.choices, help_text="What sort of change it is."
    )
    field = serializers.CharField(
        help_text="What: a column of the pledge or of the evidence, the reasoning, a criterion, or"
        " the stance of evidence towards the pledge."
    )
    old_text = serializers.CharField(
        help_text="What it said, in words: “July 2018”, never a made-up day."
    )
    new_text = serializers.CharField(help_text="What it should say.")
    note = serializers.CharField(help_text="Why.")
    corrected_at = serializers.DateTimeField(help_text="When.")
    corrected_by = serializers.CharField(
        source="corrected_by__display_name", help_text="Public name of the person."
    )


class Corrections(Resource):
    """Published words that were changed, with the old words kept."""

    section = "corrections"
    serializer = CorrectionSerializer
    orders = (
        by_moment_of("corrected_at", "subject", "field", about="by moment", newest_first=True),
    )
    filters = (
        named("pledge", "pledge__slug", "Of one of these pledges or of updates of them."),
        named("status_update", "status_update__slug", "Of one of these status updates."),
        named("evidence", "evidence__slug", "Of one of these pieces of evidence."),
        Filter(
            "kind",
            Several(OneOf(tuple(CorrectionKind.values))),
            "Of one of these kinds.",
            narrow=by("kind__in"),
        ),
        Filter(
            "corrected_since",
            Moment(),
            "Made at this moment or later.",
            narrow=by("corrected_at__gte"),
        ),
    )
    route = "<slug:section>/<slug:subject>/<slug:field>/<moment:corrected_at>"
    parts = {
        "section": "What was corrected: pledges, status-updates or evidence.",
        "subject": "Its public name.",
        "field": "Which words of it.",
        "corrected_at": "The moment, as in `corrected_at`.",
    }

    def rows(self) -> Any:
        """Return the corrections of what is public, with the name of what each corrects."""
        return Correction.objects.published().annotate(
            section=Case(
                When(status_update__isnull=False, then=Value("status-updates")),
                When(evidence__isnull=False, then=Value("evidence")),
                default=Value("pledges"),
                output_field=CharField(),
            ),
            subject=Coalesce("status_update__slug", "evidence__slug", "pledge__slug"),
        )
