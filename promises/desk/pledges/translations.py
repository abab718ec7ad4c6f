"""The desk's page of pledges in other languages."""

from copy import copy
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.lists.filters import MineFilter
from promises.desk.lists.plain_filters import OfferFilter
from promises.desk.record_admin import EditorialAdmin, Fact
from promises.desk.saving.forms import ReasonForm, RecordForm, Unseen
from promises.desk.saving.steps import Step, each
from promises.editorial.choices import State
from promises.pledges.models import PledgeTranslation
from promises.pledges.rules import words_digest
from promises.pledges.translating import (
    publish_translation,
    retract_translation,
    save_translation,
)


class TranslationForm(RecordForm):
    """The words of a translation, and whether they say what the English words say now."""

    chosen_once = ("pledge", "language")

    is_brought_up = forms.BooleanField(
        label=_("It says what the English words above say"),
        required=False,
        help_text=_("Tick it once the translation follows the English words of today."),
    )
    # The English words that the page showed.
    english_read = Unseen(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["english_read"].initial = self._digest()

    def clean(self) -> dict[str, Any]:
        """Let what was refused be sent again: the page shows the English words of now."""
        cleaned = super().clean()
        if type(self).refusal is not None and self.instance.pk:
            self.data: Any = copy(self.data)
            self._put("english_read", self._digest())
        return cleaned

    def _digest(self) -> str:
        pledge = self.instance.pledge
        return words_digest(pledge.title, pledge.statement)


class BehindFilter(OfferFilter):
    """Keeps translations whose English words have changed."""

    title = _("behind the English words")
    parameter_name = "behind"
    offers = (("yes", _("behind"), lambda rows, person, now: rows.behind()),)


@admin.register(PledgeTranslation)
class PledgeTranslationAdmin(EditorialAdmin):
    """Pledges in other languages. Each keeps the English words it was made from."""

    form = TranslationForm
    autocomplete_fields = ("pledge",)
    list_display = ("title", "pledge", "language", "behind_on", "state")
    list_filter = ("state", MineFilter, BehindFilter, "language")
    search_fields = ("title", "statement", "pledge__title", "pledge__person__name")
    ordering = ("-pk",)
    related = ("pledge__person",)
    steps = (
        Step(
            name="publish",
            label=_("Publish"),
            explains=_("Readers of that language see it on the page of the pledge."),
            done=_("Published"),
            act=each(publish_translation, "translation"),
            is_offered=lambda translation, _user: translation.state == State.DRAFT,
            in_batch=True,
            pledges=lambda records: [translation.pledge_id for translation in records],
        ),
        Step(
            name="retract",
            label=_("Retract"),
            explains=_("It is withdrawn for good; the reason stays. A new one can be made."),
            done=_("Retracted"),
            act=each(retract_translation, "translation"),
            asks=ReasonForm,
            is_offered=lambda translation, _user: translation.state == State.PUBLISHED,
            pledges=lambda records: [translation.pledge_id for translation in records],
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask whether it follows the English words only where it has fallen behind."""
        fields = [("pledge", "language"), "title", "statement"]
        if obj is not None and obj.is_behind and self.has_change_permission(request, obj):
            fields += ["is_brought_up", "english_read"]
        return [(None, {"fields": fields})]

    def facts(self, request: HttpRequest, record: PledgeTranslation) -> list[Fact]:
        """Show the English words of today, and those it was made from where they differ."""
        pledge = record.pledge
        lines = [
            *super().facts(request, record),
            Fact(_("English title"), pledge.title),
            Fact(_("English statement"), pledge.statement),
        ]
        if record.behind_on:
            lines.append(Fact(_("Behind since"), date_format(record.behind_on), is_warning=True))
            was = f"{record.english_title} — {record.english_statement}"
            lines.append(Fact(_("It was made from"), was))
        return lines

    def save_record(self, record: PledgeTranslation, form: Any, *, by: User, now: datetime) -> None:
        """Save it; it follows the English words if its translator says so."""
        said = form.cleaned_data.get("is_brought_up")
        read = form.cleaned_data.get("english_read", "") if said else ""
        save_translation(translation=record, read=read, by=by, now=now)
