"""Evidence: documents and records, with what each says about which pledge."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from promises.api.orders import BY_SLUG, by_day
from promises.api.parameters import NAMES, Among, Filter, by
from promises.api.resource import Resource
from promises.api.rows import MadeField, RowSerializer, attached_rows
from promises.api.searching import words_in
from promises.api.values import Day, OneOf, Several
from promises.captures.choices import How
from promises.captures.models import Capture, CaptureWaiver
from promises.common.canonical import timestamp
from promises.common.dates import DatePrecision, in_words
from promises.evidence.choices import Checked, EvidenceKind, Provenance, Stance
from promises.evidence.models import Evidence, EvidenceLink
from promises.sources.choices import LinkState


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


class CaptureOfEvidenceSerializer(RowSerializer):
    """A copy of the evidence that is kept here."""

    captured_at = serializers.DateTimeField(help_text="When the copy was complete.")
    how = serializers.ChoiceField(
        choices=How.choices, help_text="Fetched from its address, or uploaded by an editor."
    )
    url = serializers.CharField(
        source="final_url", help_text="Where it was after redirects; empty for an upload."
    )
    media_type = serializers.CharField(help_text="What sort of file it is, by its content.")
    sha256 = serializers.CharField(source="body_id", help_text="SHA-256 of the copy.")
    size = serializers.IntegerField(source="body__size", help_text="How many bytes it has.")


class WaiverOfEvidenceSerializer(RowSerializer):
    """Why the evidence may be cited without a copy."""

    waived_at = serializers.DateTimeField(help_text="When that was decided.")
    reason = serializers.CharField(help_text="Why there need be no copy.")


def _link_state(url: str, checked_url: str | None, state: str | None) -> str | None:
    """Return what checks know of an address: nothing yet while they know of another one."""
    if not url:
        return None
    return state if url == checked_url else LinkState.UNCHECKED.value


def _checked_at(url: str, checked_url: str | None, moment: datetime | None) -> str | None:
    return timestamp(moment) if moment and url == checked_url else None


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
    link_state = MadeField(
        paths=["url", "source__url", "source__state"],
        make=_link_state,
        allow_null=True,
        help_text="Whether it is still there at its `url`: there, dead, paywall …; null if none.",
    )
    last_checked_at = MadeField(
        paths=["url", "source__url", "source__last_checked_at"],
        make=_checked_at,
        allow_null=True,
        help_text="When its `url` was last visited; null if never.",
    )
    pledges = PledgeOfEvidenceSerializer(
        many=True, help_text="The pledges it speaks about, and what it says."
    )
    captures = CaptureOfEvidenceSerializer(
        many=True, help_text="The copies of it that are kept here, newest first."
    )
    capture_waivers = WaiverOfEvidenceSerializer(
        many=True, help_text="Why it may be cited without a copy: one reason, or none."
    )

    attached = {
        "pledges": attached_rows(
            PledgeOfEvidenceSerializer,
            lambda: EvidenceLink.objects.published().order_by("pledge__slug"),
            "evidence",
        ),
        "captures": attached_rows(
            CaptureOfEvidenceSerializer,
            lambda: Capture.objects.published().newest_first(),
            "evidence",
        ),
        "capture_waivers": attached_rows(
            WaiverOfEvidenceSerializer, CaptureWaiver.objects.published, "evidence"
        ),
    }


def _linked(lookup: str) -> Among:
    return Among(EvidenceLink.objects.published, lookup, "evidence")


class EvidenceList(Resource):
    """Documents and records, each with a one-sentence summary of our own."""

    section = "evidence"
    is_of_work = True
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
            "About a pledge under one of these topics, or of those below them.",
            narrow=_linked("pledge__topic__below"),
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
        words_in("title", "summary", "publisher", answering=Evidence.objects.answering),
    )

    def rows(self) -> Any:
        """Return public evidence."""
        return Evidence.objects.published()
