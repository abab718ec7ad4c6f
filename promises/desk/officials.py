"""The desk's pages of people, offices, elections and terms."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.forms import RecordForm
from promises.desk.inlines import StackedRows, TabularRows
from promises.desk.record_admin import EditorialAdmin, RecordAdmin
from promises.desk.slugs import next_position
from promises.desk.steps import Step, each
from promises.editorial.choices import State
from promises.evidence.actions import add_result_report_source
from promises.evidence.models import ResultReportSource
from promises.officials.actions import publish_person, save_official_record, save_person
from promises.officials.models import (
    Candidacy,
    Election,
    Jurisdiction,
    Office,
    Person,
    ResultReport,
    Term,
)
from promises.pledges.actions import lock_pledges
from promises.pledges.models import Pledge

RESULT_FIELDS = (
    ("as_of", "status"),
    ("winner_percent", "winner_percent_is_minimum", "runner_up_percent"),
    ("winner_votes", "runner_up_votes", "votes_are_approximate"),
    ("total_votes", "margin_votes", "margin_points"),
    ("precincts_percent", "position"),
)


class OfficialRecordAdmin(RecordAdmin):
    """A record of officials that is public as soon as it is saved."""

    def save_record(self, record: Any, form: Any, *, by: User, now: datetime) -> None:
        """Save it."""
        lock_pledges(self.pledges_of(record))
        save_official_record(record=record, by=by, now=now)

    def pledges_of(self, record: Any) -> Iterable[int]:
        """Return the pledges whose due dates move with the record, to be locked first."""
        return []


class OfficialRows:
    """Rows that are saved as records of officials."""

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Save one."""
        save_official_record(record=row, by=by, now=now)


class TermRows(OfficialRows, StackedRows):
    """The terms of a person."""

    model = Term
    fk_name = "person"
    fields = (
        "office",
        ("started_on", "ends_on", "end_reason"),
        ("election", "successor"),
        "slug",
        "note",
    )
    autocomplete_fields = ("office", "election", "successor")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what the rows name."""
        related = ("person", "office", "election__office", "successor")
        return super().get_queryset(request).select_related(*related)


class CandidacyForm(RecordForm):
    """Who stood in which election."""

    chosen_once = ("election", "person")


class CandidacyRows(OfficialRows, TabularRows):
    """Who stood in an election, or in which elections a person stood."""

    model = Candidacy
    form = CandidacyForm
    fields = ("election", "person", "party", "is_winner")
    autocomplete_fields = ("person", "election")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what the rows name."""
        return super().get_queryset(request).select_related("person", "election__office")


class ResultReportRows(StackedRows):
    """The results of an election as they were reported. More can be added, none removed."""

    model = ResultReport
    fields = RESULT_FIELDS
    show_change_link = True
    verbose_name_plural = _("result reports, in the order they came")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what the rows name."""
        return super().get_queryset(request).select_related("election__office")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A later report is a new row; a typing error is mended on the report's own page."""
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

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what the rows name."""
        related = ("evidence", "result_report__election__office")
        return super().get_queryset(request).select_related(*related)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A source stays."""
        return False

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Add one."""
        add_result_report_source(source=row, by=by, now=now)


@admin.register(Person)
class PersonAdmin(EditorialAdmin):
    """Officials and candidates, with their terms and candidacies."""

    fields = ("name", "slug", "party_at_election", "background")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    list_display = ("name", "party_at_election", "state")
    list_filter = ("state",)
    search_fields = ("name", "slug")
    ordering = ("name", "pk")
    inlines = (TermRows, CandidacyRows)
    steps = (
        Step(
            name="publish",
            label=_("Publish"),
            explains=_("The person becomes public, with their terms and candidacies."),
            done=_("Published"),
            act=each(publish_person, "person"),
            is_offered=lambda person, _user: person.state == State.DRAFT,
            in_batch=True,
        ),
    )

    def view_on_site(self, obj: Person) -> str | None:
        """Return the public page."""
        return f"/prosecutors/{obj.slug}/" if obj.state == State.PUBLISHED else None

    def save_record(self, record: Person, form: Any, *, by: User, now: datetime) -> None:
        """Save the person."""
        save_person(person=record, by=by, now=now)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Lock the pledges first whose due dates move when a term ends."""
        lock_pledges(Pledge.objects.filter(person=form.instance).values_list("pk", flat=True))
        super().save_related(request, form, formsets, change)


@admin.register(Term)
class TermAdmin(OfficialRecordAdmin):
    """Who held which office, and when."""

    fields = (
        ("person", "office"),
        "slug",
        ("started_on", "ends_on", "end_reason"),
        ("election", "successor"),
        "note",
    )
    autocomplete_fields = ("person", "office", "election", "successor")
    list_display = ("person", "office", "started_on", "ends_on", "end_reason")
    list_filter = ("end_reason",)
    list_select_related = ("person", "office")
    search_fields = ("person__name", "office__title", "slug")
    ordering = ("-started_on", "slug")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what the name of a term shows."""
        related = ("person", "office", "election__office", "successor")
        return super().get_queryset(request).select_related(*related)

    def pledges_of(self, record: Term) -> Iterable[int]:
        """Return the pledges of the term."""
        return Pledge.objects.filter(term=record.pk).values_list("pk", flat=True)


@admin.register(Office)
class OfficeAdmin(OfficialRecordAdmin):
    """Posts that someone is elected to."""

    fields = ("title", "slug", "jurisdiction", ("term_years", "selection"))
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("title",)}
    autocomplete_fields = ("jurisdiction",)
    list_display = ("title", "jurisdiction", "term_years", "selection")
    list_select_related = ("jurisdiction",)
    search_fields = ("title", "slug", "jurisdiction__name")
    ordering = ("title", "pk")


@admin.register(Jurisdiction)
class JurisdictionAdmin(OfficialRecordAdmin):
    """Where an office has power."""

    fields = ("name", "slug", ("kind", "state", "fips"), "note")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    list_display = ("name", "kind", "state", "fips")
    list_filter = ("state",)
    search_fields = ("name", "slug", "fips")
    ordering = ("name", "pk")


@admin.register(Election)
class ElectionAdmin(OfficialRecordAdmin):
    """Votes on an office, with who stood and the results as they were reported."""

    fields = ("office", ("held_on", "stage", "outcome"), "slug", "note")
    autocomplete_fields = ("office",)
    list_display = ("office", "held_on", "stage", "outcome")
    list_filter = ("outcome", "stage")
    list_select_related = ("office",)
    search_fields = ("office__title", "stage", "slug")
    ordering = ("-held_on", "slug")
    inlines = (CandidacyRows, ResultReportRows)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what the name of an election shows."""
        return super().get_queryset(request).select_related("office")


@admin.register(ResultReport)
class ResultReportAdmin(OfficialRecordAdmin):
    """A result as it was reported at one moment, with its sources."""

    fields = ("election", *RESULT_FIELDS)
    autocomplete_fields = ("election",)
    list_display = ("election", "position", "as_of", "status", "winner_percent", "total_votes")
    list_display_links = ("election", "as_of")
    list_filter = ("status",)
    list_select_related = ("election__office",)
    search_fields = ("election__office__title", "election__slug", "as_of")
    ordering = ("election_id", "position")
    inlines = (SourceRows,)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring what the name of a report shows."""
        return super().get_queryset(request).select_related("election__office")
