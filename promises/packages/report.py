"""What a load did, or why it was refused: every row and every fault, in words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from promises.common.refusals import Refused
from promises.packages.rows import Package, Row, Verdict
from promises.pledges.columns import CRITERIA
from promises.updates.columns import CITATIONS, STATUS_UPDATES

# Faults kept in words; more are only counted, so that a file of garbage cannot fill the memory.
FAULTS_KEPT = 1000
COUNTED = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.LEFT)


@dataclass(frozen=True)
class Fault:
    """One reason to refuse a package: which file, the row an editor shows, and why."""

    file: str
    row: int | None
    reason: str

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        return f"{place}: {self.reason}"


@dataclass
class Faults:
    """The faults found so far."""

    kept: list[Fault] = field(default_factory=list)
    count: int = 0
    rows: dict[str, set[int]] = field(default_factory=dict)

    def add(self, file: str, row: int | None, reason: str) -> None:
        """Note a fault of a row, or of a whole file when the row is None."""
        self.count += 1
        if row is not None:
            self.rows.setdefault(file, set()).add(row)
        if len(self.kept) < FAULTS_KEPT:
            self.kept.append(Fault(file, row, reason))

    def of(self, row: Row, reason: str) -> None:
        """Note a fault of a row that was read."""
        self.add(row.file, row.line, reason)


@dataclass
class Left(Faults):
    """No faults: a row that does not fit what is here stays as it is, or out."""

    def of(self, row: Row, reason: str) -> None:
        """Leave a row."""
        row.verdict = Verdict.LEFT


@dataclass
class FaultsOfNews(Left):
    """The faults of what would be new. What belongs to a record that is rated here is not."""

    def of(self, row: Row, reason: str) -> None:
        """Leave a row that is here or would change the ground of a rating, else note its fault."""
        if row.stored or row.table in (CRITERIA, CITATIONS):
            super().of(row, reason)
        else:
            Faults.of(self, row, reason)


@dataclass(frozen=True)
class Report:
    """What became of every row of a package. The editions are the record's before and after."""

    package: Package
    faults: Faults
    edition_before: int = 0
    edition: int = 0
    is_dry_run: bool = False

    @property
    def folder(self) -> str:
        """The folder that was read."""
        return self.package.folder

    @property
    def files(self) -> list[str]:
        """The files that were read, in the order of loading."""
        return self.package.files

    @property
    def rows(self) -> list[Row]:
        """The rows whose cells are good, in the order of loading."""
        return [row for _shape, rows in self.package.everything() for row in rows]

    @property
    def counts(self) -> dict[str, Counter[Verdict]]:
        """How many rows of each file had which outcome, in the order of loading."""
        found: dict[str, Counter[Verdict]] = {file: Counter() for file in self.files}
        for file, counted in self.package.counted.items():
            found[file].update(counted)
        for row in self.rows:
            if row.line not in self.faults.rows.get(row.file, ()):
                found[row.file][row.verdict] += 1
        for file, refused in self.faults.rows.items():
            found[file][Verdict.REFUSED] = len(refused)
        return found

    @property
    def totals(self) -> Counter[Verdict]:
        """How many rows had which outcome."""
        return sum(self.counts.values(), Counter())

    @property
    def sorted_faults(self) -> list[Fault]:
        """The faults in the order of loading, then of rows; faults of a whole file first."""
        order = {file: number for number, file in enumerate(self.files)}
        return sorted(
            self.faults.kept, key=lambda fault: (order.get(fault.file, -1), fault.row or 0)
        )

    def table(self) -> Iterator[str]:
        """Yield the counts as lines of a table; of a refused package only which rows are bad."""
        counts = {**self.counts, "all files": self.totals}
        width = max(map(len, counts))
        names = ("in order", "refused") if self.faults.count else tuple(map(str, COUNTED))
        yield f"{'file':{width}}" + "".join(f"{name:>11}" for name in names)
        for file, count in counts.items():
            refused = count[Verdict.REFUSED]
            numbers = [count[verdict] for verdict in COUNTED]
            shown = [count.total() - refused, refused] if self.faults.count else numbers
            yield f"{file:{width}}" + "".join(f"{number:>11}" for number in shown)

    def outcome(self) -> str:
        """Return what happened in one sentence."""
        totals = self.totals
        if count := self.faults.count:
            stays = self.package.stays
            loaded = f"Nothing but {stays} rows of evidence was" if stays else "Nothing was"
            return f"{loaded} loaded from {self.folder}: {count} fault{'s' if count > 1 else ''}."
        kept = ""
        if left := totals[Verdict.LEFT]:
            kept = f" Left as they are here: {left}."
        if lost := sum(row.verdict == Verdict.LEFT_OUT for row in self.package.of(STATUS_UPDATES)):
            kept += f" Ratings left out, since evidence they rested on was withdrawn: {lost}."
        if not totals[Verdict.NEW] + totals[Verdict.CHANGED]:
            return f"Nothing to do: the record already holds {self.folder}.{kept}"
        done = "Would load" if self.is_dry_run else "Loaded"
        return (
            f"{done} {self.folder}: {totals[Verdict.NEW]} new, {totals[Verdict.CHANGED]} changed,"
            f" {totals[Verdict.UNCHANGED]} unchanged; edition {self.edition_before} to"
            f" {self.edition}.{kept}"
        )


class PackageRefused(Refused):
    """A package has faults. `report` names them all, and what was loaded all the same."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.outcome())
        self.report = report


def stop_if_faulty(package: Package, faults: Faults) -> None:
    """Raise PackageRefused if there are faults."""
    if faults.count:
        raise PackageRefused(Report(package, faults))
