"""The desk's page of suggestions: taken up, turned into a draft, or set aside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.lists.plain_filters import OfferFilter
from promises.desk.record_admin import Fact, RecordAdmin
from promises.desk.saving.forms import PlainTextarea, WordedErrors
from promises.desk.saving.known_dates import AS_KNOWN, KnownDateField
from promises.desk.saving.slugs import free_slug
from promises.desk.saving.steps import Reach, Step, each
from promises.desk.suggestions.front import OF_SUGGESTIONS
from promises.evidence.choices import Stance
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.models import Pledge
from promises.suggestions.choices import SuggestionKind, SuggestionState
from promises.suggestions.models import Suggestion
from promises.suggestions.rules import address_digest
from promises.suggestions.suggesting import (
    draft_suggested_evidence,
    draft_suggested_pledge,
    set_suggestion_aside,
    take_up_suggestion,
)


class EvidenceDraftForm(WordedErrors, forms.ModelForm):  # type: ignore[type-arg]
    """Asks what a draft of evidence needs, in our own words."""

    stance = forms.ChoiceField(
        label=_("What it says of the pledge"), choices=[("", "—"), *Stance.choices], required=False
    )

    class Meta:
        model = Evidence
        fields = (
            "title", "kind", "provenance", "publisher", "url",
            "published_on", "date_precision", "summary", "checked",
        )  # fmt: skip
        widgets = {
            "title": AdminTextInputWidget,
            "publisher": AdminTextInputWidget,
            "url": AdminTextInputWidget,
            "published_on": forms.DateInput({"class": "vDateField"}),
            "summary": PlainTextarea,
        }
        field_classes = {"published_on": KnownDateField}
        help_texts = {"published_on": AS_KNOWN}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.initial.get("pledge"):
            del self.fields["stance"]


class PledgeDraftForm(WordedErrors, forms.ModelForm):  # type: ignore[type-arg]
    """Asks what a draft of a pledge needs; its own page has the rest."""

    class Meta:
        model = Pledge
        fields = (
            "person", "title", "statement", "quote", "quote_attribution",
            "kind", "origin", "topic", "made_on", "controlled_by",
        )  # fmt: skip
        widgets = {
            "title": AdminTextInputWidget,
            "statement": PlainTextarea,
            "quote": PlainTextarea,
            "quote_attribution": AdminTextInputWidget,
        }


class ReasonForm(forms.Form):
    """Asks why."""

    reason = forms.CharField(
        label=_("Why"),
        widget=PlainTextarea({"rows": 3}),
        help_text=_("The sender reads it. It is public to nobody else."),
    )


class WhereFilter(OfferFilter):
    """Keeps suggestions by where they stand."""

    title = _("where it stands")
    parameter_name = "where"
    offers = (
        ("open", _("open"), lambda rows, person, now: rows.open()),
        ("mine", _("open, mine"), lambda rows, person, now: rows.open().in_hands_of(person)),
        ("drafted", _("draft made"), lambda rows, person, now: rows.drafted()),
        ("aside", _("set aside"), lambda rows, person, now: rows.set_aside()),
    )


def _draft_evidence(
    records: Any, *, by: User, now: datetime, stance: str = "", **content: Any
) -> None:
    for suggestion in records:
        evidence = Evidence(slug=free_slug(Evidence, content["title"]), **content)
        about = suggestion.pledge if stance else None
        link = EvidenceLink(pledge=about, stance=stance) if about else None
        draft_suggested_evidence(
            suggestion=suggestion, evidence=evidence, link=link, by=by, now=now
        )


def _unlinked(records: Sequence[Suggestion], answers: dict[str, Any]) -> str:
    (suggestion,) = records
    if not suggestion.pledge or answers.get("stance"):
        return ""
    words = gettext(
        "The draft is not linked to “%(pledge)s”, because what it says of the pledge was"
        " left empty. Link it on the page of the pledge, under “Link evidence already in"
        " the record”."
    )
    return words % {"pledge": suggestion.pledge}


def _draft_pledge(records: Any, *, by: User, now: datetime, **content: Any) -> None:
    for suggestion in records:
        pledge = Pledge(slug=free_slug(Pledge, content["title"]), **content)
        draft_suggested_pledge(suggestion=suggestion, pledge=pledge, by=by, now=now)


def _pledges(records: Any) -> list[int]:
    return [suggestion.pledge_id for suggestion in records if suggestion.pledge_id]


def _words(suggestion: Suggestion) -> Reach:
    """Show what was sent to whoever puts it into words of ours."""
    return Reach(gettext("What was sent"), [(suggestion.explanation, "")])


def _is_open(kind: str) -> Any:
    return lambda suggestion, _person: suggestion.is_open and suggestion.kind == kind


@admin.register(Suggestion)
class SuggestionAdmin(RecordAdmin):
    """Evidence and pledges that strangers know of. What was sent never changes."""

    boxes = OF_SUGGESTIONS
    fields = (
        ("kind", "times_sent"),
        ("pledge", "person"),
        "source_url",
        "explanation",
        ("sender_name", "sender_email"),
        ("received_at", "reference"),
        ("state", "assigned_to"),
        "set_aside_reason",
        ("led_to_evidence", "led_to_pledge"),
    )
    list_display = ("name_of", "source_url", "state", "received_at", "assigned_to")
    list_filter = (WhereFilter, "kind")
    search_fields = ("explanation", "source_url", "reference")
    ordering = ("received_at", "pk")
    related = (
        "pledge__person",
        "person",
        "assigned_to",
        "drafted_by",
        "led_to_evidence",
        "led_to_pledge__person",
    )
    steps = (
        Step(
            name="take-up",
            label=_("Take it up"),
            explains=_("It is yours to look at. Its sender sees that someone does."),
            done=_("Taken up"),
            act=each(take_up_suggestion, "suggestion"),
            is_offered=lambda suggestion, person: (
                suggestion.state != SuggestionState.DRAFTED
                and suggestion.assigned_to_id != person.pk
            ),
            in_batch=True,
        ),
        Step(
            name="draft-evidence",
            label=_("Make a draft of evidence"),
            explains=_("In our own words. It is published like any other, once it was checked."),
            done=_("Draft made"),
            act=_draft_evidence,
            leaves=_unlinked,
            asks=EvidenceDraftForm,  # type: ignore[arg-type]  # asks like any form
            needs=("evidence.add_evidence",),
            is_offered=_is_open(SuggestionKind.EVIDENCE),
            pledges=_pledges,
            initial=lambda suggestion: {
                "pledge": suggestion.pledge_id,
                "url": suggestion.source_url,
                "checked": "unconfirmed",
            },
            reaches=_words,
        ),
        Step(
            name="draft-pledge",
            label=_("Make a draft pledge"),
            explains=_("In our own words. Its page asks for criteria and sources."),
            done=_("Draft made"),
            act=_draft_pledge,
            asks=PledgeDraftForm,  # type: ignore[arg-type]  # asks like any form
            needs=("pledges.add_pledge",),
            is_offered=_is_open(SuggestionKind.PLEDGE),
            initial=lambda suggestion: {"person": suggestion.person_id},
            reaches=_words,
        ),
        Step(
            name="set-aside",
            label=_("Set it aside"),
            explains=_("It leads to nothing here. Say why: the sender sees the reason."),
            done=_("Set aside"),
            act=each(set_suggestion_aside, "suggestion"),
            asks=ReasonForm,
            is_offered=lambda suggestion, _person: suggestion.is_open,
            in_batch=True,
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come in from outside."""
        return False

    def is_fixed(self, record: Suggestion) -> bool:
        """Everything is a step."""
        return True

    @admin.display(description=_("suggestion"), ordering="pk")
    def name_of(self, record: Suggestion) -> str:
        """Say whose pledge it is about: titles repeat."""
        if record.pledge is None:
            return str(record)
        return f"{record.get_kind_display()}: {record.pledge.person}: {record.pledge}"

    def facts(self, request: HttpRequest, record: Suggestion) -> list[Fact]:
        """Say that a stranger wrote it, what became of their data, and who else has the source."""
        lines = [Fact(_("Sender"), _sender(record))]
        if record.url_digest:
            others = Suggestion.objects.of_address(record.url_digest).exclude(pk=record.pk).count()
            words = ngettext(
                "%(count)d other suggestion names it", "%(count)d others name it", others
            )
            known = [piece.title for piece in _on_record(record)]
            said = [words % {"count": others}] if others else []
            said += [gettext("On record as: %s") % "; ".join(known)] if known else []
            lines += [Fact(_("This source"), ". ".join(said), is_warning=True)] if said else []
        return lines


def _sender(record: Suggestion) -> str:
    if record.erased_at:
        return gettext("Name and email have been erased.")
    return gettext("Written by someone outside. Open links with care; tell nobody the name.")


def _on_record(record: Suggestion) -> list[Evidence]:
    """Return the evidence that is at the same address, found by the index of its words."""
    found = Evidence.objects.having_words(record.source_url)[:20]
    return [piece for piece in found if address_digest(piece.url) == record.url_digest]
