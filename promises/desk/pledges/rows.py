"""The rows of a pledge's page: criteria, evidence old and new, a draft update, what was done."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AdminTextInputWidget
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.inlines import NewRows, RemovableForm, ShownRows, StackedRows, TabularRows
from promises.desk.saving.forms import PlainTextarea, RecordForm
from promises.desk.saving.known_dates import asked_as_known
from promises.desk.saving.slugs import free_slug, next_position
from promises.editorial.choices import State
from promises.evidence.actions import (
    LINK_WORDS,
    delete_evidence_link,
    save_evidence,
    save_evidence_link,
)
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.actions import CRITERION_WORDS, save_criterion
from promises.pledges.models import Criterion
from promises.updates.actions import draft_status_update
from promises.updates.correcting import correct_criterion, correct_evidence_link
from promises.updates.models import Review, StatusUpdate

CONTENT = ("status", "effective_on", "assessed_on", "confidence", "reason", "reasoning")
EVIDENCE_FIELDS = (
    "title", "is_title_exact", "kind", "provenance", "publisher", "url", "published_on",
    "date_precision", "summary", "checked",
)  # fmt: skip


def _of_evidence(name: str, **given: Any) -> Any:
    """Return the form field of one field of evidence."""
    return Evidence._meta.get_field(name).formfield(**given)  # type: ignore[union-attr]


class CriterionForm(RecordForm):
    """A criterion; its place may be left empty."""

    position = forms.IntegerField(
        label=_("Position"), min_value=1, required=False, help_text=_("Empty: the last.")
    )


class CriterionRows(StackedRows):
    """What would count as kept, compromise or broken."""

    model = Criterion
    form = CriterionForm
    fields = (("verdict", "aspect", "is_met", "position"), "text", "how_to_verify")
    verbose_name_plural = _("criteria: what would count, written before the first status update")

    def get_extra(self, request: HttpRequest, obj: Any = None, **given: Any) -> int:
        """Open one row on a new page."""
        return 0 if obj else 1

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """After the first rating only whether one is met can change."""
        is_rated = obj is not None and obj.status_since is not None
        return ("verdict", "aspect", "position", "text", "how_to_verify") if is_rated else ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """After the first rating none is added."""
        is_rated = obj is not None and obj.status_since is not None
        allowed = super().has_add_permission(request, obj) and self.may_correct(request, obj)
        return allowed and not is_rated

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Put it last unless told where."""
        row.position = row.position or next_position(row.pledge.criteria)
        is_seen = row.pk is not None and row.pledge.state == State.PUBLISHED
        if is_seen and set(CRITERION_WORDS) & set(form.changed_data):
            self.correct_row(correct_criterion, criterion=row, by=by, now=now)
        else:
            save_criterion(criterion=row, by=by, now=now)


class LinkForm(RemovableForm):
    """What one piece of evidence says about the pledge."""

    class Meta:
        widgets = {"note": PlainTextarea({"rows": 2, "cols": 30})}


class LinkRows(TabularRows):
    """The evidence a pledge has."""

    model = EvidenceLink
    form = LinkForm
    fields = ("evidence", "state", "stance", "is_source", "locator", "note", "removal_reason")
    readonly_fields = ("evidence", "state")
    can_delete = True
    show_change_link = False
    verbose_name = _("evidence")
    verbose_name_plural = _("evidence of this pledge")
    related = ("evidence", "pledge")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """New rows have their own places below."""
        return False

    @admin.display(description=_("state"))
    def state(self, link: EvidenceLink) -> str:
        """Return whether readers see the evidence: it is published by itself."""
        return link.evidence.get_state_display()

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Save what it says; what readers see changes by a correction."""
        is_seen = {row.pledge.state, row.evidence.state} == {State.PUBLISHED}
        if is_seen and set(LINK_WORDS) & set(form.changed_data):
            self.correct_row(correct_evidence_link, link=row, by=by, now=now)
        else:
            save_evidence_link(link=row, by=by, now=now)

    def delete_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Take it off the pledge."""
        reason = form.cleaned_data.get("removal_reason", "")
        delete_evidence_link(link=row, reason=reason, by=by, now=now)


class KnownEvidenceRows(NewRows, StackedRows):
    """Links to evidence that is in the record already."""

    model = EvidenceLink
    fields = ("evidence", ("stance", "is_source", "locator"), "note")
    autocomplete_fields = ("evidence",)
    extra = 1
    verbose_name = _("evidence already in the record")
    verbose_name_plural = _("link evidence already in the record")

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Link it."""
        save_evidence_link(link=row, by=by, now=now)


class NewEvidenceForm(RecordForm):
    """A link to evidence that is not in the record yet: one row makes both."""

    title = _of_evidence("title", widget=AdminTextInputWidget)
    is_title_exact = _of_evidence("is_title_exact")
    kind = _of_evidence("kind")
    provenance = _of_evidence("provenance")
    publisher = _of_evidence("publisher", widget=AdminTextInputWidget)
    url = _of_evidence("url", widget=AdminTextInputWidget)
    published_on = _of_evidence(
        "published_on",
        widget=AdminDateWidget,
        **asked_as_known(Evidence._meta.get_field("published_on")),
    )
    date_precision = _of_evidence("date_precision")
    summary = _of_evidence("summary", widget=PlainTextarea)
    checked = _of_evidence("checked")

    piece: Evidence

    def clean(self) -> dict[str, Any]:
        """Check the evidence as its own page would."""
        cleaned = super().clean()
        self.piece = Evidence(**{name: cleaned.get(name) for name in EVIDENCE_FIELDS})
        others = {field.name for field in Evidence._meta.fields} - set(EVIDENCE_FIELDS)
        try:
            self.piece.full_clean(exclude=others | set(self.errors), validate_unique=False)
        except forms.ValidationError as error:
            self.add_error(None, error)
        return self.cleaned_data


class NewEvidenceRows(NewRows, StackedRows):
    """Evidence that is not in the record yet, with what it says about this pledge."""

    model = EvidenceLink
    form = NewEvidenceForm
    fields = (
        "title",
        ("stance", "is_source", "locator"),
        "summary",
        ("kind", "provenance", "checked"),
        ("publisher", "url"),
        ("published_on", "date_precision", "is_title_exact"),
        "note",
    )
    extra = 1
    verbose_name = _("new evidence")
    verbose_name_plural = _("add new evidence, as a draft")

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Make the evidence, then the link."""
        form.piece.slug = free_slug(Evidence, f"ev-{form.piece.title}")
        row.evidence = save_evidence(evidence=form.piece, by=by, now=now)
        form.shown_to.drafted.append(row.evidence)
        save_evidence_link(link=row, by=by, now=now)


class DraftUpdateForm(RecordForm):
    """A draft of what became of the pledge."""

    cites_all = forms.BooleanField(
        label=_("Rests on all the evidence on this page"),
        initial=True,
        required=False,
        help_text=_("Choose single pieces on the page of the status update."),
    )


class DraftUpdateRows(NewRows, StackedRows):
    """A first draft of a status update, saved together with the pledge and its new evidence."""

    model = StatusUpdate
    form = DraftUpdateForm
    fields = (
        ("status", "reason", "confidence"),
        ("effective_on", "assessed_on"),
        "reasoning",
        "cites_all",
    )
    extra = max_num = 1
    verbose_name = _("draft a status update")

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Draft it; the rows above are saved by now."""
        linked = Evidence.objects.filter(links__pledge=row.pledge).order_by("links__pk")
        cited = list(linked) if form.cleaned_data["cites_all"] else []
        content = {name: getattr(row, name) for name in CONTENT}
        given = {"pledge": row.pledge, "evidence": cited, "by": by, "now": now}
        form.shown_to.drafted.append(draft_status_update(**given, **content))


class UpdateRows(ShownRows):
    """What editors have said so far."""

    model = StatusUpdate
    fields = ("rating", "effective_on", "state", "created_by")
    readonly_fields = fields
    verbose_name_plural = _("status updates so far")
    related = ("pledge", "created_by")

    @admin.display(description=_("status"))
    def rating(self, update: StatusUpdate) -> str:
        """Return the status, linked to the page of the update."""
        return self.linked(update, update.get_status_display())


class ReviewRows(ShownRows):
    """When someone looked again."""

    model = Review
    fields = ("reviewed_at", "reviewed_by", "note")
    readonly_fields = fields
    verbose_name_plural = _("reviews: looked again, nothing had changed")
    related = ("pledge", "reviewed_by")
