"""The desk's pages of elections and of their results as they were reported."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.inlines import StackedRows, TabularRows
from promises.desk.officials.pages import CandidacyRows, OfficialRecordAdmin
from promises.desk.saving.slugs import next_position
from promises.evidence.actions import add_result_report_source
from promises.evidence.models import ResultReportSource
from promises.officials.actions import save_official_record
from promises.officials.models import Election, ResultReport

RESULT_FIELDS = (
    ("as_of", "status"),
    ("winner_percent", "winner_percent_is_minimum", "runner_up_percent"),
    ("winner_votes", "runner_up_votes", "votes_are_approximate"),
    ("total_votes", "margin_votes", "margin_points"),
    ("precincts_percent", "position"),
)


class ResultReportRows(StackedRows):
    """The results of an election as they were reported. More can be added, none removed."""

    model = ResultReport
    fields = RESULT_FIELDS
    show_change_link = True
    verbose_name_plural = _("result reports, in the order they came")
    related = ("election__office",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A later report is a new row, also one that corrects a typing error."""
        return False

    def get_formset(self, request: HttpRequest, obj: Any = None, **given: Any) -> Any:
        """Let the place be left empty: last."""
        formset = super().get_formset(request, obj, **given)
        _position_may_be_empty(formset.form)
        return formset

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Put it last unless told where."""
        row.position = row.position or next_position(row.election.result_reports)
        save_official_record(record=row, by=by, now=now)


def _position_may_be_empty(form: Any) -> None:
    field = form.base_fields.get("position")
    if field is not None:
        field.required, field.initial = False, None
        field.help_text = _("Empty: the last.")


class SourceRows(TabularRows):
    """The evidence a result was read from. It is added, never removed."""

    model = ResultReportSource
    fields = ("evidence",)
    autocomplete_fields = ("evidence",)
    verbose_name = _("source")
    verbose_name_plural = _("sources")
    related = ("evidence", "result_report__election__office")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A source stays."""
        return False

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Add one."""
        add_result_report_source(source=row, by=by, now=now)


@admin.register(Election)
class ElectionAdmin(OfficialRecordAdmin):
    """Votes on an office, with who stood and the results as they were reported."""

    fields = ("office", ("held_on", "stage", "outcome"), "slug", "note")
    autocomplete_fields = ("office",)
    list_display = ("office", "held_on", "stage", "outcome")
    list_filter = ("outcome",)
    search_fields = ("office__title", "stage", "slug")
    ordering = ("-held_on", "-pk")
    tells_apart = ("office.jurisdiction", "slug")
    inlines = (CandidacyRows, ResultReportRows)
    related = ("office__jurisdiction",)


@admin.register(ResultReport)
class ResultReportAdmin(OfficialRecordAdmin):
    """A result as it was reported at one moment: it stays, and sources are added to it."""

    fields = ("election", *RESULT_FIELDS)
    autocomplete_fields = ("election",)
    list_display = ("election", "position", "as_of", "status", "winner_percent", "total_votes")
    list_display_links = ("election", "as_of")
    list_filter = ("status",)
    search_fields = ("election__office__title", "election__slug", "as_of")
    ordering = ("election_id", "position", "pk")
    inlines = (SourceRows,)
    related = ("election__office",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Close what was reported."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else (*fields, *flatten(self.fields))
