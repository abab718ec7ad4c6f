"""The forms of the desk: what every one shares, and the questions that a step asks."""

from copy import copy
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from promises.common.numbers import FEW_DIGITS, whole_number
from promises.desk.saving.known_dates import WithKnownDates
from promises.desk.saving.meanwhile import as_seen
from promises.desk.saving.refusals import Refusal, sentences, spoken
from promises.desk.saving.slugs import unless_taken
from promises.desk.saving.versions import version_of
from promises.desk.saving.worded import PUBLIC_NAME
from promises.updates.choices import CorrectionKind

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class PlainTextarea(AdminTextareaWidget):
    """A text area whose lines end as the record keeps them: browsers send CR LF, we keep LF."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 3, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the text that was typed, with LF."""
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class RecordAutocomplete(AutocompleteSelect):
    """An autocomplete that shows a choice already loaded without asking the database again."""

    known: ClassVar[dict[str, str]] = {}

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        """Say what is to be chosen: an empty box has no name for a screen reader."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {**attrs, "data-placeholder": capfirst(self.field.verbose_name)}

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        """Return the options to render: the one chosen, and an empty one where allowed."""
        if not value or not set(value) <= set(self.known):
            return super().optgroups(name, value, attrs)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [self.create_option(name, one, self.known[one], True, 1) for one in value]
        return [(None, options, 0)]


class SeenVersion(forms.IntegerField):
    """The version of the record that a page was made from, carried along unseen."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int | None:
        """Return the version; whatever is none is one that nobody has seen."""
        return whole_number(str(value), FEW_DIGITS)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """It is never what a person typed."""
        return False


class Unseen(forms.CharField):
    """Something that a page carries along: nobody types it."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """It is never what a person typed."""
        return False


class WordedErrors(WithKnownDates):
    """A form that puts rules of the database into words."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Put rules of the database into words."""
        super().add_error(field, spoken(error) if isinstance(error, ValidationError) else error)


class RecordForm(WordedErrors, ModelForm):
    """A form that can say why an action refused what it carried."""

    class Meta:
        labels: ClassVar[dict[str, Any]] = {"slug": PUBLIC_NAME}

    seen_version = SeenVersion(required=False)

    # Set by the admin on the class it makes for one request.
    refusal: ClassVar[Refusal | None] = None
    # Where the form calls a field of the action by another name.
    stands_for: ClassVar[dict[str, str]] = {}
    # What to say at the top of the page when such a field was refused.
    about_stand_ins: ClassVar[Any] = ""
    # What a row is about: chosen once, never changed.
    chosen_once: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compare_with_what_was_seen()
        stays = self._what_stays()
        for name, field in self.fields.items():
            field.disabled = field.disabled or name in stays
            widget = getattr(field.widget, "widget", field.widget)
            related = self.instance._state.fields_cache.get(name)
            if isinstance(widget, RecordAutocomplete) and related is not None:
                label = field.label_from_instance(related)  # type: ignore[attr-defined]
                widget.known = {str(related.pk): label}  # type: ignore[misc]

    def _what_stays(self) -> tuple[str, ...]:
        """Return the fields that nobody changes any more: shown, and not open."""
        if self.instance.pk is None:
            return ()
        is_known = getattr(self.instance, "is_known", False)
        return (*self.chosen_once, *(self.instance.known_by if is_known else ()))

    def clean_slug(self) -> str:
        """Take the next free public name where another row has this one: titles repeat."""
        return unless_taken(self.instance, self.cleaned_data["slug"])

    def clean(self) -> dict[str, Any]:
        """Show what was refused: beside its fields, and always at the top of the page."""
        super().clean()
        if self.instance.pk and hasattr(self.instance, "version"):
            # A page that does not say what it was made from saves over nothing (version 0).
            self.instance.version = self.cleaned_data.get("seen_version") or 0
        refusal = type(self).refusal
        if refusal is not None and refusal.prefix == self.prefix:
            self._place(refusal.error)
            self.has_seen(refusal.stored)
        elif refusal is not None and self.prefix is None:
            self.add_error(None, sentences(refusal.error))
        return self.cleaned_data

    def _compare_with_what_was_seen(self) -> None:
        """Take as unchanged what stands as it did on the page that the person saw."""
        version = version_of(self.instance)
        self.fields["seen_version"].initial = version
        seen = self.data.get(self.add_prefix("seen_version")) if self.is_bound else None
        if self.instance.pk and seen and seen != version:
            before = as_seen(self.instance, seen)
            self.initial.update(forms.models.model_to_dict(before) if before else {})

    def before(self, stored: Any) -> Any:
        """Return the row as it was when this person opened the page, if that is known."""
        return as_seen(stored, self.cleaned_data.get("seen_version"))

    def side_by_side(self, name: str, before: Any, stored: Any) -> tuple[Any, Any, Any]:
        """Return one field as it was, as it was typed here, and as someone else saved it."""
        was = getattr(before, name, "") if before else _("not known")
        return was, self.cleaned_data.get(name), getattr(stored, name)

    def is_compared(self, name: str, stored: Any) -> bool:
        """Tell whether a field stands in the record itself."""
        return hasattr(stored, name)

    def has_seen(self, stored: Any) -> None:
        """Let the page that shows what someone else saved be saved over it.

        What this person has not touched becomes theirs: only what was typed is put over it.
        """
        if stored is None:
            return
        touched, data = set(self.changed_data), copy(self.data)
        theirs = forms.models.model_to_dict(stored, fields=set(self.fields) - touched)
        self.data: Any = data
        for name, value in theirs.items():
            self._put(name, value)
        self.data[self.add_prefix("seen_version")] = version_of(stored)

    def _put(self, name: str, value: Any) -> None:
        """Make the page hold this value of a field, as a browser would send it."""
        field, key = self.fields[name], self.add_prefix(name)
        widget: Any = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, forms.CheckboxInput):
            shown = ["on"] if value else []
        else:
            shown = widget.format_value(field.prepare_value(value))
            shown = shown if isinstance(shown, list) else ["" if shown is None else str(shown)]
        self.data.setlist(key, shown)

    def _place(self, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        if self.about_stand_ins and self.stands_for.keys() & error.error_dict.keys():
            self.add_error(None, str(self.about_stand_ins))
        for name, found in error.error_dict.items():
            field = self.stands_for.get(name, name)
            self.add_error(field if field in self.fields else None, [*found])


class CorrectableForm(RecordForm):
    """A form of what is published: a change of it asks what kind of correction it is, and why."""

    stands_for: ClassVar[dict[str, str]] = {"kind": "correction_kind", "note": "correction_note"}
    about_stand_ins = _(
        "You changed what readers have seen. Say under “Correction” of what kind it is, and why."
    )

    correction_kind = forms.ChoiceField(
        label=_("Kind of correction"),
        choices=[("", "---------"), *CorrectionKind.choices],
        required=False,
    )
    correction_note = forms.CharField(
        label=_("Why"), widget=PlainTextarea, required=False, help_text=_("Everyone can read it.")
    )

    @cached_property
    def changed_data(self) -> list[str]:
        """Return what changed of the record itself: a reason may be one for the rows below."""
        return [name for name in super().changed_data if name not in self.stands_for.values()]


class ReasonForm(forms.Form):
    """Asks for a reason."""

    reason = forms.CharField(
        label=_("Reason"), widget=PlainTextarea, help_text=_("Readers will see it.")
    )


class ReturnForm(forms.Form):
    """Asks what is missing."""

    reason = forms.CharField(
        label=_("What is missing"), widget=PlainTextarea, help_text=_("For the author.")
    )


class ReviewForm(forms.Form):
    """Asks what was looked at."""

    note = forms.CharField(
        label=_("What did you look at?"),
        widget=PlainTextarea,
        help_text=_("Readers will see it, with your public name and today's date."),
    )


class ApprovalForm(forms.Form):
    """Lets an approver leave a note."""

    note = forms.CharField(
        label=_("Note"),
        widget=PlainTextarea,
        required=False,
        help_text=_("Optional. It stays on the desk."),
    )


class SnoozeForm(forms.Form):
    """Asks until when, and why."""

    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date", "class": "vDateField"})
    )
    reason = forms.CharField(label=_("Why it can wait"), widget=PlainTextarea)

    def clean_until(self) -> datetime:
        """Return the first moment of the day, in the record's calendar."""
        return datetime.combine(self.cleaned_data["until"], time.min, tzinfo=UTC)


class UpdateCorrectionForm(forms.Form):
    """Asks for the words that should stand in a published update."""

    new_text = forms.CharField(label=_("It should say"), widget=PlainTextarea({"rows": 8}))
    kind = forms.ChoiceField(
        label=_("Kind of correction"), choices=[("", "---------"), *CorrectionKind.choices]
    )
    note = forms.CharField(
        label=_("Why"), widget=PlainTextarea, help_text=_("Everyone can read it.")
    )
