"""Record requests: what offices were asked for under public-records laws, and what came."""

from datetime import date
from typing import Any

from rest_framework import serializers

from promises.api.orders import BY_SLUG, by_day
from promises.api.parameters import NAMES, Among, Filter, by, named
from promises.api.resource import Resource
from promises.api.rows import MadeField, RowSerializer, attached_names, attached_rows
from promises.api.searching import words_in
from promises.api.values import Day, Flag, OneOf, Several
from promises.record_requests.choices import DueBasis, FiledBy, Outcome, Stage
from promises.record_requests.models import (
    Extension,
    RecordRequest,
    RequestDocument,
    RequestPledge,
)
from promises.record_requests.rules import stage_of


class ExtensionSerializer(RowSerializer):
    """A longer time that the office took."""

    announced_on = serializers.DateField(help_text="When it said so.")
    due_on = serializers.DateField(help_text="The day by which it now wants to answer.")
    reason = serializers.CharField(help_text="The reason it gave.")


def _stage(
    answered_on: date | None,
    withdrawn_on: date | None,
    appealed_on: date | None,
    appeal_decided_on: date | None,
) -> str:
    return stage_of(
        answered_on=answered_on,
        withdrawn_on=withdrawn_on,
        appealed_on=appealed_on,
        appeal_decided_on=appeal_decided_on,
    )


class RecordRequestSerializer(RowSerializer):
    """A request for public records that bears on pledges, and what came of it."""

    slug = serializers.SlugField(help_text="Public name of the request.")
    office = serializers.SlugField(
        source="office__slug",
        allow_null=True,
        help_text="The office it went to; null where that is another agency.",
    )
    agency = serializers.CharField(help_text="The other agency it went to; empty for an office.")
    subject = serializers.CharField(help_text="What was asked for, in our words.")
    law = serializers.CharField(
        source="law__citation", allow_null=True, help_text="The listed law it rests on."
    )
    statute = serializers.CharField(help_text="The law it rests on where that is not listed.")
    filed_on = serializers.DateField(help_text="When it was filed.")
    filed_by = serializers.ChoiceField(choices=FiledBy.choices, help_text="By which way.")
    reference = serializers.CharField(help_text="The number the office gave it; may be empty.")
    stage = MadeField(
        paths=["answered_on", "withdrawn_on", "appealed_on", "appeal_decided_on"],
        make=_stage,
        help_text=f"Where it stands: {', '.join(Stage.values)}.",
    )
    due_basis = serializers.ChoiceField(
        choices=DueBasis.choices, help_text="Where the day comes from on which an answer is due."
    )
    due_by_law_on = serializers.DateField(
        allow_null=True, help_text="The day by which the law wants an answer."
    )
    answer_due_on = serializers.DateField(allow_null=True, help_text="The same after extensions.")
    next_due_on = serializers.DateField(
        allow_null=True,
        help_text="The day on which its clock runs out; null while nothing is waited for."
        " Past days mean that it is overdue.",
    )
    acknowledged_on = serializers.DateField(
        allow_null=True, help_text="When the office confirmed that it has the request."
    )
    answered_on = serializers.DateField(allow_null=True, help_text="When the office answered.")
    outcome = serializers.ChoiceField(
        choices=Outcome.choices, allow_null=True, help_text="What it answered."
    )
    answer = serializers.CharField(help_text="The answer in our words; may be empty.")
    not_recorded = serializers.CharField(
        help_text="What the office says it does not record; empty unless it says so."
    )
    withdrawn_on = serializers.DateField(allow_null=True, help_text="When it was taken back.")
    appealed_on = serializers.DateField(allow_null=True, help_text="When it was appealed.")
    appealed_to = serializers.CharField(help_text="Who decides the appeal; may be empty.")
    appeal_due_on = serializers.DateField(allow_null=True, help_text="When that decision is due.")
    appeal_decided_on = serializers.DateField(allow_null=True, help_text="When it was decided.")
    appeal_decision = serializers.CharField(help_text="What was decided; may be empty.")
    note = serializers.CharField(help_text="What a reader should know about it; may be empty.")
    published_at = serializers.DateTimeField(help_text="When it was published here.")
    extensions = ExtensionSerializer(many=True, help_text="Longer times the office took.")
    pledges = serializers.ListField(
        child=serializers.SlugField(), help_text="The pledges it is about."
    )
    documents = serializers.ListField(
        child=serializers.SlugField(), help_text="The evidence that came of it."
    )

    attached = {
        "extensions": attached_rows(
            ExtensionSerializer,
            lambda: Extension.objects.published().order_by("due_on"),
            "record_request",
        ),
        "pledges": attached_names(
            lambda: RequestPledge.objects.published().order_by("pledge__slug"),
            "record_request",
            "pledge__slug",
        ),
        "documents": attached_names(
            lambda: RequestDocument.objects.published().order_by("evidence__slug"),
            "record_request",
            "evidence__slug",
        ),
    }


def _about(lookup: str) -> Among:
    return Among(RequestPledge.objects.published, lookup, "record_request")


def _overdue(rows: Any, value: bool, today: date) -> Any:
    """Keep those whose clock ran out before today, or the others."""
    overdue = rows.overdue(today)
    return overdue if value else rows.exclude(pk__in=overdue.values("pk"))


class RecordRequests(Resource):
    """Requests for public records that bear on pledges, and what came of them."""

    section = "record-requests"
    serializer = RecordRequestSerializer
    orders = (by_day("filed_on", "by date of filing", newest_first=True), BY_SLUG)
    filters = (
        Filter("pledge", NAMES, "About one of these pledges.", narrow=_about("pledge__slug__in")),
        Filter(
            "prosecutor",
            NAMES,
            "About a pledge of one of these prosecutors.",
            narrow=_about("pledge__person__slug__in"),
        ),
        named("office", "office__slug", "To one of these offices."),
        Filter(
            "outcome",
            Several(OneOf(tuple(Outcome.values))),
            "With one of these answers.",
            narrow=by("outcome__in"),
        ),
        Filter("overdue", Flag(), "Whether its clock ran out before today.", narrow=_overdue),
        Filter("filed_after", Day(), "Filed on this day or later.", narrow=by("filed_on__gte")),
        Filter("filed_before", Day(), "Filed on this day or before.", narrow=by("filed_on__lte")),
        words_in("subject", "agency", "answer", "not_recorded"),
    )

    def rows(self) -> Any:
        """Return published requests about public pledges."""
        return RecordRequest.objects.published()
