"""What becomes of each row: compared with the record, and with what an import wrote before."""

from collections.abc import Iterable
from typing import Any

from promises.accounts.models import User
from promises.common.canonical import plain
from promises.editorial.choices import State
from promises.metrics.columns import OBSERVATIONS
from promises.officials.columns import RESULT_REPORTS
from promises.packages.checking import named
from promises.packages.report import Faults
from promises.packages.rows import Package, Row, Stored, Verdict
from promises.packages.stored import last_imported, stored_rows, target
from promises.packages.tables import IN_FOLDERS, Shape
from promises.record_requests.columns import RECORD_REQUEST_EXTENSIONS
from promises.updates.columns import CITATIONS, METHODOLOGY_VERSIONS, STATUS_UPDATES

# What never changes once it is public: the sentence that says what to do instead.
_FIXED = {
    RESULT_REPORTS.name: "A result stays as it was reported. Add a later report.",
    STATUS_UPDATES.name: "Published updates never change. Add a newer one.",
    CITATIONS.name: "What a published update rests on never changes. Add a newer update.",
    METHODOLOGY_VERSIONS.name: "A version of the methodology never changes. Add a newer one.",
    RECORD_REQUEST_EXTENSIONS.name: "An extension stays as it was announced. Add a later one.",
    OBSERVATIONS.name: "A published value never changes. Add it with a later “vintage_on”.",
}


def compare(package: Package, *, by: User, faults: Faults) -> None:
    """Give every row its verdict.

    1. A row that is here and says the same is unchanged.
    2. Of the others, the ledger says what an import last wrote. Where the file still says that,
       or the row was withdrawn here, an editor has been at work and the row is left as it is.
    3. Where the record still says that, the file has changed, and the row changes with it.
    4. Where neither does, or the row was never imported, the package is refused.
    5. What is fixed once it is published is refused as soon as it differs.
    """
    differing: list[Row] = []
    for shape, rows in package.everything():
        found = stored_rows(shape, (row.key for row in rows)) if rows else {}
        for row in rows:
            row.stored = found.get(row.key)
            if not _is_settled(row, faults):
                differing.append(row)
        package.found[shape.table.name] = {**found, **package.known(shape.table)}
    bases = _bases(differing, by=by)
    for row in differing:
        _settle(row, bases.get(_subject(row)), faults)
    for shape, rows in package.everything():
        for row in rows:
            if row.is_written:
                _require_public_targets(row, shape, package, faults)


def _is_settled(row: Row, faults: Faults) -> bool:
    """Give a row its verdict where the record alone tells it; return whether it does."""
    stored = row.stored
    if stored is None:
        return row.table.name in IN_FOLDERS
    row.pk = stored.pk
    if stored.state in (State.DRAFT, State.IN_REVIEW):
        state = State(stored.state).label
        _refuse(
            row,
            faults,
            f"This {_kind(row)} is here already: {state}. Publish or delete that first.",
        )
    elif stored.was_retracted(row.values):
        row.verdict = Verdict.LEFT
    elif stored.values == row.values:
        row.verdict = Verdict.UNCHANGED
    elif stored.state == State.RETRACTED and row.table is OBSERVATIONS:
        # What was retracted was a slip: this is another value, in its place.
        row.stored = row.pk = None
    elif advice := _FIXED.get(row.table.name):
        _refuse(row, faults, f"{advice} The record differs in {_differences(row, stored)}.")
    else:
        return False
    return True


def _bases(rows: Iterable[Row], *, by: User) -> dict[str, dict[str, Any]]:
    subjects = {_subject(row) for row in rows}
    return last_imported(subjects, by=str(by)) if subjects else {}


def _subject(row: Row) -> str:
    """Return the name by which the ledger knows the row."""
    return f"{row.table.name}/{row.name}"


def _settle(row: Row, base: dict[str, Any] | None, faults: Faults) -> None:
    """Give a row that differs from the record its verdict; `base` is what an import wrote."""
    stored = row.stored
    if stored is None:
        row.verdict = Verdict.NEW if base is None else Verdict.LEFT
    elif base is None and stored.state == State.RETRACTED:
        _refuse(row, faults, f"This {_kind(row)} was withdrawn here. Leave the row out.")
    elif base is None:
        _refuse(
            row,
            faults,
            f"This {_kind(row)} is in the record already, not from an import, and differs in"
            f" {_differences(row, stored)}. Bring the file into line with it.",
        )
    elif stored.state == State.RETRACTED or _says(row.values, base, stored):
        row.verdict = Verdict.LEFT
    elif _says(stored.values, base, stored):
        row.verdict = Verdict.CHANGED
    else:
        _refuse(
            row,
            faults,
            f"This {_kind(row)} was edited here since it was imported, and the file has changed"
            f" too; they differ in {_differences(row, stored)}. Bring the file into line with"
            " the record.",
        )


def _differences(row: Row, stored: Stored) -> str:
    """Return the columns in which a row differs from the record."""
    return ", ".join(
        f"“{name}”" for name, value in row.values.items() if stored.values[name] != value
    )


def _says(values: dict[str, Any], base: dict[str, Any], stored: Stored) -> bool:
    """Return whether values are what an import wrote; a column younger than that is as stored."""
    return all(
        base.get(name, plain(stored.values[name])) == plain(value) for name, value in values.items()
    )


def _require_public_targets(row: Row, shape: Shape, package: Package, faults: Faults) -> None:
    """Note a row that points to what the public may not see: it would tell of it."""
    for reference in shape.references:
        if reference.is_empty_in(row.values):
            continue
        pointed = target(package, row, reference.field)
        if isinstance(pointed, Row) and pointed.verdict == Verdict.REFUSED:
            continue
        if pointed is None or pointed.state != State.PUBLISHED:
            name = named(reference.target, reference.key_in(row.values))
            _refuse(row, faults, f"It points to the {name}, {_why_not_public(pointed)}")


def _why_not_public(pointed: Row | Stored | None) -> str:
    """Return, as the end of a sentence, why the public may not see a row, and what to do."""
    match pointed.state if pointed else None:
        case State.RETRACTED:
            return "which was withdrawn here. Leave the row out."
        case State.DRAFT | State.IN_REVIEW:
            return "which is not public here. Publish that first."
        case _:
            return "which was removed here. Leave the row out."


def _refuse(row: Row, faults: Faults, reason: str) -> None:
    row.verdict = Verdict.REFUSED
    faults.of(row, reason)


def _kind(row: Row) -> str:
    return row.table.kind.replace("_", " ")
