"""Evidence: documents and records, with what each says about which pledge."""

from typing import Any

from rest_framework import serializers

from promises.api.orders import BY_SLUG, by_day
from promises.api.parameters import NAMES, Among, Filter, by, words_in
from promises.api.resource import Resource
from promises.api.rows import MadeField, RowSerializer, attached_rows
from promises.api.values import Day, OneOf, Several
from promises.common.dates import DatePrecision, in_words
from promises.evidence.choices import Checked, EvidenceKind, Provenance, Stance
from promises.evidence.models import Evidence, EvidenceLink


class PledgeOfEvidenceSerializer(RowSerializer):
    """What a piece of evidence says about one pledge."""

    pledge = serializers.SlugField(source="pledge__slug", help_text="The pledge.")
    stance = serializers.ChoiceField(
        choices=Stance.choices, help_text="Whether it supports or contradicts, or is context."
    )
    is_source = serializers.BooleanField(help_text="Whether the pledge was made here.")
    note = serializers.CharField(
        help_text="What a reader should know about the link; may be empty."
    )
    locator = serializers.CharField(help_text="Where in the document; may be empty.")


class EvidenceSerializer(RowSerializer):
    """A document or record, with a one-sentence summary of our own."""

    slug = serializers.SlugField(help_text="Public name of the evidence.")
    title = serializers.CharField(help_text="Its title or headline.")
    is_title_exact = serializers.BooleanField(help_text="false where the headline was not seen.")
    kind = serializers.ChoiceField(
        choices=EvidenceKind.choices, help_text="What sort of document or record."
    )
    provenance = serializers.ChoiceField(
        choices=Provenance.choices, help_text="Where the publisher stands towards the official."
    )
    publisher = serializers.CharField(help_text="Who published it; may be empty.")
    url = serializers.CharField(help_text="Where it was published; may be empty.")
    published_on = serializers.DateField(
        allow_null=True,
        help_text="When; the first day of the period if `date_precision` is not day.",
    )
    date_precision = serializers.ChoiceField(
        choices=DatePrecision.choices, help_text="How far the date is known."
    )
    published_in_words = MadeField(
        paths=["published_on", "date_precision"],
        make=in_words,
        help_text='The date as far as it is known, like "July 2018", to be printed as it is.',
    )
    summary = serializers.CharField(help_text="What it says, in one sentence of our own.")
    checked = serializers.ChoiceField(
        choices=Checked.choices, help_text="How the summary was checked against its source."
    )
    pledges = PledgeOfEvidenceSerializer(
        many=True, help_text="The pledges it speaks about, and what it says."
    )

    attached = {
        "pledges": attached_rows(
            PledgeOfEvidenceSerializer,
            lambda: EvidenceLink.objects.published().order_by("pledge__slug"),
            "evidence",
        )
    }


def _linked(lookup: str) -> Among:
    return Among(EvidenceLink.objects.published, lookup, "evidence")


class EvidenceList(Resource):
    """Documents and records, each with a one-sentence summary of our own."""

    section = "evidence"
    serializer = EvidenceSerializer
    orders = (BY_SLUG, by_day("published_on", "by publication", is_nullable=True))
    filters = (
        Filter("pledge", NAMES, "About one of these pledges.", narrow=_linked("pledge__slug__in")),
        Filter(
            "prosecutor",
            NAMES,
            "About a pledge of one of these prosecutors.",
            narrow=_linked("pledge__person__slug__in"),
        ),
        Filter(
            "topic",
            NAMES,
            "About a pledge under one of these topics.",
            narrow=_linked("pledge__topic__slug__in"),
        ),
        Filter(
            "stance",
            Several(OneOf(tuple(Stance.values))),
            "That says one of these things about any pledge.",
            narrow=_linked("stance__in"),
        ),
        Filter(
            "kind",
            Several(OneOf(tuple(EvidenceKind.values))),
            "Of one of these kinds.",
            narrow=by("kind__in"),
        ),
        Filter(
            "provenance",
            Several(OneOf(tuple(Provenance.values))),
            "Of one of these provenances.",
            narrow=by("provenance__in"),
        ),
        Filter(
            "published_after",
            Day(),
            "Published on this day or later; undated evidence is left out.",
            narrow=by("published_on__gte"),
        ),
        Filter(
            "published_before",
            Day(),
            "Published on this day or before; undated evidence is left out.",
            narrow=by("published_on__lte"),
        ),
        words_in("title", "summary", "publisher"),
    )

    def rows(self) -> Any:
        """Return public evidence."""
        return Evidence.objects.published()
