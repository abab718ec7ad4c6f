"""From a row of texts to the values of a record, with every reason why not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from promises.common.dates import DatePrecision, lies_ahead
from promises.common.refusals import Refused
from promises.imports.choices import Kind, Verdict
from promises.imports.dates import Known, order_of, read_date
from promises.imports.fields import AS_READ, LINK_FIELDS, Target, targets_of
from promises.imports.lookups import Lookups, UnknownName
from promises.imports.models import Import, ImportedRow
from promises.imports.rules import MAX_ID, content_hash, derived_id, shortened
from promises.imports.sheets import Sheet, SourceRow, shown


@dataclass
class Candidate:
    """A row on its way to become a record."""

    row: int
    external_id: str = ""
    title: str = ""
    # Fields of the pledge or evidence, foreign keys by their column ("person_id").
    values: dict[str, Any] = field(default_factory=dict)
    # Fields of the link of evidence with a pledge; empty without one.
    link: dict[str, Any] = field(default_factory=dict)
    said_status: str = ""
    status: str = ""
    verdict: Verdict = Verdict.NEW
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # What this row became in an earlier import.
    known: ImportedRow | None = None

    @property
    def is_written(self) -> bool:
        """Whether an import writes something for it."""
        return self.verdict in (Verdict.NEW, Verdict.CHANGED)

    @property
    def hash(self) -> str:
        """The hash of everything that is imported of it."""
        said = {"said_status": self.said_status, "status": self.status}
        link = {f"link.{name}": value for name, value in self.link.items()}
        return content_hash({**self.values, **link, **said})

    def refuse(self, reason: str) -> None:
        """Refuse the row, for one more reason."""
        self.faults.append(reason)
        self.verdict = Verdict.REFUSED


def candidates_of(upload: Import, sheet: Sheet, lookups: Lookups) -> Iterator[Candidate]:
    """Yield a candidate for each row of the file, in its order."""
    reader = RowReader(upload, sheet, lookups)
    for row in sheet.rows:
        yield reader.read(row)


class RowReader:
    """Reads the rows of one import by its mapping and vocabulary."""

    def __init__(self, upload: Import, sheet: Sheet, lookups: Lookups) -> None:
        self.kind, self.lookups, self.is_1904 = upload.kind, lookups, sheet.is_1904
        self.uploaded_at = upload.uploaded_at
        self.vocabulary, self.mapping = upload.vocabulary, upload.mapping
        self.targets = [target for target in targets_of(upload.kind) if target.name in self.mapping]
        self.index = {
            target.name: sheet.columns.index(column)
            for target in self.targets
            if (column := self.mapping[target.name].get("column", "")) in sheet.columns
        }
        self.orders = {
            target.name: self.mapping[target.name].get("order")
            or order_of(row.cells[self.index[target.name]] for row in sheet.rows)
            or ""
            for target in self.targets
            if target.takes == "date" and target.name in self.index
        }

    def read(self, row: SourceRow) -> Candidate:
        """Return what a row holds, refused where something in it cannot be taken."""
        found = Candidate(row.number, notes=list(row.notes))
        for fault in row.faults:
            found.refuse(fault)
        read: dict[str, Any] = {}
        for target in self.targets:
            try:
                read[target.name] = self._value(target, row, found)
            except (Refused, ValidationError) as error:
                words = " ".join(getattr(error, "messages", [str(error)]))
                # A name that is not known says itself what it should name.
                is_named = isinstance(error, UnknownName)
                found.refuse(capfirst(words if is_named else f"{target.label}: {words}"))
        found.title = self._text("title", row)[:300]
        for target in targets_of(self.kind):
            if target.is_required and target.name not in self.mapping:
                found.refuse(_("%(field)s: it is empty.") % {"field": capfirst(str(target.label))})
        if self.kind == Kind.PLEDGE:
            self._pledge(found, read, row)
        else:
            self._evidence(found, read)
        found.external_id = self._external_id(found, row)
        return found

    def _text(self, name: str, row: SourceRow) -> str:
        return row.cells[self.index[name]].strip() if name in self.index else ""

    def _value(self, target: Target, row: SourceRow, found: Candidate) -> Any:
        """Return the value of one field: the cell's, or the one given for every row without."""
        text = self._text(target.name, row)
        fixed = self.mapping[target.name].get("fixed", "")
        if text and target.has_vocabulary:
            text = self._translated(target, text)
        text = text or fixed
        if not text:
            if target.is_required:
                raise Empty(_("it is empty."))
            return None
        match target.takes:
            case "date":
                return self._date(target, text, fixed)
            case "person" | "topic" | "term" | "pledge":
                return getattr(self.lookups, target.takes)(text)
            case "text" if target.name == "title":
                return self._title(target, text, row, found)
        return target.column.clean(text, None) if target.column is not None else text

    def _translated(self, target: Target, text: str) -> str:
        """Return our word for a word of the source. Raises NotTranslated."""
        value = self.vocabulary.get(target.name, {}).get(text[:200])
        if not value:
            raise NotTranslated(_("%(word)s has no meaning here.") % {"word": shown(text)})
        return "" if value == LEFT_EMPTY else str(value)

    def _title(self, target: Target, text: str, row: SourceRow, found: Candidate) -> str:
        """Return a title that fits; cut only where the statement has all of it."""
        limit = target.column.max_length
        text = " ".join(text.split())
        same = "statement" if self.kind == Kind.PLEDGE else "summary"
        if len(text) > limit and text in " ".join(self._text(same, row).split()):
            text = shortened(text, limit)
            found.notes.append(_("The title was cut; the whole text is below it."))
        return str(target.column.clean(text, None))

    def _date(self, target: Target, text: str, fixed: str) -> Known:
        """Return a date; where a day is needed and not known, the one given for all rows."""
        known = read_date(text, order=self.orders.get(target.name, ""), is_1904=self.is_1904)
        if target.name == "published_on" or known.precision == DatePrecision.DAY:
            return known
        if fixed and fixed != text:
            return read_date(fixed)
        raise NotToTheDay(
            _("%(text)s is not known to the day. Give the day, or one for all such rows.")
            % {"text": shown(text)}
        )

    def _external_id(self, found: Candidate, row: SourceRow) -> str:
        if given := " ".join(self._text("external_id", row).split()):
            if len(given) > MAX_ID:
                found.refuse(_("The id is longer than %(limit)d characters.") % {"limit": MAX_ID})
            return given[:MAX_ID]
        if "external_id" in self.index:
            found.refuse(_("The id is empty."))
        whole = self._text("title", row)
        if self.kind == Kind.PLEDGE:
            return derived_id(whole, str(found.values.get("person_id")))
        return derived_id(whole, str(found.values.get("url")), str(found.link.get("pledge_id")))

    def _pledge(self, found: Candidate, read: dict[str, Any], row: SourceRow) -> None:
        """Fill in the values of a pledge, and hold its rules."""
        person, term = read.get("person"), read.get("term")
        if person and not term and read.get("office"):
            try:
                term = self.lookups.term_in(read["office"], person)
            except Refused as error:
                found.refuse(str(error))
        made, due = _day(read.get("made_on")), _day(read.get("due_on"))
        if made and due and due < made:
            found.refuse(_("The deadline lies before the promise."))
        if term and person and not self.lookups.is_term_of(term, person):
            found.refuse(_("The term is not one of this person."))
        quote, said = read.get("quote") or "", read.get("quote_attribution") or ""
        if quote and not said:
            found.refuse(_("Say who said the quote, and where."))
        found.values = {name: read.get(name) or "" for name in AS_READ[self.kind]}
        found.values |= {"quote": quote, "quote_attribution": said if quote else ""}
        found.values |= {"person_id": person, "term_id": term, "topic_id": read.get("topic")}
        found.values |= {"made_on": made, "due_on": due}
        found.status, found.said_status = read.get("status") or "", self._text("status", row)[:200]
        if found.said_status:
            words = _("The source says %(said)s: a note beside the draft, not a rating.")
            found.notes.append(words % {"said": shown(found.said_status)})

    def _evidence(self, found: Candidate, read: dict[str, Any]) -> None:
        """Fill in the values of evidence, and of what it says about a pledge."""
        found.values = {name: read.get(name) or "" for name in AS_READ[self.kind]}
        known = read.get("published_on")
        precision = known.precision if known else DatePrecision.UNKNOWN.value
        found.values |= {"published_on": _day(known), "date_precision": precision}
        if lies_ahead(_day(known), self.uploaded_at):
            found.refuse(_("The day of publication is still to come."))
        if pledge := read.get("pledge"):
            found.link = {"pledge_id": pledge}
            found.link |= {name: read.get(name) or "" for name in LINK_FIELDS}
            found.link["stance"] = found.link["stance"] or "context"
        elif read.get("note") or read.get("locator"):
            found.notes.append(_("Without a pledge, note and place in it are not kept."))


# In the vocabulary: rows with this word leave the field empty.
LEFT_EMPTY = "-"


class Empty(Refused):
    """A cell that must hold something is empty."""


class NotTranslated(Refused):
    """A word of the source has no meaning here."""


class NotToTheDay(Refused):
    """A date must be known to the day."""


def _day(known: Known | None) -> date | None:
    return known.day if known else None
