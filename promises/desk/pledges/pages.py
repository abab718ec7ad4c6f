"""The desk's pages of pledges and topics."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.desk.boxes import OF_PLEDGES
from promises.desk.captures.custody import WithCustody
from promises.desk.lists.filters import DueFilter, MineFilter, StaleFilter
from promises.desk.lists.large import LongList
from promises.desk.lists.whose import WhosePledgeFilter
from promises.desk.newsroom.filters import ItemWaitsFilter
from promises.desk.pledges.rows import (
    CriterionRows,
    DraftUpdateRows,
    KnownEvidenceRows,
    LinkRows,
    NewEvidenceRows,
    ReviewRows,
    UpdateRows,
)
from promises.desk.pledges.steps import PLEDGE_STEPS
from promises.desk.record_admin import Fact, RecordAdmin
from promises.desk.saving.as_read import LOOKED_AT, standing
from promises.desk.saving.forms import CorrectableForm
from promises.desk.staleness.words import why_stale
from promises.editorial.choices import State
from promises.pledges.actions import (
    WORDS,
    lock_pledges,
    save_pledge,
    save_topic,
)
from promises.pledges.choices import HOLDING_LABELS
from promises.pledges.models import Pledge, Topic
from promises.pledges.rules import missing_person
from promises.staleness.models import Due
from promises.updates.correcting import correct_pledge

FOLDED = (KnownEvidenceRows, NewEvidenceRows, DraftUpdateRows)


class StaleChangeList(LongList):
    """A list of pledges that knows which are stale, and why, by one query."""

    def get_results(self, request: HttpRequest) -> None:
        """Attach the due dates to the rows of the page."""
        super().get_results(request)
        self.result_list = Due.objects.attach(self.result_list, utc_date(timezone.now()))


@admin.register(Pledge)
class PledgeAdmin(WithCustody):
    """Pledges. One page adds a pledge, its evidence and a draft update."""

    form = CorrectableForm
    autocomplete_fields = ("person", "term", "topic")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("title",)}
    list_display = ("title", "person", "rating", "stale_reasons", "state")
    list_filter = (
        "state",
        MineFilter,
        ItemWaitsFilter,
        StaleFilter,
        DueFilter,
        "status",
        "kind",
        "origin",
        "topic",
        WhosePledgeFilter,
    )
    search_fields = ("title", "statement", "slug", "person__name")
    ordering = ("person__name", "person_id", "position", "pk")
    tells_apart = ("made_on", "slug")
    boxes = OF_PLEDGES
    preview_fields = (
        ("state", _("State")),
        ("last_reviewed_at", _("Last looked at")),
        ("review_due_on", _("Look again by")),
    )
    related = ("person", "topic", "term__person", "term__office")
    steps = PLEDGE_STEPS

    def officials_of(self, record: Pledge) -> Iterable[int]:
        """Return whose pledge it is."""
        return [record.person_id]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """On the page of a public pledge everybody who writes adds evidence and draft updates."""
        return RecordAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Show what readers see to those who may not correct it."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None or self.may_correct(request, obj):
            return fields
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        return (*fields, *(name for name in shown if name not in fields))

    def get_changelist(self, request: HttpRequest, **given: Any) -> type[ChangeList]:
        """Use the list that knows what is stale."""
        return StaleChangeList

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask about a correction only where words are published."""
        made = ("made_on", "origin", "due_on")
        fieldsets = [
            (None, {"fields": ("person", "term", "title", "slug", "statement")}),
            (_("Quote"), {"fields": (("quote", "quote_attribution"),)}),
            (_("What it is"), {"fields": ("kind", "topic", "controlled_by", made, "position")}),
        ]
        is_public = obj is not None and obj.state == State.PUBLISHED
        if is_public and self.may_correct(request, obj):
            rows = _("a criterion or of what evidence says about the pledge")
            fieldsets.insert(2, correction_fieldset(_("the topic or the position"), rows))
        return fieldsets

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show what there is so far only once there is a pledge."""
        if obj is None:
            return [CriterionRows, NewEvidenceRows, KnownEvidenceRows, DraftUpdateRows]
        linking = [NewEvidenceRows, KnownEvidenceRows]
        if not self.may_correct(request, obj):
            # A link to public evidence would be public at once.
            linking = [NewEvidenceRows]
        return [CriterionRows, LinkRows, *linking, DraftUpdateRows, UpdateRows, ReviewRows]

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fold what is seldom needed once the pledge exists."""
        inlines = super().get_inline_instances(request, obj)
        for inline in inlines:
            if obj is not None and isinstance(inline, FOLDED):
                inline.classes = ["collapse"]
            if obj is not None and isinstance(inline, DraftUpdateRows):
                self._leave_to_others(request, obj, inline)
        return inlines

    def _leave_to_others(self, request: HttpRequest, pledge: Pledge, inline: Any) -> None:
        """Offer no draft to whoever has a conflict of interest. One that was typed is refused."""
        typed = request.POST.get("status_updates-TOTAL_FORMS", "0") != "0"
        if not typed and self.conflict(request, pledge):
            # It stays on the page, unseen: other rows of the page are numbered after it.
            inline.extra = inline.max_num = 0
            inline.classes = ["hidden"]

    def view_on_site(self, obj: Pledge) -> str | None:
        """Return the public page."""
        return f"/pledges/{obj.slug}/" if obj.state == State.PUBLISHED else None

    def name_of(self, record: Pledge) -> str:
        """Say whose pledge it is: titles repeat."""
        return f"{record.person}: {record.title}"

    @admin.display(description=_("status"))
    def rating(self, pledge: Pledge) -> str:
        """Return the status as readers see it."""
        shown = pledge.shown_on(utc_date(timezone.now()))
        words = str(HOLDING_LABELS.get(shown) or pledge.get_status_display())
        return (
            gettext("%(status)s (imported)") % {"status": words}
            if (pledge.status_is_provisional)
            else words
        )

    @admin.display(description=_("stale"))
    def stale_reasons(self, pledge: Any) -> str:
        """Return why it may be out of date; attached by StaleChangeList."""
        return "; ".join(due.get_reason_display() for due in pledge.stale)

    def facts(self, request: HttpRequest, record: Pledge) -> list[Fact]:
        """Add the rating and what makes it stale."""
        lines = super().facts(request, record)
        missing = missing_person(record.person.state)
        if missing and record.state != State.RETRACTED:
            lines.append(Fact(_("Still to do"), missing, is_warning=True))
        if record.state != State.PUBLISHED:
            return lines
        rating = self.rating(record)
        if record.status_since:
            words = gettext("%(rating)s, since %(day)s")
            rating = words % {"rating": rating, "day": date_format(record.status_since)}
        lines.append(Fact(_("Status"), rating))
        stale = why_stale(record)
        lines += [Fact(_("Stale"), words, is_warning=True) for words in stale]
        if not stale and record.review_due_on:
            lines.append(Fact(_("Look again by"), date_format(record.review_due_on)))
        return lines

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Leave what readers see to those who may correct it; the rows are saved all the same."""
        if change:
            # Once it is locked, nothing but what this page sends moves its edition.
            stands = [str(pledge.edition) for pledge in lock_pledges([obj.pk])]
            request.saw_all = stands == [request.POST.get(LOOKED_AT)]  # type: ignore[attr-defined]
        if not change or self.may_correct(request, obj):
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, which note on the request what they draft."""
        request.drafted = []  # type: ignore[attr-defined]
        super().save_related(request, form, formsets, change)

    def response_add(self, request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        """Name what was drafted along with the pledge."""
        self._tell_drafted(request)
        return super().response_add(request, *args, **given)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Name what was drafted on the page."""
        self._tell_drafted(request)
        return super().response_change(request, obj)

    def _tell_drafted(self, request: HttpRequest) -> None:
        drafts: Any = getattr(request, "drafted", ())
        rows = [(one._meta.verbose_name, *self._page_of_draft(one)) for one in drafts]
        if rows:
            named = format_html_join(", ", '{} <a href="{}">{}</a>', rows)
            self.message_user(request, format_html(gettext("Drafted: {}."), named))

    def _page_of_draft(self, draft: Any) -> tuple[str, str]:
        named: Any = self.admin_site.get_model_admin(type(draft))
        view = f"admin:{draft._meta.app_label}_{draft._meta.model_name}_change"
        return reverse(view, args=[draft.pk]), named.name_of(draft)

    def looked_at(self, request: HttpRequest, record: Pledge) -> dict[str, str]:
        """Whoever had seen all of it and saved their page has seen their own words too."""
        was_refused = getattr(request, "refusal", None) is not None
        if was_refused or not getattr(request, "saw_all", False):
            return super().looked_at(request, record)
        record.refresh_from_db(fields=["edition"])
        return standing(None, record)

    def save_record(self, record: Pledge, form: Any, *, by: User, now: datetime) -> None:
        """Save a draft; change what readers rely on by a correction."""
        if record.state == State.PUBLISHED and set(WORDS) & set(form.changed_data):
            kind, note = (form.cleaned_data[f"correction_{name}"] for name in ("kind", "note"))
            correct_pledge(pledge=record, kind=kind, note=note, by=by, now=now)
        else:
            save_pledge(pledge=record, by=by, now=now)


def correction_fieldset(free: Any, rows: Any) -> tuple[Any, dict[str, Any]]:
    """Return the part of a page that asks why what readers rely on changes, these rows too."""
    about = _(
        "Needed if you change more than %(free)s: readers go on seeing what stood there. Needed"
        " too for a change, further down, of %(rows)s."
    )
    return _("Correction"), {
        "fields": ("correction_kind", "correction_note"),
        "description": about % {"free": free, "rows": rows},
        "classes": ("correction",),
    }


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    """Policy areas."""

    fields = ("name", "slug", ("parent", "position"), "principle", "about")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    autocomplete_fields = ("parent",)
    list_display = ("name", "parent", "principle", "position")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")
    ordering = ("position", "name", "pk")
    tells_apart = ("parent", "slug")

    def view_on_site(self, obj: Topic) -> str:
        """Return the public page."""
        return f"/topics/{obj.slug}/"

    def save_record(self, record: Topic, form: Any, *, by: User, now: datetime) -> None:
        """Save it; it is public at once."""
        save_topic(topic=record, by=by, now=now)
