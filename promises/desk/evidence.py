"""The desk's page of evidence."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.boxes import OF_EVIDENCE
from promises.desk.captures.steps import COPIES, copy_facts
from promises.desk.lists.filters import MineFilter
from promises.desk.lists.whose import WhoseEvidenceFilter
from promises.desk.newsroom.filters import ItemWaitsFilter
from promises.desk.newsroom.pages import ItemAdmin
from promises.desk.newsroom.steps import ASIDE, HAND_IN, SEND_BACK
from promises.desk.pledges.pages import correction_fieldset
from promises.desk.pledges.rows import KnownEvidenceRows, LinkRows
from promises.desk.reach import is_shared
from promises.desk.record_admin import Fact
from promises.desk.saving.forms import CorrectableForm, ReasonForm
from promises.desk.saving.known_dates import shown_as_known
from promises.desk.saving.steps import Reach, Step, each, editor
from promises.editorial.choices import State
from promises.evidence.actions import (
    WORDS,
    publish_evidence,
    retract_evidence,
    save_evidence,
)
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.actions import lock_pledges
from promises.sources.models import Source
from promises.updates.correcting import correct_evidence
from promises.updates.models import StatusUpdate


def _pledges(records: Sequence[Evidence]) -> Iterable[int]:
    """Return the pledges that these pieces of evidence speak about."""
    return EvidenceLink.objects.filter(evidence__in=records).values_list("pledge_id", flat=True)


def _resting_on(piece: Evidence) -> Reach | None:
    """Return the status updates that rest on it: each is given to a person to look at again."""
    updates = StatusUpdate.objects.resting_on([piece.pk]).order_by("pledge__slug", "pk")
    lines = [
        (
            f"{update.pledge}: {update.get_status_display()}, {update.get_state_display()}",
            reverse("admin:updates_statusupdate_change", args=[update.pk]),
        )
        for update in updates.select_related("pledge__person")
    ]
    if not lines:
        return None
    heading = ngettext(
        "%(count)d status update rests on it. It stays; someone is asked to look at it again.",
        "%(count)d status updates rest on it. They stay; someone is asked to look at each again.",
        len(lines),
    ) % {"count": len(lines)}
    return Reach(heading, lines)


class PledgeLinkRows(LinkRows):
    """What the evidence says, pledge by pledge."""

    fields = ("about", *LinkRows.fields[1:])
    readonly_fields = ("about", "state")
    verbose_name = _("pledge")
    verbose_name_plural = _("what it says about pledges")
    related = ("evidence", "pledge__person")

    @admin.display(description=_("pledge"))
    def about(self, link: EvidenceLink) -> str:
        """Return the pledge, linked to its page."""
        return self.linked(link.pledge)

    @admin.display(description=_("state"))
    def state(self, link: EvidenceLink) -> str:
        """Return whether readers see the pledge."""
        return link.pledge.get_state_display()


class NewPledgeLinkRows(KnownEvidenceRows):
    """What it says about one more pledge."""

    fields = ("pledge", *KnownEvidenceRows.fields[1:])
    autocomplete_fields = ("pledge",)
    verbose_name = _("pledge")
    verbose_name_plural = _("say what it means for a pledge")


@admin.register(Evidence)
class EvidenceAdmin(ItemAdmin):
    """Documents and records."""

    form = CorrectableForm
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("title",)}
    list_display = ("title", "publisher", "dated", "kind", "provenance", "state")
    list_filter = (
        "state",
        MineFilter,
        ItemWaitsFilter,
        "kind",
        "provenance",
        "checked",
        WhoseEvidenceFilter,
    )
    search_fields = ("title", "summary", "publisher", "url", "slug")
    tells_apart = ("published_in_words", "publisher", "slug")
    ordering = ("-pk",)
    boxes = OF_EVIDENCE
    steps = (
        HAND_IN,
        Step(
            name="publish",
            label=_("Publish"),
            explains=_("It becomes public, with what it says about public pledges."),
            done=_("Published"),
            act=each(publish_evidence, "evidence"),
            is_offered=lambda piece, _user: piece.state in {State.DRAFT, State.IN_REVIEW},
            in_batch=True,
            pledges=_pledges,
        ),
        SEND_BACK,
        Step(
            name="retract",
            label=_("Retract"),
            explains=_("It is withdrawn from the public for good. The reason stays."),
            done=_("Retracted"),
            act=each(retract_evidence, "evidence"),
            asks=ReasonForm,
            is_offered=lambda piece, _user: piece.state == State.PUBLISHED,
            is_judgement=True,
            pledges=_pledges,
            reaches=_resting_on,
        ),
        *ASIDE,
        *COPIES,
    )

    def officials_of(self, record: Evidence) -> Iterable[int]:
        """Return those about whose pledges it speaks."""
        people = record.links.order_by("pledge__person").values_list("pledge__person", flat=True)
        return people.distinct()

    def facts(self, request: HttpRequest, record: Evidence) -> list[Fact]:
        """Add what checks know of its original, and whether there is a copy."""
        source = Source.objects.filter(evidence=record, url=record.url).first()
        facts = [*super().facts(request, record), *copy_facts(record)]
        if record.url:
            # Whoever looks it over reads the original: the field below cannot be followed.
            facts.append(Fact(_("Read it at"), record.url, address=record.url))
        if source is None:
            return facts
        there = reverse("admin:sources_source_change", args=[source.pk])
        is_lost = source.lost_at is not None or source.changed_at is not None
        words = gettext("its wording has changed") if source.changed_at else ""
        said = ", ".join(part for part in (source.get_state_display(), words) if part)
        original = Fact(_("Original"), said, is_warning=is_lost, address=there)
        return [*facts, original]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask about a correction only where words are published."""
        fieldsets = [
            (
                None,
                {"fields": (("title", "is_title_exact"), "slug", "summary", "publisher", "url")},
            ),
            (_("When"), {"fields": (("published_on", "date_precision"),)}),
            (_("What it is"), {"fields": (("kind", "provenance", "checked"),)}),
        ]
        if obj is None:
            return fieldsets
        if not self.has_change_permission(request, obj):
            return shown_as_known(fieldsets)
        if obj.state == State.PUBLISHED:
            free = _("whether the title is exact and how the summary was checked")
            rows = _("what it says about a pledge")
            fieldsets.insert(1, correction_fieldset(free, rows))
        return fieldsets

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show links only once there can be some."""
        return [PledgeLinkRows, NewPledgeLinkRows] if obj else [NewPledgeLinkRows]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A partner does not change what speaks about pledges of other jurisdictions too."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not is_shared(obj, editor(request)))

    @admin.display(description=_("published on"))
    def dated(self, piece: Evidence) -> str:
        """Return the date as far as it is known."""
        return piece.published_in_words

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Wait for save_related, which knows the pledges to lock first."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the evidence and its links, pledges locked first and in order."""
        rows = [row.instance.pledge_id for formset in formsets for row in formset.forms]
        lock_pledges([pledge for pledge in rows if pledge])
        super().save_model(request, form.instance, form, change)
        super().save_related(request, form, formsets, change)

    def save_record(self, record: Evidence, form: Any, *, by: User, now: datetime) -> None:
        """Save a draft; change what readers rely on by a correction."""
        if record.state == State.PUBLISHED and set(WORDS) & set(form.changed_data):
            kind, note = (form.cleaned_data[f"correction_{name}"] for name in ("kind", "note"))
            correct_evidence(evidence=record, kind=kind, note=note, by=by, now=now)
        else:
            save_evidence(evidence=record, by=by, now=now)
