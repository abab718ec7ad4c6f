"""Whether the record's own rules allow what a package wants to write."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from promises.common.dates import lies_ahead
from promises.editorial.choices import State
from promises.evidence.actions import LINK_WORDS
from promises.evidence.actions import WORDS as WORDS_OF_EVIDENCE
from promises.evidence.columns import EVIDENCE, EVIDENCE_LINKS
from promises.metrics import rules as rules_of_metrics
from promises.metrics.columns import OBSERVATIONS
from promises.officials.columns import CANDIDACIES, TERMS
from promises.packages import rules
from promises.packages.report import Faults
from promises.packages.rows import Package, Row, Stored, Verdict
from promises.packages.stored import find, stored_rows, target
from promises.packages.tables import shape_of
from promises.pledges.actions import CRITERION_WORDS
from promises.pledges.actions import WORDS as WORDS_OF_PLEDGES
from promises.pledges.choices import Status
from promises.pledges.columns import CRITERIA, PLEDGES, TOPICS
from promises.pledges.models import Pledge
from promises.updates import rules as rules_of_updates
from promises.updates.columns import CITATIONS, STATUS_UPDATES

Found = Iterator[tuple[Row, str]]


def judge(package: Package, *, now: datetime, faults: Faults) -> None:
    """Note every row to be written that breaks a rule of the record."""
    _leave_ratings_without_all_they_cite(package)
    if package.is_dumped:
        _leave_out_what_lost_its_evidence(package)
    for shape, rows in package.everything():
        for row in rows:
            if row.is_written:
                for reason in _reasons(row, shape.table.name, package, now):
                    faults.of(row, reason)
    for check_together in _TOGETHER:
        for row, reason in check_together(package):
            faults.of(row, reason)


def _reasons(row: Row, table: str, package: Package, now: datetime) -> Iterator[str]:
    """Yield what is wrong with a row by itself."""
    for name in _PAST.get(table, ()):
        if lies_ahead(row.values[name], now):
            yield f"Column “{name}”: this day is still to come."
    if check := _EACH.get(table):
        yield from filter(None, check(row, package))


def _leave_ratings_without_all_they_cite(package: Package) -> None:
    """Leave new ratings of which a citation was left: they were judged on all of them."""
    ratings, citations = package.of(STATUS_UPDATES), package.of(CITATIONS)
    lost = {row.key[0] for row in citations if row.verdict == Verdict.LEFT and not row.stored}
    left = {row.key[0] for row in ratings if row.is_new} & lost
    for row in (*ratings, *citations):
        if row.key[0] in left:
            row.verdict = Verdict.LEFT


def _leave_out_what_lost_its_evidence(package: Package) -> None:
    """Leave out the ratings that rest on too little by now, with the citations they still have.

    They were published on enough. What was withdrawn since is in no package, and the database
    publishes no rating without it.
    """
    lost = {row.key[0]: row for row, _fault in _ratings_stand_on_evidence(package)}
    for row in lost.values():
        row.verdict = Verdict.LEFT_OUT
    for citation in package.of(CITATIONS):
        if citation.values["status_update"] in lost:
            citation.verdict = Verdict.LEFT_OUT


def _term(row: Row, _package: Package) -> Iterator[str]:
    yield rules.order_fault(
        row.values["started_on"],
        row.values["ends_on"],
        "The term ends before it has begun.",
        may_be_equal=False,
    )
    if row.values["end_reason"] and row.values["ends_on"] is None:
        yield "The term has a reason why it ended, but no date."


def _pledge(row: Row, package: Package) -> Iterator[str]:
    yield rules.order_fault(
        row.values["made_on"],
        row.values["due_on"],
        "The pledge was due before it was made.",
        may_be_equal=True,
    )
    if row.values["quote"] and not row.values["quote_attribution"]:
        yield "The quote has no attribution."
    term = target(package, row, "term")
    if term and term.final["person"] != row.values["person"]:
        yield "The term is not one of the person who made the pledge."
    yield from _changed_words(row, WORDS_OF_PLEDGES)


def _evidence(row: Row, _package: Package) -> Iterator[str]:
    yield rules.precision_fault(row.values["published_on"], row.values["date_precision"])
    yield from _changed_words(row, WORDS_OF_EVIDENCE)


def _changed_words(row: Row, words: Iterable[str]) -> Iterator[str]:
    """Yield a refusal for each column that readers quote or rely on and that would change."""
    for name in words:
        if row.stored and row.stored.values[name] != row.values[name]:
            yield (
                f"Column “{name}”: this is published. Change it on the desk by a correction, which"
                " keeps what it said; then bring the file into line."
            )


def _observation(row: Row, _package: Package) -> Iterator[str]:
    begins, published, precision = (
        row.values[name] for name in ("observed_on", "vintage_on", "vintage_precision")
    )
    yield rules.precision_fault(published, precision)
    if not rules_of_metrics.fits_period(begins, row.values["period"]):
        yield str(rules_of_metrics.BEGINS_ELSEWHERE)
    if not rules_of_metrics.can_be_published(published, precision, begins):
        yield str(rules_of_metrics.PUBLISHED_TOO_EARLY)


def _citation(row: Row, package: Package) -> Iterator[str]:
    update = target(package, row, "status_update")
    if update and not update.is_written:
        yield "What a published update rests on never changes. Add a newer update."


def _status_update(row: Row, _package: Package) -> Iterator[str]:
    values = row.values
    yield rules_of_updates.reason_fault(
        status=values["status"], reason=values["reason"], is_imported=True
    )
    yield rules.order_fault(
        values["effective_on"],
        values["assessed_on"],
        "The evidence was looked at before the rating took effect.",
        may_be_equal=True,
    )


def _one_winner(package: Package) -> Found:
    winners: dict[str, str] = {}
    # Rows that stay come first, so that the fault is at one that is to be written.
    for row in sorted(_present(package, CANDIDACIES.name), key=lambda row: row.is_written):
        if not row.final["is_winner"]:
            continue
        first = winners.setdefault(row.final["election"], row.final["person"])
        if first != row.final["person"] and isinstance(row, Row):
            yield row, f"The election has a winner already: “{first}”."


def _one_holder(package: Package) -> Found:
    terms = {row.final["slug"]: row for row in _present(package, TERMS.name)}
    offices: dict[str, list[Row | Stored]] = {}
    for row in terms.values():
        offices.setdefault(row.final["office"], []).append(row)
    for held in offices.values():
        spans = [(term["started_on"], term["ends_on"], term["slug"]) for term in map(_final, held)]
        for names in rules.overlapping(spans):
            row, other = terms[names[0]], names[1]
            if not row.is_written:
                row, other = terms[names[1]], names[0]
            if isinstance(row, Row) and row.is_written:
                yield row, f"The office is held by another at that time: see the term “{other}”."


def _topics_are_two_deep(package: Package) -> Found:
    topics = {row.final["slug"]: row for row in _present(package, TOPICS.name)}
    for name, row in topics.items():
        wider = topics.get(row.final["parent"])
        if wider is None or not wider.final["parent"]:
            continue
        moved = row if row.is_written else wider
        if isinstance(moved, Row) and moved.is_written:
            yield moved, f"Topics are two deep: “{name}” would be under one under another."


def _criteria_come_before_ratings(package: Package) -> Found:
    """Refuse other criteria, or other words of one, for a pledge that has been rated here.

    Whether one is met, and the words of others, change by a correction.
    """
    written = [row for row in package.of(CRITERIA) if row.is_written]
    rated = Pledge.objects.ever_rated().filter(slug__in={row.values["pledge"] for row in written})
    rated_slugs = set(rated.values_list("slug", flat=True))
    for row in written:
        same = {**row.values, "is_met": None}
        stored = {**row.stored.values, "is_met": None} if row.stored else None
        if row.values["pledge"] in rated_slugs and same != stored:
            yield (
                row,
                (
                    "The pledge has been rated. Its criteria were written before that and stay as"
                    " they are; only “is_met” can change, on the desk."
                ),
            )
        else:
            yield from ((row, fault) for fault in _changed_words(row, CRITERION_WORDS))


def _ratings_stand_on_evidence(package: Package) -> Found:
    cited: dict[str, list[tuple[str, str]]] = {}
    for citation in package.of(CITATIONS):
        evidence = target(package, citation, "evidence")
        # What is refused itself is not held against the ratings as well.
        is_refused = isinstance(evidence, Row) and evidence.verdict == Verdict.REFUSED
        if evidence and (evidence.state == State.PUBLISHED or is_refused):
            pair = (evidence.final["kind"], evidence.final["provenance"])
            cited.setdefault(citation.values["status_update"], []).append(pair)
    for row in package.of(STATUS_UPDATES):
        if row.is_new:
            status = row.values["status"]
            if fault := rules_of_updates.evidence_fault(status, cited.get(row.key[0], [])):
                yield row, fault


def _ratings_follow_criteria(package: Package) -> Found:
    rows = [
        row
        for row in package.of(STATUS_UPDATES)
        if row.is_new and row.values["status"] != Status.NOT_YET_RATED
    ]
    measured = {key[0] for key in package.known(CRITERIA)}
    if others := {(row.values["pledge"],) for row in rows if row.values["pledge"] not in measured}:
        measured |= {key[0] for key in stored_rows(shape_of(CRITERIA), others)}
    for row in rows:
        if row.values["pledge"] not in measured:
            yield row, "Write the criteria of the pledge before its first status update."


def _standing_ratings_fit_the_term(package: Package) -> Found:
    """Refuse a standing pledge kept before its term is over, or broken after, by either's row."""
    for row in package.of(STATUS_UPDATES):
        pledge = target(package, row, "pledge")
        if pledge is None or row.verdict in (Verdict.LEFT, Verdict.LEFT_OUT):
            continue
        term = find(package, TERMS, (pledge.final["term"],))
        fault = rules_of_updates.standing_fault(
            kind=pledge.final["kind"],
            status=row.values["status"],
            effective_on=row.values["effective_on"],
            term_ends_on=term.final["ends_on"] if term else None,
        )
        if fault and (row.is_new or (term and term.is_written)):
            yield row, fault


def _present(package: Package, table: str) -> list[Row | Stored]:
    """Return the rows of a table that stand in the record once the package is loaded."""
    found = package.found.get(table, {})
    return [row for row in found.values() if row is not None and row.state != ""]


def _final(row: Row | Stored) -> dict[str, Any]:
    return row.final


_EACH: dict[str, Callable[[Row, Package], Iterator[str]]] = {
    TERMS.name: _term,
    PLEDGES.name: _pledge,
    EVIDENCE.name: _evidence,
    EVIDENCE_LINKS.name: lambda row, _package: _changed_words(row, LINK_WORDS),
    OBSERVATIONS.name: _observation,
    STATUS_UPDATES.name: _status_update,
    CITATIONS.name: _citation,
}
# Days on which something was said, measured or judged: they have come.
_PAST: dict[str, tuple[str, ...]] = {
    EVIDENCE.name: ("published_on",),
    OBSERVATIONS.name: ("vintage_on", "observed_on"),
    STATUS_UPDATES.name: ("effective_on", "assessed_on"),
}
_TOGETHER: tuple[Callable[[Package], Found], ...] = (
    _one_winner,
    _one_holder,
    _topics_are_two_deep,
    _criteria_come_before_ratings,
    _ratings_stand_on_evidence,
    _ratings_follow_criteria,
    _standing_ratings_fit_the_term,
)
