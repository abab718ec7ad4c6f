"""The questions that the pages of an import ask."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promises.imports.candidates import LEFT_EMPTY
from promises.imports.choices import Kind, Order, Refused, Twins
from promises.imports.deciding import (
    MAX_WORDS,
    meanings,
    worded_targets,
    words_in,
)
from promises.imports.delimited import DELIMITERS
from promises.imports.fields import Target, targets_of
from promises.imports.models import Import
from promises.imports.sheets import Reading, Sheet
from promises.imports.texts import ENCODINGS
from promises.imports.vocabulary import out_of_scale


class UploadForm(forms.Form):
    """Asks for a file, and whose it is."""

    required_css_class = "required"

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV, TSV, XLSX, JSON or JSON lines; 10 MB and 20,000 rows at most."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.json,.jsonl,.ndjson"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Its rows are"))
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField", "list": "sources"}),
        help_text=gettext_lazy(
            "Whose file it is, as “Polimeter 2019 export”. By the same name a later file of theirs"
            " finds the rows again."
        ),
    )

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [(value, label) for value, label in Kind.choices if value in kinds]


class ReadingForm(forms.Form):
    """Asks how to read the file, where what was found out is wrong."""

    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"), choices=list(ENCODINGS.items()), required=False
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Cells are separated by"),
        choices=list(DELIMITERS.items()),
        required=False,
    )
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header_row = forms.IntegerField(
        label=gettext_lazy("Names of the columns stand in row"), min_value=1, required=False
    )

    def __init__(self, data: Any, *, sheet: Sheet) -> None:
        super().__init__(data, initial={**vars(sheet.reading)})
        left_out = {
            "csv": ("sheet",),
            "xlsx": ("encoding", "delimiter"),
            "json": ("sheet", "delimiter", "header_row"),
        }
        for name in left_out[sheet.form]:
            del self.fields[name]
        if "sheet" in self.fields:
            field: Any = self.fields["sheet"]
            field.choices = [(name, name) for name in sheet.sheets]

    def reading(self) -> Reading:
        """Return what was said."""
        return Reading(**{name: value for name, value in self.cleaned_data.items() if value})


class ColumnsForm(forms.Form):
    """Asks for each thing that a row can hold which column holds it."""

    def __init__(self, data: Any, *, upload: Import, sheet: Sheet) -> None:
        super().__init__(data)
        self.targets = targets_of(upload.kind)
        columns = [("", _("— no column —")), *((name, name) for name in sheet.columns)]
        for target in self.targets:
            known = upload.mapping.get(target.name, {})
            label = capfirst(str(target.label))
            self._add(f"column-{target.name}", forms.ChoiceField(
                label=_("Column of: %(field)s") % {"field": label}, choices=columns, required=False,
                initial=known.get("column", ""),
            ))  # fmt: skip
            if target.has_fixed:
                self._add(f"fixed-{target.name}", _fixed_field(target, label, known))
            if target.takes == "date":
                self._add(f"order-{target.name}", forms.ChoiceField(
                    label=_("Day or month first in: %(field)s") % {"field": label},
                    choices=Order.choices, required=False, initial=known.get("order", ""),
                ))  # fmt: skip

    def _add(self, name: str, field: forms.Field) -> None:
        self.fields[name] = field

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each target with its fields, for the template."""
        for target in self.targets:
            parts = {
                part: self[f"{part}-{target.name}"]
                for part in ("column", "fixed", "order")
                if f"{part}-{target.name}" in self.fields
            }
            yield {"target": target, **parts}

    def mapping(self) -> dict[str, dict[str, str]]:
        """Return what was said."""
        return {
            target.name: {
                part: self.cleaned_data.get(f"{part}-{target.name}", "")
                for part in ("column", "fixed", "order")
            }
            for target in self.targets
        }

    def say(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong beside the column it is about."""
        for name, fault in faults.items():
            self.add_error(f"column-{name}", fault)


def _fixed_field(target: Target, label: str, known: Mapping[str, str]) -> forms.Field:
    """Return the question for one value that stands for every row without."""
    given: dict[str, Any] = {
        "label": _("For rows without: %(field)s") % {"field": label},
        "required": False,
        "initial": known.get("fixed", ""),
    }
    if target.has_vocabulary:
        return forms.ChoiceField(choices=[("", _("— nothing —")), *meanings(target)], **given)
    return forms.CharField(max_length=200, **given)


class WordsForm(forms.Form):
    """Asks for each word of the source what it means here."""

    def __init__(self, data: Any, *, upload: Import, sheet: Sheet) -> None:
        super().__init__(data)
        self.words: dict[str, list[tuple[str, int]]] = {}
        self.outside: dict[str, set[str]] = {}
        self.targets = worded_targets(upload)
        for target in self.targets:
            counted = words_in(upload, target, sheet)
            self.outside[target.name] = out_of_scale(counted)
            self.words[target.name] = list(counted.items())[:MAX_WORDS]
            choices = [("", _("— refuse these rows —"))]
            if not target.is_required or upload.mapping[target.name].get("fixed"):
                choices.append((LEFT_EMPTY, _("— leave empty —")))
            choices += meanings(target)
            known = upload.vocabulary.get(target.name, {})
            for number, (word, _count) in enumerate(self.words[target.name]):
                self.fields[f"{target.name}-{number}"] = forms.ChoiceField(
                    label=_("Meaning of “%(word)s”") % {"word": word[:60]},
                    choices=choices,
                    required=False,
                    initial=known.get(word, ""),
                )

    def tables(self) -> Iterator[dict[str, Any]]:
        """Yield each target with its words, for the template."""
        for target in self.targets:
            rows = [
                {
                    "word": word,
                    "count": count,
                    "field": self[f"{target.name}-{number}"],
                    "is_outside": word in self.outside[target.name],
                }
                for number, (word, count) in enumerate(self.words[target.name])
            ]
            yield {"target": target, "rows": rows}

    def vocabulary(self) -> dict[str, dict[str, str]]:
        """Return what was said."""
        return {
            name: {
                word: self.cleaned_data.get(f"{name}-{number}", "")
                for number, (word, _count) in enumerate(words)
            }
            for name, words in self.words.items()
        }


class DecisionsForm(forms.Form):
    """Asks what to do with rows that share a title, and with rows that are refused."""

    twins = forms.ChoiceField(
        label=gettext_lazy("Rows with the same title"),
        choices=Twins.choices,
        widget=forms.RadioSelect,
    )
    refused = forms.ChoiceField(
        label=gettext_lazy("If rows are refused"),
        choices=Refused.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, *, upload: Import) -> None:
        initial = {"twins": Twins.REFUSE, "refused": Refused.STOP, **upload.decisions}
        super().__init__(data, initial=initial)
