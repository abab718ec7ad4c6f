"""What a pledge looks like, in lists and alone. Its list is in pledges.py."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import F
from rest_framework import serializers

from promises.api import addresses
from promises.api.rows import MadeField, RowSerializer, attached_names, attached_rows
from promises.common.dates import DatePrecision, in_words
from promises.common.prepared import IsAny, Prepared
from promises.evidence.choices import EvidenceKind, Provenance, Stance
from promises.evidence.models import EvidenceLink
from promises.metrics.models import MetricPledge
from promises.pledges.choices import Aspect, Confidence, Control, Kind, Origin, Status, Verdict
from promises.pledges.models import Criterion
from promises.staleness.models import Due
from promises.staleness.reasons import PUBLIC_CHOICES
from promises.updates.models import StatusUpdate


@Prepared
def _due(pledges: list[int], today: date) -> Any:
    due = Due.objects.by(today).filter(IsAny(F("pledge_id"), pledges))
    return due.order_by("due_on", "reason").values_list("pledge_id", "reason")


def _stale_reasons(ids: Collection[int], today: date) -> Mapping[int, Any]:
    """Return why each pledge is stale today, the oldest reason first."""
    found: dict[int, list[str]] = {pk: [] for pk in ids}
    for pk, reason in _due(list(ids), today):
        found[pk].append(reason)
    return found


class EvidenceCountsSerializer(RowSerializer):
    """How much published evidence there is, by what it says."""

    supports = serializers.IntegerField(source="supports_count", help_text="That supports.")
    contradicts = serializers.IntegerField(
        source="contradicts_count", help_text="That contradicts."
    )
    context = serializers.IntegerField(  # type: ignore[assignment]  # a public field
        source="context_count", help_text="That is context."
    )


class PledgeSerializer(RowSerializer):
    """A verifiable public commitment of an official, and what became of it."""

    slug = serializers.SlugField(help_text="Public name of the pledge.")
    url = addresses.PageField("pledges", help_text="Address of the public page.")
    title = serializers.CharField(help_text="The pledge in a few words.")
    statement = serializers.CharField(help_text="What was promised, in plain words of this record.")
    quote = serializers.CharField(help_text="A short exact quote; may be empty.")
    kind = serializers.ChoiceField(
        choices=Kind.choices,
        help_text="outcome: to bring something about. standing: always or never, which can only"
        " be broken before the term ends; while it is in the works readers see “holding so far”,"
        " and from the end of the term on “last rated holding”.",
    )
    origin = serializers.ChoiceField(choices=Origin.choices, help_text="Where it was made.")
    topic = serializers.SlugField(source="topic__slug", help_text="Policy area.")
    prosecutor = serializers.SlugField(source="person__slug", help_text="Who made it.")
    term = serializers.SlugField(
        source="term__slug", allow_null=True, help_text="The term in which it is to be kept."
    )
    made_on = serializers.DateField(
        help_text="When it was made, or the date of its oldest known source."
    )
    due_on = serializers.DateField(
        allow_null=True, help_text="Deadline; null where none was named."
    )
    status = serializers.ChoiceField(
        choices=Status.choices, help_text="The rating, from the newest published status update."
    )
    status_since = serializers.DateField(
        allow_null=True, help_text="Since when it has had this rating; null while not yet rated."
    )
    status_is_provisional = serializers.BooleanField(
        help_text="Whether the rating was imported and not yet confirmed by two editors here."
    )
    confidence = serializers.ChoiceField(
        choices=Confidence.choices,
        allow_null=True,
        help_text="How sure the editors are of the rating; null while not yet rated.",
    )
    last_reviewed_at = serializers.DateTimeField(
        allow_null=True, help_text="When an editor last looked; null while none has."
    )
    review_due_on = serializers.DateField(
        allow_null=True, help_text="When someone should look again; null where that is not due."
    )
    is_stale = serializers.BooleanField(
        help_text="Whether it may be out of date today. It says nothing against the status."
    )
    stale_reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=PUBLIC_CHOICES),
        help_text="Why it may be out of date, the oldest reason first; empty if it is not.",
    )
    evidence_counts = EvidenceCountsSerializer(
        help_text="How much published evidence there is, by what it says."
    )
    edition = serializers.IntegerField(
        help_text="Number of the newest ledger entry about this pledge; see `changes`."
    )
    updated_at = serializers.DateTimeField(
        allow_null=True, help_text="When that entry was written."
    )
    quote_attribution = serializers.CharField(
        help_text="Who said the quote and where; may be empty."
    )
    controlled_by = serializers.ChoiceField(
        choices=Control.choices, help_text="Who decides whether it comes true."
    )

    attached = {"stale_reasons": _stale_reasons}
    follows = {"is_stale": ("stale_reasons", bool)}


class CriterionSerializer(RowSerializer):
    """One test of a pledge, written before it was first rated."""

    position = serializers.IntegerField(help_text="Order among the pledge's criteria, from 1.")
    verdict = serializers.ChoiceField(
        choices=Verdict.choices,
        allow_null=True,
        help_text="The rating it speaks for; null while no threshold is written.",
    )
    aspect = serializers.ChoiceField(
        choices=Aspect.choices, help_text="The letter of the pledge, or its effect."
    )
    text = serializers.CharField(help_text="What counts.")
    how_to_verify = serializers.CharField(
        help_text="Which data or record would show it; may be empty."
    )
    is_met = serializers.BooleanField(
        allow_null=True, help_text="Whether it is met; null until someone has checked."
    )


class EvidenceOfPledgeSerializer(RowSerializer):
    """What one piece of evidence says about the pledge."""

    evidence = serializers.SlugField(source="evidence__slug", help_text="The evidence.")
    stance = serializers.ChoiceField(
        choices=Stance.choices, help_text="Whether it supports or contradicts, or is context."
    )
    is_source = serializers.BooleanField(help_text="Whether the pledge was made here.")
    note = serializers.CharField(
        help_text="What a reader should know about the link; may be empty."
    )
    locator = serializers.CharField(help_text="Where in the document; may be empty.")
    title = serializers.CharField(source="evidence__title", help_text="Its title or headline.")
    kind = serializers.ChoiceField(
        source="evidence__kind",
        choices=EvidenceKind.choices,
        help_text="What sort of document or record.",
    )
    provenance = serializers.ChoiceField(
        source="evidence__provenance",
        choices=Provenance.choices,
        help_text="Where the publisher stands towards the official.",
    )
    publisher = serializers.CharField(
        source="evidence__publisher", help_text="Who published it; may be empty."
    )
    url = serializers.CharField(
        source="evidence__url", help_text="Where it was published; may be empty."
    )
    published_on = serializers.DateField(
        source="evidence__published_on",
        allow_null=True,
        help_text="When; the first day of the period if `date_precision` is not day.",
    )
    date_precision = serializers.ChoiceField(
        source="evidence__date_precision",
        choices=DatePrecision.choices,
        help_text="How far the date is known.",
    )
    published_in_words = MadeField(
        paths=["evidence__published_on", "evidence__date_precision"],
        make=in_words,
        help_text="The date as far as it is known, to be printed as it is.",
    )
    summary = serializers.CharField(
        source="evidence__summary", help_text="What it says, in one sentence of our own."
    )


class UpdateOfPledgeSerializer(RowSerializer):
    """One published status update of the pledge."""

    slug = serializers.SlugField(help_text="Public name of the update.")
    status = serializers.ChoiceField(choices=Status.choices, help_text="The rating.")
    effective_on = serializers.DateField(help_text="When this state of affairs began.")
    published_at = serializers.DateTimeField(help_text="When it became public here.")


class PledgeDetailSerializer(PledgeSerializer):
    """A pledge with its criteria, its evidence and the history of its status."""

    # A past day (`as_of`) shows a pledge without these, so a program cannot count on them.
    criteria = CriterionSerializer(
        many=True, required=False, help_text="What would count, in order."
    )
    evidence = EvidenceOfPledgeSerializer(
        many=True,
        required=False,
        help_text="Published evidence, the newest first, undated last.",
    )
    status_updates = UpdateOfPledgeSerializer(
        many=True,
        required=False,
        help_text="Published status updates, the newest state of affairs first.",
    )
    metrics = serializers.ListField(
        child=serializers.SlugField(), required=False, help_text="Metrics that bear on it."
    )

    attached = {
        **PledgeSerializer.attached,
        "criteria": attached_rows(
            CriterionSerializer,
            lambda: Criterion.objects.published().order_by("position"),
            "pledge",
        ),
        "evidence": attached_rows(
            EvidenceOfPledgeSerializer,
            lambda: EvidenceLink.objects.published().newest_first(),
            "pledge",
        ),
        "status_updates": attached_rows(
            UpdateOfPledgeSerializer,
            lambda: StatusUpdate.objects.published().newest_first(),
            "pledge",
        ),
        "metrics": attached_names(
            lambda: MetricPledge.objects.published().order_by("metric__slug"),
            "pledge",
            "metric__slug",
        ),
    }
