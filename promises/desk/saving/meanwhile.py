"""What two people made of one record: before, mine and theirs, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CheckboxInput, Field, ModelChoiceField, Select
from django.http import HttpRequest
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from promises.common.history import events_of
from promises.common.numbers import FEW_DIGITS, whole_number
from promises.desk.saving.refusals import Refusal


@dataclass(frozen=True)
class Difference:
    """One field into which this person typed something else than what now stands there."""

    # Of a row of the page also which row it is.
    label: str
    before: Any
    mine: Any
    theirs: Any


def differences(refusal: Refusal | None, context: dict[str, Any]) -> list[Difference]:
    """Return how the refused form differs from what someone else saved, or nothing.

    "Before" comes from the history: the row as it was when this person opened the page.
    """
    if refusal is None or refusal.stored is None:
        return []
    form = next(form for form in forms_of(context) if form.prefix == refusal.prefix)
    before = form.before(refusal.stored)
    rows = []
    for name in form.fields:
        if form.fields[name].widget.is_hidden or not form.is_compared(name, refusal.stored):
            continue
        was, mine, theirs = form.side_by_side(name, before, refusal.stored)
        if name in form.changed_data and mine != theirs:
            field = form.fields[name]
            label = str(field.label or name)
            if refusal.prefix:
                label = f"{label} ({refusal.stored})"
            was = _said(field, was) if before else was
            rows.append(Difference(label, was, _said(field, mine), _said(field, theirs)))
    return rows


def _said(field: Field, value: Any) -> Any:
    """Return a value as the page shows it: a choice by its label, a box as yes or no."""
    widget: Any = field.widget
    if isinstance(widget, CheckboxInput):
        return _("yes") if value else _("no")
    if isinstance(field, ModelChoiceField) or not isinstance(widget, Select):
        return "" if value is None else value
    shown: Any = widget.format_value(value)
    key = shown if isinstance(shown, str) else "".join(shown)
    choices: Any = flatten_choices(widget.choices)
    labels = {str(each): label for each, label in choices}
    return labels.get(key, value) if key else ""


def forms_of(context: dict[str, Any]) -> Iterator[Any]:
    """Yield every form of a page: the main one and the rows."""
    yield context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        yield from inline.formset.forms


def seen_from(request: HttpRequest, refusal: Refusal) -> Refusal:
    """Return the refusal in other words where only this person has saved since the page was made.

    Whoever saves, goes back and saves again meets nobody but themselves.
    """
    if refusal.stored is None:
        return refusal
    prefix = f"{refusal.prefix}-" if refusal.prefix else ""
    seen = whole_number(request.POST.get(f"{prefix}seen_version", ""), FEW_DIGITS)
    events = events_of(type(refusal.stored))
    if events is None:
        return replace(refusal, is_own=None)
    if seen is None:
        return refusal
    since = events.objects.filter(pgh_obj_id=refusal.stored.pk, version__gt=seen)
    if set(since.values_list("pgh_context__metadata__by", flat=True)) != {request.user.pk}:
        return refusal
    words = _(
        "You saved this yourself after you opened this page: in another window, or before you went"
        " back. Compare the two and save again: nothing of either is lost."
    )
    return replace(refusal, error=ValidationError(words), is_own=True)


def as_seen(stored: Any, version: Any) -> Any:
    """Return the event of the history that wrote this version of a row, if it is known."""
    number = whole_number(str(version), FEW_DIGITS)
    events = events_of(type(stored))
    if number is None or events is None:
        return None
    return events.objects.filter(pgh_obj_id=stored.pk, version=number).order_by("-pgh_id").first()
