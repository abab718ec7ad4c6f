"""The desk's pages of requests for records, and of the laws they rest on."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.desk.inlines import ShownRows, TabularRows
from promises.desk.lists.filters import MineFilter
from promises.desk.lists.plain_filters import OfferFilter
from promises.desk.newsroom.steps import HAND_IN
from promises.desk.record_admin import EditorialAdmin, Fact, RecordAdmin
from promises.desk.record_requests.forms import (
    RecordRequestForm,
    RequestDocumentForm,
    RequestPledgeForm,
)
from promises.desk.record_requests.steps import BEFORE_READERS, WHAT_CAME
from promises.editorial.choices import State
from promises.record_requests.actions import (
    delete_request_document,
    delete_request_pledge,
    save_record_request,
    save_records_law,
    save_request_document,
    save_request_pledge,
)
from promises.record_requests.models import (
    Extension,
    RecordRequest,
    RecordsLaw,
    RequestDocument,
    RequestPledge,
)


class ClockFilter(OfferFilter):
    """Keeps the requests whose clock runs, or ran out."""

    title = _("clock")
    parameter_name = "clock"
    offers = (
        ("running", _("waiting"), lambda rows, person, now: rows.running()),
        ("overdue", _("overdue"), lambda rows, person, now: rows.overdue(utc_date(now))),
    )


class RequestPledgeRows(TabularRows):
    """The pledges a request is about."""

    model = RequestPledge
    form = RequestPledgeForm
    fields = ("pledge",)
    autocomplete_fields = ("pledge",)
    can_delete = True
    verbose_name = _("pledge")
    verbose_name_plural = _("pledges it is about")
    related = ("pledge__person", "record_request")

    def get_extra(self, request: HttpRequest, obj: Any = None, **given: Any) -> int:
        """Open one row on a new page: a request is about a pledge."""
        return 0 if obj else 1

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A published request stays with its pledges."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.state in {State.DRAFT, State.IN_REVIEW})

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Say that it is about the pledge."""
        save_request_pledge(link=row, by=by, now=now)

    def delete_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Take the pledge off."""
        delete_request_pledge(link=row, by=by, now=now)


class RequestDocumentRows(TabularRows):
    """The evidence that came of a request."""

    model = RequestDocument
    form = RequestDocumentForm
    fields = ("evidence", "removal_reason")
    autocomplete_fields = ("evidence",)
    can_delete = True
    verbose_name = _("document")
    verbose_name_plural = _("documents that came, as evidence")
    related = ("evidence", "record_request")

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Say that it came of the request."""
        save_request_document(link=row, by=by, now=now)

    def delete_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Say that it did not."""
        reason = form.cleaned_data.get("removal_reason", "")
        delete_request_document(link=row, reason=reason, by=by, now=now)


class ExtensionRows(ShownRows):
    """Longer times that the office took: recorded by a step."""

    model = Extension
    fields = ("announced_on", "due_on", "reason", "recorded_by")
    readonly_fields = fields
    verbose_name_plural = _("extensions")
    related = ("record_request", "recorded_by")


@admin.register(RecordRequest)
class RecordRequestAdmin(EditorialAdmin):
    """Requests for public records. Once public, everything that comes of one is a step."""

    form = RecordRequestForm
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("subject",)}
    autocomplete_fields = ("office", "law")
    list_display = ("subject", "to_whom", "filed_on", "due", "standing", "state")
    list_filter = ("state", MineFilter, ClockFilter, "outcome")
    search_fields = ("subject", "agency", "statute", "answer", "slug")
    ordering = ("-filed_on", "-pk")
    steps = (HAND_IN, *BEFORE_READERS, *WHAT_CAME)
    fieldsets = (
        (None, {"fields": (("office", "agency"), "subject", "slug")}),
        (
            _("When it was filed, under which law"),
            {
                "fields": (
                    ("filed_on", "filed_by", "reference"),
                    ("law", "statute"),
                    ("due_basis", "due_by_law_on"),
                )
            },
        ),
        (
            _("What came of it so far"),
            {
                "fields": (
                    ("acknowledged_on", "answered_on", "outcome"),
                    "answer",
                    "not_recorded",
                    ("appealed_on", "appealed_to", "appeal_due_on"),
                    ("appeal_decided_on", "withdrawn_on"),
                    "appeal_decision",
                ),
                "description": _("Once it is published these are kept by steps, one at a time."),
            },
        ),
        (None, {"fields": ("note",)}),
    )
    related = ("office", "law")

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show extensions only once there can be some."""
        rows = [RequestPledgeRows, RequestDocumentRows]
        return [*rows, ExtensionRows] if obj else rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Show what is published; only pledges and documents are added then."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.state in {State.DRAFT, State.IN_REVIEW}:
            return fields
        shown = [name for _title, part in self.fieldsets for name in _flat(part["fields"])]
        return (*fields, *(name for name in shown if name not in fields))

    def save_record(self, record: RecordRequest, form: Any, *, by: User, now: datetime) -> None:
        """Save a draft."""
        save_record_request(record_request=record, by=by, now=now)

    def facts(self, request: HttpRequest, record: RecordRequest) -> list[Fact]:
        """Add where it stands and when its clock runs out."""
        lines = [*super().facts(request, record), Fact(_("Stands"), str(record.stage.label))]
        if record.next_due_on:
            late = record.is_overdue(utc_date(timezone.now()))
            day = date_format(record.next_due_on)
            words = gettext("%(day)s, overdue") % {"day": day} if late else day
            lines.append(Fact(_("Clock runs out"), words, is_warning=late))
        if not record.is_known and not record.request_pledges.exists():
            missing = gettext("Say below which pledge it is about: it is published with that.")
            lines.append(Fact(_("Still to do"), missing, is_warning=True))
        return lines

    @admin.display(description=_("to whom"))
    def to_whom(self, record: RecordRequest) -> str:
        """Return the office or agency."""
        return record.sent_to

    @admin.display(description=_("clock runs out"))
    def due(self, record: RecordRequest) -> str:
        """Return the day, with a word when it is past."""
        if record.next_due_on is None:
            return ""
        day = date_format(record.next_due_on)
        late = record.is_overdue(utc_date(timezone.now()))
        return gettext("%(day)s, overdue") % {"day": day} if late else day

    @admin.display(description=_("stands"))
    def standing(self, record: RecordRequest) -> str:
        """Return where it stands."""
        return str(record.get_outcome_display() or record.stage.label)


def _flat(fields: Any) -> Iterable[str]:
    for one in fields:
        yield from (one,) if isinstance(one, str) else one


@admin.register(RecordsLaw)
class RecordsLawAdmin(RecordAdmin):
    """Laws on public records, and how long they give."""

    fields = (
        "name",
        "slug",
        ("citation", "state"),
        "url",
        ("answer_days", "days_counted"),
        "days_off",
        "days_off_end_on",
        "note",
    )
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    list_display = ("name", "citation", "state", "answer_days", "days_counted", "days_off_end_on")
    search_fields = ("name", "citation", "slug")
    ordering = ("name", "pk")

    def save_record(self, record: RecordsLaw, form: Any, *, by: User, now: datetime) -> None:
        """Save it; it is public at once."""
        save_records_law(law=record, by=by, now=now)
