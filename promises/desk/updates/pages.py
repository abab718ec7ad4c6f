"""The desk's page of status updates: written, handed in, approved by others, published."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.numbers import whole_number
from promises.desk.boxes import OF_UPDATES
from promises.desk.inlines import ShownRows
from promises.desk.lists.filters import MineFilter, WaitsFilter
from promises.desk.lists.plain_filters import OriginFilter
from promises.desk.lists.whose import WhoseFilter
from promises.desk.newsroom.pages import ItemAdmin
from promises.desk.pledges.rows import CONTENT
from promises.desk.record_admin import Fact
from promises.desk.saving.forms import RecordForm, Unseen
from promises.desk.saving.steps import editor
from promises.desk.updates.beside import PROMISE, UNPUBLISHED, BesideUpdate, about_piece
from promises.desk.updates.methods import MethodFilter
from promises.desk.updates.steps import UPDATE_STEPS, is_to_be_confirmed
from promises.editorial.choices import State
from promises.evidence.models import Evidence, EvidenceLink
from promises.officials.models import ConflictOfInterest
from promises.updates.actions import draft_status_update, revise_status_update
from promises.updates.models import Approval, StatusUpdate
from promises.updates.rules import CONFIRMING_APPROVALS, approvals_needed
from promises.updates.standing import (
    authors_of,
    corrected_reasoning,
    missing_before_publication,
    people_behind,
    standing_approvals,
)

if TYPE_CHECKING:
    StockField = forms.ModelMultipleChoiceField[EvidenceLink]
else:
    StockField = forms.ModelMultipleChoiceField


class LinkedEvidenceField(StockField):
    """The evidence of a pledge, each piece with what it says."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Return the title, which opens it beside what is typed, and what is weighed of it."""
        address = reverse("admin:evidence_evidence_change", args=[obj.evidence_id])
        said = " · ".join(about_piece(obj.evidence, obj))
        piece = obj.evidence
        return format_html('<a href="{}" target="_blank">{}</a> · {}', address, piece, said)


class StatusUpdateForm(RecordForm):
    """A draft with the evidence it rests on."""

    cited = LinkedEvidenceField(
        EvidenceLink.objects.none(),
        label=_("Rests on"),
        required=False,
        help_text=_("Only published evidence counts when it is published."),
    )
    cites_all = forms.BooleanField(
        label=_("Rests on all the evidence of the pledge"),
        initial=True,
        required=False,
        help_text=_("Choose single pieces after saving."),
    )

    # What it rested on when the page was made: others may choose other pieces meanwhile.
    seen_cited = Unseen(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("cited" if self.instance.pk is None else "cites_all", None)
        if "cited" not in self.fields:
            return
        links = EvidenceLink.objects.filter(pledge=self.instance.pledge_id)
        links = links.select_related("evidence").order_by("stance", "pk")
        cited: Any = self.fields["cited"]
        cited.queryset = links
        self.stored_links = list(links.filter(evidence__citations__status_update=self.instance))
        self.fields["seen_cited"].initial = self._joined()
        self.initial["cited"] = [link.pk for link in self.stored_links]
        if seen := self.data.get(self.add_prefix("seen_cited")):
            named = map(whole_number, seen.split(",")[1:])
            self.initial["cited"] = [number for number in named if number is not None]

    def chosen(self) -> list[Evidence] | None:
        """Return the evidence that was chosen, or None when nobody touched the choice."""
        if self.instance.pk is None:
            linked = Evidence.objects.filter(links__pledge=self.instance.pledge_id)
            return list(linked.order_by("links__pk")) if self.cleaned_data["cites_all"] else []
        if "cited" not in self.changed_data:
            return None
        return [link.evidence for link in self.cleaned_data["cited"]]

    def seen(self) -> list[int]:
        """Return the ids of the evidence that the page showed as chosen."""
        if not self.cleaned_data.get("seen_cited"):
            # The page did not say: it saw none.
            return []
        links = EvidenceLink.objects.filter(pk__in=self.initial["cited"])
        return list(links.values_list("evidence_id", flat=True))

    def side_by_side(self, name: str, before: Any, stored: Any) -> tuple[Any, Any, Any]:
        """Add the choice of evidence to what is compared."""
        if name != "cited":
            return super().side_by_side(name, before, stored)
        links: Any = self.fields["cited"]
        seen = links.queryset.filter(pk__in=self.initial["cited"])
        sides = (seen, self.cleaned_data.get("cited") or [], self.stored_links)
        was, mine, theirs = ("\n".join(str(link.evidence) for link in side) for side in sides)
        return was, mine, theirs

    def is_compared(self, name: str, stored: Any) -> bool:
        """Compare the choice of evidence as well."""
        return name == "cited" or super().is_compared(name, stored)

    def has_seen(self, stored: Any) -> None:
        """Take the present choice as seen, too."""
        super().has_seen(stored)
        if stored is not None:
            data: Any = self.data
            data[self.add_prefix("seen_cited")] = self._joined()
            if "cited" not in self.changed_data:
                data.setlist(self.add_prefix("cited"), [str(one.pk) for one in self.stored_links])

    def _joined(self) -> str:
        """Return the links it rests on now, as the page carries them along."""
        return ",".join(["0", *(str(link.pk) for link in self.stored_links)])


class ApprovalRows(ShownRows):
    """Who stands behind it."""

    model = Approval
    fields = ("approved_by", "approved_at", "wording", "note")
    readonly_fields = fields
    related = ("approved_by", "status_update__pledge")


@admin.register(StatusUpdate)
class StatusUpdateAdmin(BesideUpdate, ItemAdmin):
    """Status updates. Only a draft can be edited; everything else is a step."""

    form = StatusUpdateForm
    autocomplete_fields = ("pledge",)
    list_display = (
        "pledge_name",
        "status",
        "effective_on",
        "state",
        "approvals_so_far",
        "created_by",
    )
    list_filter = (
        "state",
        WaitsFilter,
        MineFilter,
        WhoseFilter,
        "status",
        ("is_imported", OriginFilter),
        MethodFilter,
    )
    search_fields = ("pledge__title", "pledge__person__name", "reasoning", "slug")
    ordering = ("-pk",)
    related = ("pledge__person", "created_by", "edited_by", "methodology")
    boxes = OF_UPDATES
    inlines = (ApprovalRows,)
    steps = UPDATE_STEPS

    def get_queryset(self, request: HttpRequest) -> Any:
        """Count who approved it."""
        return super().get_queryset(request).with_approval_counts()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Offer single pieces of evidence once the pledge is known, and show what was promised."""
        rating = ("status", "reason", "confidence")
        fields: list[Any] = ["pledge", rating, ("effective_on", "assessed_on"), "reasoning"]
        if obj is None:
            return [(None, {"fields": [*fields, "cites_all"]})]
        if self.has_change_permission(request, obj):
            fields += ["cited"]
        else:
            fields += ["rests_on", "methodology", "slug"]
        held_against = list(PROMISE if obj.state in UNPUBLISHED else PROMISE[:-1])
        return [(None, {"fields": fields}), (_("Held against"), {"fields": held_against})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The pledge of an update never changes."""
        fields = (*super().get_readonly_fields(request, obj), "rests_on", *PROMISE)
        return fields if obj is None else (*fields, "pledge")

    def officials_of(self, record: StatusUpdate) -> Iterable[int]:
        """Return whose pledge it rates."""
        return [record.pledge.person_id]

    def view_on_site(self, obj: StatusUpdate) -> str | None:
        """Return the place on the page of the pledge where readers see it."""
        is_public = obj.state == State.PUBLISHED and obj.pledge.state == State.PUBLISHED
        return f"/pledges/{obj.pledge.slug}/#update-{obj.slug}" if is_public else None

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show approvals once there can be some."""
        return super().get_inlines(request, obj) if obj and obj.wording else []

    def is_fixed(self, record: StatusUpdate) -> bool:
        """Only a draft changes."""
        return record.state != State.DRAFT

    def name_of(self, record: StatusUpdate) -> str:
        """Say whose pledge it rates: titles repeat."""
        return f"{record.pledge.person}: {record}"

    @admin.display(description=_("pledge"))
    def pledge_name(self, update: StatusUpdate) -> str:
        """Say whose pledge it is: titles repeat."""
        return f"{update.pledge.person}: {update.pledge}"

    @admin.display(description=_("approvals"))
    def approvals_so_far(self, update: Any) -> str:
        """Return how many there are of how many needed."""
        needed = CONFIRMING_APPROVALS if update.is_imported else approvals_needed(update.status)
        given = {"given": update.approval_count, "needed": needed}
        if update.approval_count > needed:
            return gettext("%(given)d, %(needed)d needed") % given
        return gettext("%(given)d of %(needed)d") % given

    def facts(self, request: HttpRequest, record: Any) -> list[Fact]:
        """Add who approved, and what is missing."""
        lines = super().facts(request, record)
        if record.is_imported:
            lines.append(Fact(_("Origin"), gettext("Imported, not written here")))
        if record.state == State.IN_REVIEW or is_to_be_confirmed(record):
            lines.append(Fact(_("Approvals"), self.approvals_so_far(record)))
        lines += [
            Fact(
                _("Approved"),
                f"{one.approved_by}, {date_format(one.approved_at, 'DATETIME_FORMAT')}",
            )
            for one in record.approvals.filter(wording=record.wording).select_related("approved_by")
        ]
        if (words := corrected_reasoning(record)) != record.reasoning:
            lines.append(Fact(_("Corrected, it now says"), words))
        if record.state == State.IN_REVIEW and editor(request).pk in authors_of(record):
            lines.append(
                Fact(_("Next"), gettext("You wrote or edited this: others have to approve it."))
            )
        if record.state == State.DRAFT and self._approves(request, record):
            told = gettext(
                "If you save a change of it, you wrote it too: others have to approve it."
            )
            lines.append(Fact(_("Before you edit"), told))
        if record.state in {State.DRAFT, State.IN_REVIEW}:
            lines += [
                Fact(_("Still to do"), missing, is_warning=True)
                for missing in missing_before_publication(record, timezone.now())
            ]
        if record.state in UNPUBLISHED:
            lines += _conflicts_of_others(record, editor(request))
        return lines

    def _approves(self, request: HttpRequest, record: StatusUpdate) -> bool:
        """Tell whether this person could approve a draft once it is handed in."""
        may_approve = self.has_right(request, "approve")
        return may_approve and editor(request).pk not in authors_of(record)

    def save_record(self, record: StatusUpdate, form: Any, *, by: User, now: datetime) -> None:
        """Write or rewrite a draft."""
        if record.pk is not None:
            seen = form.seen()
            revise_status_update(update=record, evidence=form.chosen(), seen=seen, by=by, now=now)
            return
        content = {name: getattr(record, name) for name in CONTENT}
        saved = draft_status_update(
            pledge=record.pledge, evidence=form.chosen(), by=by, now=now, **content
        )
        record.pk = saved.pk
        record.refresh_from_db()


def _conflicts_of_others(update: StatusUpdate, reader: User) -> list[Fact]:
    """Say who else cannot stand behind a rating: they declared a conflict of interest."""
    others = people_behind(update, standing_approvals(update)) - {reader.pk}
    declared = ConflictOfInterest.objects.open().towards(update.pledge.person_id)
    found = declared.filter(person__in=others).select_related("person", "jurisdiction")
    return [Fact(_("Conflict of interest"), str(one), is_warning=True) for one in found]
