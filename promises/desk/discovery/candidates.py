"""The desk's queue of what feeds brought that may be evidence."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.discovery.front import OF_CANDIDATES
from promises.desk.lists.plain_filters import OfferFilter
from promises.desk.record_admin import Fact, ReadOnlyAdmin
from promises.desk.saving.forms import PlainTextarea, WordedErrors
from promises.desk.saving.known_dates import AS_KNOWN, KnownDateField
from promises.desk.saving.slugs import free_slug
from promises.desk.saving.steps import Step, each
from promises.discovery.choices import CandidateState, FeedKind
from promises.discovery.deciding import dismiss_candidate, link_candidate
from promises.discovery.models import Candidate
from promises.evidence.choices import EvidenceKind, Provenance, Stance
from promises.evidence.models import Evidence


class QueueFilter(OfferFilter):
    """Keeps candidates by what was made of them; those that wait unless asked otherwise."""

    title = _("queue")
    parameter_name = "queue"
    offers = (
        ("linked", _("linked"), lambda rows, person, now: rows.filter(state="linked")),
        ("dismissed", _("dismissed"), lambda rows, person, now: rows.filter(state="dismissed")),
        ("all", _("all"), lambda rows, person, now: rows),
    )
    unless_chosen = (_("waiting"), lambda rows, person, now: rows.waiting())


class StanceForm(forms.Form):
    """Asks what known evidence says about the pledge."""

    stance = forms.ChoiceField(label=_("Stance"), choices=[("", "---------"), *Stance.choices])
    link_note = forms.CharField(label=_("Note"), widget=PlainTextarea, required=False)


class NewPieceForm(WordedErrors, StanceForm, forms.ModelForm):  # type: ignore[type-arg]
    """Asks what an item is as evidence. The summary is ours: the feed's own words are not taken."""

    class Meta:
        model = Evidence
        fields = (
            "title", "is_title_exact", "summary", "kind", "provenance", "checked", "publisher",
            "published_on", "date_precision",
        )  # fmt: skip
        widgets = {
            "title": forms.TextInput({"class": "vTextField"}),
            "publisher": forms.TextInput({"class": "vTextField"}),
            "summary": PlainTextarea,
            "published_on": forms.DateInput({"class": "vDateField"}),
        }
        field_classes = {"published_on": KnownDateField}
        help_texts = {"published_on": AS_KNOWN}


class DismissForm(forms.Form):
    """Asks why an item is no evidence."""

    reason = forms.CharField(
        label=_("Why it is no evidence on this pledge"),
        widget=PlainTextarea,
        help_text=_("For the desk only."),
    )


def _link(
    records: Iterable[Candidate],
    *,
    by: User,
    now: datetime,
    stance: str,
    link_note: str,
    **content: Any,
) -> None:
    for candidate in records:
        piece = Evidence(**content, url=candidate.item.url)
        piece.slug = free_slug(Evidence, f"ev-{piece.title}")
        link_candidate(
            candidate=candidate, piece=piece, stance=stance, link_note=link_note, by=by, now=now
        )


def _link_known(records: Iterable[Candidate], **given: Any) -> None:
    for candidate in records:
        assert candidate.known is not None
        link_candidate(candidate=candidate, piece=candidate.known, **given)


# What sort of evidence a feed usually brings, and where its publisher stands.
_USUAL = {
    FeedKind.OFFICE: (EvidenceKind.STATEMENT, Provenance.SELF_REPORTED),
    FeedKind.COURT: (EvidenceKind.COURT_FILING, Provenance.INDEPENDENT),
    FeedKind.NEWSROOM: (EvidenceKind.NEWS_REPORT, Provenance.INDEPENDENT),
    FeedKind.OTHER: ("", ""),
}


def _as_evidence(candidate: Candidate) -> dict[str, Any]:
    item = candidate.item
    kind, provenance = _USUAL[FeedKind(item.feed.kind)]
    return {
        "title": item.title,
        "is_title_exact": True,
        "publisher": item.feed.publisher,
        "published_on": item.published_on,
        "date_precision": "day" if item.published_on else "unknown",
        "kind": kind,
        "provenance": provenance,
    }


def _pledges(records: Sequence[Candidate]) -> list[int]:
    return [candidate.pledge_id for candidate in records]


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    """What feeds brought that may be evidence. A person links it or dismisses it."""

    boxes = OF_CANDIDATES
    readonly_fields = ("summary", "address", "source", "dated", "about", "matching")
    list_display = ("title", "whose", "score", "matching", "source", "dated", "seen")
    list_filter = (QueueFilter, "item__feed__kind")
    search_fields = ("item__title", "item__summary", "pledge__title", "pledge__person__name")
    ordering = ("-score", "-pk")
    related = ("item__feed", "pledge__person", "known", "evidence", "decided_by")
    steps = (
        Step(
            name="link",
            label=_("Link as new evidence"),
            explains=_("It becomes a draft of evidence, linked to the pledge. Read it first."),
            done=_("Linked"),
            act=_link,
            asks=NewPieceForm,
            is_offered=lambda one, _person: one.state == CandidateState.WAITING and not one.known,
            pledges=_pledges,
            initial=_as_evidence,
        ),
        Step(
            name="link-known",
            label=_("Link the evidence we have"),
            explains=_("The record has evidence with this address already; it is linked."),
            done=_("Linked"),
            act=_link_known,
            asks=StanceForm,
            is_offered=lambda one, _person: (
                one.state == CandidateState.WAITING and one.known is not None
            ),
            pledges=_pledges,
        ),
        Step(
            name="dismiss",
            label=_("Dismiss"),
            explains=_("It leaves the queue. The reason stays at the desk."),
            done=_("Dismissed"),
            act=each(dismiss_candidate, "candidate"),
            asks=DismissForm,
            is_offered=lambda one, _person: one.state == CandidateState.WAITING,
            in_batch=True,
            pledges=_pledges,
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show what was decided once something was."""
        fields = [
            "summary",
            "address",
            ("source", "dated", "found_at"),
            "about",
            "score",
            "matching",
        ]
        if obj is None or obj.state == CandidateState.WAITING:
            return fields
        decided = "reason" if obj.state == CandidateState.DISMISSED else "evidence"
        return [*fields, ("state", "decided_by", "decided_at"), decided]

    def name_of(self, record: Candidate) -> str:
        """Say what it is, and about whose pledge."""
        return f"{record} · {self.whose(record)}"

    @admin.display(description=_("pledge"))
    def about(self, candidate: Candidate) -> str:
        """Return the pledge, linked to its page."""
        there = reverse(f"{self.admin_site.name}:pledges_pledge_change", args=[candidate.pledge_id])
        return format_html('<a href="{}">{}</a>', there, self.whose(candidate))

    def facts(self, request: HttpRequest, record: Candidate) -> list[Fact]:
        """Say where the record has it already."""
        if record.known is None or record.state != CandidateState.WAITING:
            return []
        return [Fact(_("Already evidence"), str(record.known), is_warning=True)]

    @admin.display(description=_("title"))
    def title(self, candidate: Candidate) -> str:
        """Return the title of the item."""
        return candidate.item.title

    @admin.display(description=_("what the feed says of it"))
    def summary(self, candidate: Candidate) -> str:
        """Return the words of the feed."""
        return candidate.item.summary

    @admin.display(description=_("where"))
    def address(self, candidate: Candidate) -> str:
        """Return the address, to be opened with care."""
        url = candidate.item.url
        return format_html('<a href="{}" rel="nofollow noopener noreferrer">{}</a>', url, url)

    @admin.display(description=_("feed"))
    def source(self, candidate: Candidate) -> str:
        """Return which feed brought it."""
        return candidate.item.feed.name

    @admin.display(description=_("published on"))
    def dated(self, candidate: Candidate) -> str:
        """Return the day the feed gives, if it can be."""
        return date_format(candidate.item.published_on) if candidate.item.published_on else ""

    @admin.display(description=_("pledge"))
    def whose(self, candidate: Candidate) -> str:
        """Say whose pledge it is: titles repeat."""
        return f"{candidate.pledge.person}: {candidate.pledge}"

    @admin.display(description=_("matching words"))
    def matching(self, candidate: Candidate) -> str:
        """Return the words that item and pledge share."""
        return ", ".join(candidate.words)

    @admin.display(description=_("already evidence"))
    def seen(self, candidate: Candidate) -> str:
        """Return the evidence with the same address."""
        return str(candidate.known or "")
