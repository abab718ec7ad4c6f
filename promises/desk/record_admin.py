"""What every admin page of the record shares: it calls actions, and says why one refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.accounts.rights import RIGHTS, right
from promises.desk.choosing import offer_to_add
from promises.desk.history.page import WithHistoryPage
from promises.desk.lists.large import WithLongList
from promises.desk.reach import within_reach
from promises.desk.saving.batch_pages import PreviewFields, WithBatches
from promises.desk.saving.forms import PlainTextarea, RecordAutocomplete, RecordForm
from promises.desk.saving.known_dates import asked_as_known, shown_as_known
from promises.desk.saving.refusals import REFUSALS, RowRefused, refused, spoken
from promises.desk.saving.refusing import WithRefusals
from promises.desk.saving.slugs import tell_if_numbered
from promises.desk.saving.steps import editor
from promises.desk.saving.unsaved_answers import WithUnsavedAnswers
from promises.editorial import actions as editorial
from promises.editorial.choices import State

if TYPE_CHECKING:
    StockAdmin = admin.ModelAdmin[Any]
    FieldOptions = admin.options.BaseModelAdmin[Any]
else:
    StockAdmin = admin.ModelAdmin
    FieldOptions = object


@dataclass(frozen=True)
class Fact:
    """One line of the panel above a record."""

    label: str | Promise
    text: str
    is_warning: bool = False
    # Where more of it stands on the desk.
    address: str = ""


class WithRecordFields(FieldOptions):
    """The fields of pages and rows alike: line ends, autocompletes that need no extra query."""

    formfield_overrides = {models.TextField: {"widget": PlainTextarea}}
    # What its pages, lists and names show of other records: read along with it.
    related: tuple[str, ...] = ()
    # What a field asks for, where the record itself does not say it.
    explained: ClassVar[dict[str, Any]] = {}

    def get_queryset(self, request: HttpRequest) -> Any:
        """Read what this person can reach: pages, lists, steps, choices and rows alike."""
        rows = within_reach(super().get_queryset(request), editor(request))
        return rows.select_related(*self.related) if self.related else rows

    def formfield_for_dbfield(self, db_field: Any, request: Any, **given: Any) -> Any:
        """Say what a public name is; offer to add and look, not to change or delete elsewhere."""
        given |= asked_as_known(db_field)
        field: Any = super().formfield_for_dbfield(db_field, request, **given)
        if db_field.name == "slug" and field is not None:
            field.help_text = _(
                "The public address ends with it. It never changes once readers may have it."
            )
        if db_field.name in self.explained:
            field.help_text = self.explained[db_field.name]
        offer_to_add(field)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **given: Any) -> Any:
        """Name related records as their own admin names them."""
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if not isinstance(related, RecordAdmin):
            return super().formfield_for_foreignkey(db_field, request, **given)
        given.setdefault("queryset", related.get_queryset(request))
        if db_field.name in self.get_autocomplete_fields(request):
            given.setdefault("widget", RecordAutocomplete(db_field, self.admin_site))
        field: Any = super().formfield_for_foreignkey(db_field, request, **given)
        field.label_from_instance = related.name_of
        return field


class RecordAdmin(
    WithUnsavedAnswers,
    WithHistoryPage,
    WithRecordFields,
    WithBatches,
    WithLongList,
    WithRefusals,
    StockAdmin,
):
    """An admin page whose every write is an action of the record."""

    form = RecordForm
    change_form_template = "admin/record.html"
    add_form_template = "admin/record.html"
    # By what records of one name are told apart where one is chosen: the first that differs.
    tells_apart: ClassVar[Sequence[str]] = ()

    def save_record(self, record: Any, form: Any, *, by: User, now: datetime) -> None:
        """Call the action that saves this record."""
        raise NotImplementedError

    def remove_record(self, record: Any, *, by: User, now: datetime) -> None:
        """Call the action that removes this record, where there is one."""
        raise NotImplementedError

    def is_fixed(self, record: Any) -> bool:
        """Tell whether the page only shows this record."""
        return False

    def facts(self, request: HttpRequest, record: Any) -> list[Fact]:
        """Return the lines of the panel above a record."""
        return []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Follow Django's permissions, and keep what is fixed."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not self.is_fixed(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is public at once is never deleted."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what the page carries along unseen."""
        return [name for name in super().get_fields(request, obj) if name != "seen_version"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the public address of what readers may have seen."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, "slug") if self._has_public_address(obj) else fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """Propose an address only while there is none."""
        fields = super().get_prepopulated_fields(request, obj)
        return {} if self._has_public_address(obj) else dict(fields)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show dates as far as they are known where nobody changes them."""
        fieldsets = super().get_fieldsets(request, obj)
        is_shown = obj is not None and not self.has_change_permission(request, obj)
        return shown_as_known(fieldsets) if is_shown else fieldsets

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Delete, or say why not."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except REFUSALS as error:
            self.message_user(request, " ".join(spoken(error).messages), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the action; a page sent back unchanged changes nothing."""
        if form.changed_data or not change:
            self.save_record(obj, form, by=editor(request), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove through the action."""
        self.remove_record(obj, by=editor(request), now=timezone.now())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows of an inline, each through its action."""
        inline = formset.inline
        inline.page_form = form
        formset.save(commit=False)
        gone = [row for row in formset.deleted_forms if row.instance.pk]
        for act, rows in ((inline.delete_row, gone), (inline.save_row, formset.saved_forms)):
            for row in rows:
                try:
                    # Each at its own moment, which is part of the name of a correction.
                    act(row.instance, row, by=editor(request), now=timezone.now())
                except REFUSALS as error:
                    raise RowRefused(refused(error, row.prefix)) from error

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Keep changes in the log, and nothing where nothing changed."""
        if message and "_step" in request.POST:
            # The button names the step, and saved the page to get there.
            self.message_user(request, _("What you changed on the page is saved."))
        return super().log_change(request, obj, message) if message else None

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        """Say so where it got another public name than was asked for."""
        tell_if_numbered(self, request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go on to the step whose button saved the page."""
        tell_if_numbered(self, request, obj)
        if step := self.step_named(request.POST.get("_step")):
            seen = self.looked_at(request, obj)
            return HttpResponseRedirect(self.step_address(step, obj, seen))
        return super().response_change(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **given: Any
    ) -> HttpResponse:
        """Add the panel and the steps."""
        record = context["original"]
        if record is not None:
            context["subtitle"] = self.name_of(record)
            context["show_save_and_add_another"] = False
            context["facts"] = self.facts(request, record)
            context["steps"] = self.steps_for(request, record)
            context["looked_at"] = self.looked_at(request, record)
            context["happened"] = _log_of(record)
        return super().render_change_form(request, context, *args, **given)

    def _has_public_address(self, record: Any) -> bool:
        return hasattr(record, "slug") and record.is_known


class EditorialAdmin(RecordAdmin):
    """A record that is a draft until it is published, and is then never deleted."""

    preview_fields: ClassVar[PreviewFields] = (("state", _("State")),)

    def is_fixed(self, record: Any) -> bool:
        """A retracted record stays as it is."""
        return bool(record.state == State.RETRACTED)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What readers see is changed by those who may correct it."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or self.may_correct(request, obj))

    def may_correct(self, request: HttpRequest, record: Any) -> bool:
        """Tell whether this person may change the record as far as it is public."""
        is_public = record.state == State.PUBLISHED and "correct" in RIGHTS[self.opts.label]
        return not is_public or self.has_right(request, "correct")

    def has_right(self, request: HttpRequest, action: str) -> bool:
        """Tell whether this person has a right of the table on this kind of record."""
        return editor(request).has_perm(right(self.opts.label, action))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft can be deleted, one's own, or any by those who may."""
        allowed = admin.ModelAdmin.has_delete_permission(self, request, obj)
        if not allowed or obj is None:
            return allowed
        is_mine = obj.created_by_id == editor(request).pk
        return obj.state == State.DRAFT and (is_mine or self.has_right(request, "delete_any"))

    def remove_record(self, record: Any, *, by: User, now: datetime) -> None:
        """Remove a draft."""
        editorial.delete_draft(record=record, by=by, now=now)

    def facts(self, request: HttpRequest, record: Any) -> list[Fact]:
        """Say in which state it is, who brought it there and when."""
        steps = [(_("Written"), record.created_by, record.created_at)]
        if record.state == State.IN_REVIEW:
            steps.append((_("Handed in"), record.submitted_by, record.submitted_at))
        if record.published_at:
            steps.append((_("Published"), record.published_by, record.published_at))
        lines = [Fact(_("State"), record.get_state_display())]
        form = "DATETIME_FORMAT"
        lines += [Fact(label, f"{who}, {date_format(when, form)}") for label, who, when in steps]
        if record.state == State.RETRACTED:
            when = date_format(record.retracted_at, form)
            told = f"{record.retracted_by}, {when}: {record.retraction_reason}"
            lines.append(Fact(_("Retracted"), told, is_warning=True))
        elif said := self.conflict(request, record):
            lines.append(Fact(_("Conflict of interest"), said, is_warning=True))
        return lines


class ReadOnlyAdmin(RecordAdmin):
    """Rows that people only look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one."""
        return False


def _log_of(record: Any) -> Any:
    """Return the newest five acts on a record."""
    kind = ContentType.objects.get_for_model(record, for_concrete_model=False)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(record.pk))
    return entries.select_related("user", "content_type")[:5]
