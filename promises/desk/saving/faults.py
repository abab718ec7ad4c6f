"""What is to be mended on a page that was refused, line by line, each leading to its field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.text import capfirst


@dataclass(frozen=True)
class Fault:
    """One thing to be mended: the id of the field on the page, its name, and what is wrong."""

    at: str
    name: str
    text: str


def faults_on(context: Any) -> list[Fault]:
    """Return what is wrong with single fields, in the order of the page; the rest stands on top."""
    if not context["errors"]:
        return []
    form = context["adminform"].form
    on_top = {str(said) for said in form.non_field_errors()}
    found = [*_of_form(form)]
    for inline in context["inline_admin_formsets"]:
        for number, row in enumerate(inline.formset.forms, start=1):
            found += _of_form(row, f"{inline.opts.verbose_name} #{number}, ")
        # Two rows that are the same, say.
        name = capfirst(str(inline.opts.verbose_name_plural))
        for text in inline.formset.non_form_errors():
            found.append(Fault(f"{inline.formset.prefix}-group", name, str(text)))
    return [fault for fault in found if fault.text not in on_top]


def _of_form(form: Any, row: str = "") -> Iterator[Fault]:
    for name in form.fields:
        if form[name].is_hidden:
            continue
        for text in form.errors.get(name, ()):
            yield Fault(form[name].auto_id, capfirst(f"{row}{form[name].label}"), str(text))
    if row:
        for text in form.errors.get(NON_FIELD_ERRORS, ()):
            yield Fault(form.prefix, capfirst(row.rstrip(", ")), str(text))
