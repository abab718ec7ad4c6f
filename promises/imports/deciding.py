"""What people decide about a file: checked, and proposed where the file speaks for itself."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from promises.common.refusals import Refused as RefusedWrite
from promises.imports.candidates import LEFT_EMPTY
from promises.imports.choices import Order, Refused, Twins
from promises.imports.dates import ambiguous_examples, order_of, read_date
from promises.imports.fields import Target, proposed_columns, targets_of
from promises.imports.models import Import, ImportFile
from promises.imports.sheets import Sheet
from promises.imports.vocabulary import suggestion
from promises.officials.models import Person, Term
from promises.pledges.models import Topic

# More different words than this are no vocabulary, and no person would translate them.
MAX_WORDS = 200
MAX_WORD = 200


class BadMapping(RefusedWrite):
    """A mapping has faults: `faults` says which, by the name of the target."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def sheet_of(upload: Import) -> Sheet:
    """Return the table last read from the file of an import."""
    return Sheet.from_json(ImportFile.objects.values_list("sheet", flat=True).get(of=upload))


def begin(upload: Import, sheet: Sheet) -> None:
    """Start from what was said of the last file of this source, else from what the file says of
    itself: how it was read, and the names of its columns."""
    upload.reading = asdict(sheet.reading)
    proposed = _proposed_mapping(upload.kind, sheet)
    earlier = Import.objects.last_imported(upload.source, upload.kind)
    if earlier is None:
        upload.mapping, upload.vocabulary = proposed, {}
        return
    upload.vocabulary = earlier.vocabulary
    upload.mapping = {
        name: said if said["column"] in {"", *sheet.columns} else proposed[name]
        for name, said in earlier.mapping.items()
        if said["column"] in {"", *sheet.columns} or name in proposed
    }


def _proposed_mapping(kind: str, sheet: Sheet) -> dict[str, dict[str, str]]:
    """Return what the names of the columns say, and what most files leave out."""
    proposed = proposed_columns(kind, sheet.columns)
    return {
        target.name: {"column": proposed.get(target.name, ""), "fixed": target.fixed, "order": ""}
        for target in targets_of(kind)
        if target.name in proposed or target.fixed
    }


def checked_mapping(
    kind: str, mapping: Mapping[str, Mapping[str, str]], sheet: Sheet
) -> dict[str, dict[str, str]]:
    """Return a mapping without what is empty. Raises BadMapping."""
    faults: dict[str, str] = {}
    checked: dict[str, dict[str, str]] = {}
    for target in targets_of(kind):
        given = mapping.get(target.name, {})
        column, fixed = given.get("column", ""), given.get("fixed", "").strip()
        if not column and not (fixed and target.has_fixed):
            if target.is_required:
                faults[target.name] = _("Choose a column%(or_value)s.") % {
                    "or_value": _(", or give one value for all rows") if target.has_fixed else ""
                }
            continue
        if column and column not in sheet.columns:
            faults[target.name] = _("The file has no column “%(name)s”.") % {"name": column[:60]}
            continue
        order = given.get("order", "")
        if fault := _fixed_fault(target, fixed) or _order_fault(target, column, order, sheet):
            faults[target.name] = fault
        checked[target.name] = {"column": column, "fixed": fixed, "order": order}
    if faults:
        raise BadMapping(faults)
    return checked


def _fixed_fault(target: Target, fixed: str) -> str:
    """Return why one value cannot stand for every row, or ""."""
    if not fixed:
        return ""
    if target.takes == "choice":
        return "" if fixed in dict(target.choices) else _("Choose one of the list.")
    if target.takes == "date":
        try:
            known = read_date(fixed)
        except RefusedWrite as error:
            return str(error)
        return "" if known.precision == "day" else _("Give a whole date, like 2018-07-31.")
    if target.column is not None:
        try:
            target.column.clean(fixed, None)
        except ValidationError as error:
            return " ".join(error.messages)
    models: dict[str, Any] = {"topic": Topic, "term": Term, "person": Person}
    if target.takes == "topic" and not models["topic"].objects.filter(slug=fixed).exists():
        return _("Choose one of the list.")
    return ""


def _order_fault(target: Target, column: str, order: str, sheet: Sheet) -> str:
    """Return what must be asked about a column of dates, or ""."""
    if target.takes != "date" or not column or order in (Order.DAY_FIRST, Order.MONTH_FIRST):
        return ""
    cells = sheet.column(column)
    if order_of(cells) is not None:
        return ""
    examples = ", ".join(ambiguous_examples(cells))
    return _("Say whether day or month comes first: %(examples)s can be two days.") % {
        "examples": examples
    }


def words_in(upload: Import, target: Target, sheet: Sheet) -> dict[str, int]:
    """Return the different words of a target's column with how often each stands there."""
    column = upload.mapping.get(target.name, {}).get("column", "")
    if not column or not target.has_vocabulary:
        return {}
    counted = Counter(cell[:MAX_WORD] for cell in sheet.column(column) if cell)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def worded_targets(upload: Import) -> list[Target]:
    """Return the targets whose columns hold words to be translated."""
    return [
        target
        for target in targets_of(upload.kind)
        if target.has_vocabulary and upload.mapping.get(target.name, {}).get("column")
    ]


def meanings(target: Target) -> list[tuple[str, str]]:
    """Return what a word can mean here: (value, label)."""
    if target.takes == "topic":
        return [(topic.slug, topic.name) for topic in Topic.objects.in_tree_order()]
    return [(str(value), str(label)) for value, label in target.choices]


def proposed_vocabulary(upload: Import, sheet: Sheet) -> dict[str, dict[str, str]]:
    """Return what the words were said to mean or probably do; "" where nothing speaks for any."""
    found: dict[str, dict[str, str]] = {}
    for target in worded_targets(upload):
        known = target.words or dict(meanings(target))
        before = upload.vocabulary.get(target.name, {})
        words = list(words_in(upload, target, sheet))[:MAX_WORDS]
        found[target.name] = {word: before.get(word) or suggestion(known, word) for word in words}
    return found


def checked_vocabulary(
    upload: Import, vocabulary: Mapping[str, Mapping[str, str]], sheet: Sheet
) -> dict[str, dict[str, str]]:
    """Return what each word means; rows with one that means "" are refused. Raises BadMapping."""
    faults: dict[str, str] = {}
    checked: dict[str, dict[str, str]] = {}
    for target in worded_targets(upload):
        words = words_in(upload, target, sheet)
        if len(words) > MAX_WORDS:
            faults[target.name] = _(
                "The column holds %(words)d different words; choose another, or one value for all."
            ) % {"words": len(words)}
            continue
        allowed = {"", LEFT_EMPTY, *(value for value, _label in meanings(target))}
        given = vocabulary.get(target.name, {})
        checked[target.name] = {word: given.get(word, "") for word in words}
        if not set(checked[target.name].values()) <= allowed:
            faults[target.name] = _("Choose one of the list.")
    if faults:
        raise BadMapping(faults)
    return checked


def checked_decisions(given: Mapping[str, str]) -> dict[str, str]:
    """Return what is to be done with twins and refused rows; the safe choice where unknown."""
    twins, refused = given.get("twins", ""), given.get("refused", "")
    return {
        "twins": twins if twins in Twins.values else Twins.REFUSE.value,
        "refused": refused if refused in Refused.values else Refused.STOP.value,
    }
