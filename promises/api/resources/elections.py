"""Elections: votes on the offices, with candidates and every result as it was reported."""

from typing import Any

from rest_framework import serializers

from promises.api.orders import BY_SLUG, by_day
from promises.api.parameters import NAMES, Among, Filter, by, named
from promises.api.resource import Resource
from promises.api.rows import RowSerializer, attached_names, attached_rows
from promises.api.values import Day, OneOf, Several
from promises.evidence.models import Evidence, ResultReportSource
from promises.officials.choices import ElectionOutcome, ReportStatus
from promises.officials.models import Candidacy, Election, ResultReport


class CandidacySerializer(RowSerializer):
    """One person standing in an election."""

    person = serializers.SlugField(source="person__slug", help_text="Public name of the person.")
    name = serializers.CharField(source="person__name", help_text="Name as commonly written.")
    party = serializers.CharField(help_text="Party on the ballot; may be empty.")
    is_winner = serializers.BooleanField(help_text="Whether this candidate won.")


def _percent(about: str) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text=f"{about}, in percent, as text."
    )


def _votes(about: str) -> serializers.IntegerField:
    return serializers.IntegerField(allow_null=True, help_text=about)


class ResultReportSerializer(RowSerializer):
    """A result as it was reported at one moment. Later reports follow; none replaces another."""

    position = serializers.IntegerField(help_text="Order in which the reports came, from 1.")
    as_of = serializers.CharField(help_text="When the count was read, in the source's terms.")
    status = serializers.ChoiceField(
        choices=ReportStatus.choices, help_text="How final the count was."
    )
    precincts_percent = _percent("Share of precincts counted")
    winner_percent = _percent("Share of the winner")
    winner_percent_is_minimum = serializers.BooleanField(
        help_text="Whether the source says at least this share."
    )
    runner_up_percent = _percent("Share of the runner-up")
    winner_votes = _votes("Votes for the winner.")
    runner_up_votes = _votes("Votes for the runner-up.")
    votes_are_approximate = serializers.BooleanField(
        help_text="Whether the source rounds the votes."
    )
    total_votes = _votes("Votes cast.")
    margin_votes = _votes("Votes between winner and runner-up.")
    margin_points = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        allow_null=True,
        help_text="Percentage points between winner and runner-up, as text.",
    )
    evidence = serializers.ListField(
        child=serializers.SlugField(), help_text="Evidence it was read from."
    )

    attached = {
        "evidence": attached_names(
            lambda: ResultReportSource.objects.filter(
                evidence__in=Evidence.objects.published()
            ).order_by("evidence__slug"),
            "result_report",
            "evidence__slug",
        )
    }


class ElectionSerializer(RowSerializer):
    """One vote on one office."""

    slug = serializers.SlugField(help_text="Public name of the election.")
    office = serializers.SlugField(source="office__slug", help_text="Office that was voted on.")
    jurisdiction = serializers.SlugField(
        source="office__jurisdiction__slug", help_text="Where the office has power."
    )
    held_on = serializers.DateField(help_text="Election day.")
    stage = serializers.CharField(help_text="Primary, general, runoff or recall.")
    outcome = serializers.ChoiceField(
        choices=ElectionOutcome.choices, allow_null=True, help_text="What it decided."
    )
    note = serializers.CharField(
        help_text="What a reader should know about the facts; may be empty."
    )
    candidates = CandidacySerializer(many=True, help_text="Who stood, the winner first.")
    results = ResultReportSerializer(
        many=True, help_text="The result as it was reported, every report in its order."
    )

    attached = {
        "candidates": attached_rows(
            CandidacySerializer,
            lambda: Candidacy.objects.published().order_by("-is_winner", "person__slug"),
            "election",
        ),
        "results": attached_rows(
            ResultReportSerializer,
            lambda: ResultReport.objects.order_by("position"),
            "election",
        ),
    }


class Elections(Resource):
    """Elections to these offices, every reported result kept."""

    section = "elections"
    serializer = ElectionSerializer
    orders = (by_day("held_on", "by election day", newest_first=True), BY_SLUG)
    filters = (
        named("office", "office__slug", "For one of these offices."),
        named("jurisdiction", "office__jurisdiction__slug", "In one of these jurisdictions."),
        Filter(
            "candidate",
            NAMES,
            "In which one of these people stood.",
            narrow=Among(Candidacy.objects.published, "person__slug__in", "election"),
        ),
        Filter(
            "outcome",
            Several(OneOf(tuple(ElectionOutcome.values))),
            "With one of these outcomes.",
            narrow=by("outcome__in"),
        ),
        Filter("held_after", Day(), "Held on this day or later.", narrow=by("held_on__gte")),
        Filter("held_before", Day(), "Held on this day or before.", narrow=by("held_on__lte")),
    )

    def rows(self) -> Any:
        """Return all elections: they are public from the start."""
        return Election.objects.all()
