"""Rows on the page of another record: each is saved and removed by an action too."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.record_admin import WithRecordFields
from promises.desk.saving.forms import RecordForm
from promises.desk.saving.refusals import RowRefused, refused

if TYPE_CHECKING:
    StockFormSet = BaseInlineFormSet[Any, Any, Any]
    StockInline = admin.options.InlineModelAdmin[Any, Any]
    StockStacked = admin.StackedInline[Any, Any]
    StockTabular = admin.TabularInline[Any, Any]
else:
    StockFormSet = BaseInlineFormSet
    StockInline = admin.options.InlineModelAdmin
    StockStacked = admin.StackedInline
    StockTabular = admin.TabularInline


class RemovableForm(RecordForm):
    """A row that can be removed where readers may have seen it: for a reason."""

    removal_reason = forms.CharField(
        label=_("Why, if removed"), required=False, max_length=200, widget=forms.TextInput
    )


class RowInline(WithRecordFields, StockInline):
    """Rows whose every write is an action of the record."""

    form = RecordForm
    extra = 0
    can_delete = False

    # The form of the page, once it is saved.
    page_form: Any = None

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Call the action that saves a row."""
        raise NotImplementedError

    def correct_row(self, act: Any, **given: Any) -> None:
        """Correct a row that readers see, for the reason that its page gives for all it changes."""
        reason = self.page_form.cleaned_data
        for name in ("kind", "note"):
            given[name] = reason.get(f"correction_{name}", "")
        try:
            act(**given)
        except ValidationError as error:
            if {"kind", "note"} & set(getattr(error, "error_dict", ())):
                raise RowRefused(refused(error)) from error
            raise

    def delete_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Call the action that removes a row, where there is one."""
        raise NotImplementedError

    def may_correct(self, request: HttpRequest, obj: Any) -> bool:
        """Tell whether this person may change what is public on the page of `obj`."""
        page = self.admin_site.get_model_admin(self.parent_model)
        return obj is None or not hasattr(page, "may_correct") or page.may_correct(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are added where the page has a button that saves them."""
        return super().has_add_permission(request, obj) and self._is_saved(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows of a public record are changed by those who may correct it."""
        return super().has_change_permission(request, obj) and self.may_correct(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are removed like that too, those of a public record by those who may correct it."""
        allowed = super().has_delete_permission(request, obj) and self._is_saved(request, obj)
        return allowed and self.may_correct(request, obj)

    def _is_saved(self, request: HttpRequest, obj: Any) -> bool:
        page = self.admin_site.get_model_admin(self.parent_model)
        return obj is None or page.has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Carry along the version of each row; ask why one is removed where one can be."""
        may_remove = self.can_delete and self.has_delete_permission(request, obj)
        left_out = {"seen_version"} if may_remove else {"seen_version", "removal_reason"}
        fields = [name for name in super().get_fields(request, obj) if name not in left_out]
        return [*fields, "seen_version"] if hasattr(self.model, "version") else fields

    def get_formset(self, request: HttpRequest, obj: Any = None, **given: Any) -> Any:
        """Return the formset, which knows its inline, who looks, and what was refused just now."""
        formset: Any = super().get_formset(request, obj, **given)
        formset.inline = self
        formset.form.shown_to = request
        formset.form.refusal = getattr(request, "refusal", None)
        return formset

    def linked(self, record: Any, words: str = "") -> str:
        """Return these words, or the name of a record, linked to its page."""
        table = f"{record._meta.app_label}_{record._meta.model_name}"
        address = reverse(f"{self.admin_site.name}:{table}_change", args=[record.pk])
        page: Any = self.admin_site.get_model_admin(type(record))
        return format_html('<a href="{}">{}</a>', address, words or page.name_of(record))


class StackedRows(RowInline, StockStacked):
    """Rows with many fields, one below the other."""


class LabelledRows(StockFormSet):
    """Rows of a table, whose fields have no label of their own: their heads name them."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name every field for a screen reader."""
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", capfirst(field.label or ""))


class TabularRows(RowInline, StockTabular):
    """Rows of a table."""

    formset = LabelledRows


class NewRows:
    """Rows that can only be added here: those that exist are shown elsewhere."""

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return no row."""
        return super().get_queryset(request).none()  # type: ignore[misc]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Where none can be added there is nothing to see."""
        return self.has_add_permission(request, obj)  # type: ignore[attr-defined,no-any-return]

    has_change_permission = has_view_permission


class ShownRows(TabularRows):
    """Rows that are only shown."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds one here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody removes one here."""
        return False
