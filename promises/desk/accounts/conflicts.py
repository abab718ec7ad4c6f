"""The desk's page of conflicts of interest: declared by their person, ended by an administrator."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.lists.plain_filters import IS_OVER
from promises.desk.record_admin import Fact, RecordAdmin
from promises.desk.saving.forms import PlainTextarea, RecordForm
from promises.desk.saving.steps import Step, each, editor
from promises.officials.actions import ENDS_CONFLICTS, declare_conflict, end_conflict
from promises.officials.models import ConflictOfInterest


class EndForm(forms.Form):
    """Asks why a conflict of interest is over."""

    reason = forms.CharField(label=_("Why it is over"), widget=PlainTextarea)


class ConflictForm(RecordForm):
    """Declares a conflict of interest: one's own, or, for administrators, anyone's."""

    def clean(self) -> dict[str, Any]:
        """Name the person who declares their own."""
        cleaned = super().clean()
        if self.instance.pk is None and "person" not in self.fields:
            self.instance.person = self.own_person  # type: ignore[attr-defined]
        return cleaned


@admin.register(ConflictOfInterest)
class ConflictAdmin(RecordAdmin):
    """Who does not judge where. One sees one's own; administrators see all."""

    form = ConflictForm
    list_display = ("person", "jurisdiction", "nature", "declared_at", "ended_at")
    list_filter = (("ended_at", IS_OVER),)
    search_fields = ("person__display_name", "jurisdiction__name", "nature")
    autocomplete_fields = ("jurisdiction", "person")
    ordering = ("-declared_at", "-pk")
    related = ("person", "jurisdiction", "declared_by", "ended_by")
    steps = (
        Step(
            name="end",
            label=_("End it"),
            explains=_("From now on this person may judge there again. The declaration stays."),
            done=_("Ended"),
            act=each(end_conflict, "conflict"),
            asks=EndForm,
            is_offered=lambda conflict, person: (
                conflict.ended_at is None and conflict.person_id != person.pk
            ),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Show everybody their own, administrators all."""
        rows = super().get_queryset(request)
        person = editor(request)
        if not person.has_perm(ENDS_CONFLICTS):
            rows = rows.filter(person=person)
        return rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for whom only where there is a choice."""
        fields = ["jurisdiction", "nature"]
        is_free = obj is not None or editor(request).has_perm(ENDS_CONFLICTS)
        return ["person", *fields] if is_free else fields

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **given: Any
    ) -> Any:
        """Return the form, which knows who declares."""
        form: Any = super().get_form(request, obj, change, **given)
        form.own_person = editor(request)
        return form

    def is_fixed(self, record: ConflictOfInterest) -> bool:
        """What was declared stays; it ends by a step."""
        return True

    def facts(self, request: HttpRequest, record: ConflictOfInterest) -> list[Fact]:
        """Say what it means, who declared and who ended it."""
        lines = [Fact(_("Declared"), _signed(record.declared_by, record.declared_at))]
        if record.ended_at is None:
            words = gettext(
                "Open: others write, approve and publish status updates, review and retract there."
                " Correcting stays open."
            )
            return [Fact(_("State"), words, is_warning=True), *lines]
        words = _signed(record.ended_by, record.ended_at)
        return [*lines, Fact(_("Ended"), f"{words}: {record.end_reason}")]

    def save_record(
        self, record: ConflictOfInterest, form: Any, *, by: User, now: datetime
    ) -> None:
        """Declare it."""
        saved = declare_conflict(
            person=record.person,
            jurisdiction=record.jurisdiction,
            nature=record.nature,
            by=by,
            now=now,
        )
        record.pk = saved.pk
        record.refresh_from_db()


def _signed(person: User | None, moment: datetime) -> str:
    return f"{person}, {date_format(moment, 'DATETIME_FORMAT')}"
