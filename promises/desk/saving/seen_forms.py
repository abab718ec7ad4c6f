"""The forms of rows that keep no history: the page itself carries what it showed."""

from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.http import HttpRequest

from promises.desk.saving.forms import RecordForm
from promises.desk.saving.refusing import WithRefusals
from promises.desk.saving.versions import require_seen, with_its_rights

if TYPE_CHECKING:
    StockAdmin = admin.ModelAdmin[Any]
else:
    StockAdmin = object


class SeenForm(RecordForm):
    """A form that knows what its page showed: only what was typed there counts as changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown: dict[str, Any] = {}
        for field in self.fields.values():
            field.show_hidden_initial = not (field.disabled or field.widget.is_hidden)

    def before(self, stored: Any) -> Any:
        """Return the row as the page showed it."""
        return SimpleNamespace(**self.shown)

    def side_by_side(self, name: str, before: Any, stored: Any) -> tuple[Any, Any, Any]:
        """Return one field as it was, as it was typed here, and as someone else saved it."""
        theirs = model_to_dict(stored, fields=[name])[name]
        was, mine = getattr(before, name, ""), self.cleaned_data.get(name)
        return _listed(was), _listed(mine), _listed(theirs)

    def has_seen(self, stored: Any) -> None:
        """Let the page carry from now on what stands."""
        if stored is None:
            return
        carried = [name for name, field in self.fields.items() if field.show_hidden_initial]
        self.shown = {name: self._carried(name) for name in carried}
        super().has_seen(stored)
        for name, value in model_to_dict(stored, fields=carried).items():
            known = self.fields[name].prepare_value(value)
            known = known if isinstance(known, list) else [known]
            self.data.setlist(self[name].html_initial_name, [str(each) for each in known])

    def _carried(self, name: str) -> Any:
        """Return what a page says that it showed in a field."""
        field, carried = self.fields[name], self[name].html_initial_name
        sent = field.hidden_widget().value_from_datadict(self.data, self.files, carried)
        with suppress(ValidationError):
            return field.to_python(sent)
        return ""


class WithSeenForm(WithRefusals, StockAdmin):
    """A page of a login or of a group. One that was opened earlier writes nothing back."""

    def get_object(self, request: HttpRequest, *given: Any, **more: Any) -> Any:
        """Read the row with what it may do, before the page shows either."""
        return with_its_rights(super().get_object(request, *given, **more))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save what was typed over what the page showed, and over nothing else."""
        if change and not form.changed_data:
            return
        if change:
            require_seen(obj, form.cleaned_data["seen_version"])
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the boxes of a group: those of a page on which nobody typed are no answer."""
        if change and not form.changed_data:
            form.save_m2m = lambda: None
        super().save_related(request, form, formsets, change)


def _listed(value: Any) -> Any:
    """Return one value as it is, several as one text."""
    return "; ".join(map(str, value)) if isinstance(value, list | QuerySet) else value
