"""A package with very much evidence: by steps that stay, and otherwise like any other."""

import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from promises.accounts.models import User
from promises.common.history import events_of
from promises.evidence.actions import retract_evidence, save_evidence
from promises.evidence.models import Evidence
from promises.ledger.chain import verify_chain
from promises.ledger.models import Entry
from promises.packages import large, staging
from promises.packages.dumping import dump_package
from promises.packages.large import load_large_package
from promises.packages.report import PackageRefused, Report
from promises.packages.rows import Verdict
from tests import record
from tests.packages.conftest import Load, nothing_changes
from tests.packages.dumped import TRAVEL, contents
from tests.packages.folder import MANY, ROWS, add_evidence, edit, replace
from tests.packages.test_refused_rows import RULES
from tests.record import NOW

pytestmark = pytest.mark.django_db

Spoil = Callable[[Path], object]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every package is large, and a step is two rows."""
    monkeypatch.setattr(large, "LARGE", 1)
    monkeypatch.setattr(large, "STEP", 2)


@pytest.fixture
def load_by_steps(importer: User) -> Load:
    """Load a folder as the command loads a large one."""

    def run(folder: Path, **more: Any) -> Report:
        return load_large_package(folder=folder, by=importer, now=more.pop("now", NOW), **more)

    return run


def state_after(load: Load, folder: Path, into: Path) -> tuple[Any, ...]:
    """Load a folder and take it back; return the report, the files of a dump, and the history."""
    with transaction.atomic():
        report = load(folder)
        dump_package(folder=into)
        assert verify_chain().fault == ""
        entries = Counter(Entry.objects.values_list("event", "subject", "pledge", "by", "data"))
        events = events_of(Evidence).objects.values_list("pgh_label", "slug", "pgh_obj")
        labels = sorted((label, slug) for label, slug, _number in events)
        transaction.set_rollback(True)
    found = contents(into)
    files = {name: found[name] for name in [*TRAVEL, "standings.csv"]}
    return files, report.counts, report.files, entries, labels


def test_it_comes_to_the_same_as_all_at_once(
    load: Load, load_by_steps: Load, many: Path, tmp_path: Path
) -> None:
    at_once = state_after(load, many, tmp_path / "at_once")
    by_steps = state_after(load_by_steps, many, tmp_path / "by_steps")
    assert by_steps == at_once
    assert by_steps[1]["evidence.csv"] == {Verdict.NEW: 3 + MANY}


def test_progress_tells_every_step(load_by_steps: Load, small: Path) -> None:
    add_evidence(small, 1)
    add_evidence(small, 2)
    told: list[str] = []
    load_by_steps(small, progress=told.append)
    assert told == [
        "Comparing with the record",
        "evidence: 2 of 5 rows written",
        "evidence: 4 of 5 rows written",
        "evidence: 5 of 5 rows written",
        "Writing the ledger",
    ]


def test_a_second_run_writes_nothing(load_by_steps: Load, many: Path) -> None:
    load_by_steps(many)
    with nothing_changes():
        report = load_by_steps(many)
    assert report.totals == {Verdict.UNCHANGED: ROWS + MANY}
    assert report.outcome() == f"Nothing to do: the record already holds {many}."


def test_a_dry_run_says_what_would_happen_and_takes_it_back(
    load_by_steps: Load, many: Path
) -> None:
    with nothing_changes():
        dry = load_by_steps(many, dry_run=True)
    wet = load_by_steps(many)
    assert dry.counts == wet.counts
    assert dry.outcome().replace("Would load", "Loaded") == wet.outcome()


def test_what_differs_goes_the_way_of_all_rows(load_by_steps: Load, many: Path) -> None:
    load_by_steps(many)
    left = Evidence.objects.get(slug="ev-2")
    left.is_title_exact = not left.is_title_exact
    save_evidence(evidence=left, by=record.user(), now=NOW)
    edit(many, "evidence.csv", 2, is_title_exact="false")
    add_evidence(many, MANY)
    report = load_by_steps(many)
    assert report.counts["evidence.csv"] == {
        Verdict.UNCHANGED: 3 + MANY - 2,
        Verdict.NEW: 1,
        Verdict.CHANGED: 1,
        Verdict.LEFT: 1,
    }
    assert not Evidence.objects.get(slug="ev-memo").is_title_exact
    assert Evidence.objects.get(slug="ev-2").is_title_exact is left.is_title_exact


SPOILT: list[tuple[str, Spoil]] = [
    *((reasons[0], spoil) for spoil, reasons in RULES),
    ("the same key twice", lambda f: add_evidence(f, 1)),
    (
        "the same key twice, first with a bad cell",
        lambda f: (edit(f, "evidence.csv", 6, checked="no"), add_evidence(f, 1)),
    ),
    ("a key that is none", lambda f: edit(f, "evidence.csv", 6, slug="not a slug")),
    ("cells of all kinds", lambda f: edit(f, "evidence.csv", 7, kind="x", is_title_exact="yes")),
    ("a text that is too long", lambda f: edit(f, "evidence.csv", 7, title="t" * 301)),
    ("no such day", lambda f: edit(f, "evidence.csv", 7, published_on="2024-02-30")),
    ("a control character", lambda f: replace(f, "evidence.csv", b"=Report 3", b"\x07Report 3")),
    ("a cell too few", lambda f: replace(f, "evidence.csv", b",excerpt\nev-3", b"\nev-3")),
    ("a cited row that is not there", lambda f: edit(f, "citations.csv", 2, evidence="ev-none")),
    ("a cited row with a bad cell", lambda f: edit(f, "evidence.csv", 2, kind="x")),
    ("no column", lambda f: replace(f, "evidence.csv", b",checked\n", b",looked_at\n")),
]


@pytest.mark.parametrize("spoil", [case[1] for case in SPOILT], ids=[case[0] for case in SPOILT])
def test_the_faults_are_those_of_any_load_and_nothing_changes(
    load: Load, load_by_steps: Load, many: Path, spoil: Spoil
) -> None:
    spoil(many)
    told = []
    for run in (load, load_by_steps):
        with nothing_changes(), pytest.raises(PackageRefused) as refusal:
            run(many)
        report = refusal.value.report
        told.append(([str(fault) for fault in report.sorted_faults], report.faults.count))
    assert told[1] == told[0]
    assert told[0][1] > 0


def test_the_database_has_the_last_word_before_anything_is_written(
    load_by_steps: Load, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "judge", lambda package, **_given: None)
    edit(many, "evidence.csv", 9, published_on="2024-05-02", date_precision="month")
    with nothing_changes(), pytest.raises(PackageRefused) as refusal:
        load_by_steps(many)
    assert [str(fault) for fault in refusal.value.report.sorted_faults] == [
        "evidence.csv, row 9: The database refuses it by its rule"
        " “evidence_evidence_published_on_as_precise_as_known”."
    ]


def test_a_draft_of_the_desk_is_in_the_way(load: Load, load_by_steps: Load, many: Path) -> None:
    draft = record.draft_evidence(by=record.user())
    Evidence.objects.filter(pk=draft.pk).update(slug="ev-1")
    with nothing_changes(), pytest.raises(PackageRefused) as refusal:
        load_by_steps(many)
    assert [str(fault) for fault in refusal.value.report.sorted_faults] == [
        "evidence.csv, row 6: This evidence is here already: draft. Publish or delete that first."
    ]


def test_too_many_rows_that_need_a_word_are_refused_unread(
    load_by_steps: Load, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_by_steps(many)
    monkeypatch.setattr(staging, "MOST_ODD", 3)
    for row in range(5, 9):
        edit(many, "evidence.csv", row, url="https://news.example.org/moved")
    with nothing_changes(), pytest.raises(PackageRefused) as refusal:
        load_by_steps(many)
    assert [str(fault) for fault in refusal.value.report.sorted_faults] == [
        "evidence.csv: More than 3 rows differ from the record or break a rule of it."
        " Split the file."
    ]


def test_the_rows_of_a_long_file_are_never_all_in_memory(
    load_by_steps: Load, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "STEP", 100)
    add_evidence(small, 0)
    path = small / "evidence.csv"
    *head, last = path.read_text(encoding="utf-8").splitlines(keepends=True)

    def peak(rows: int) -> int:
        more = [last.replace("ev-0", f"ev-{number}") for number in range(rows)]
        path.write_text("".join([*head, *more]), encoding="utf-8")
        load_by_steps(small, dry_run=True)
        tracemalloc.start()
        load_by_steps(small, dry_run=True)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few, many = peak(200), peak(2000)
    # A row takes more than a kilobyte as an object.
    assert many - few < 300_000


def test_the_command_takes_the_steps_by_itself(
    many: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with nothing_changes():
        call_command("load_package", str(many), "--dry-run")
    call_command("load_package", str(many))
    told = capsys.readouterr().out.splitlines()
    assert "evidence: 2 of 43 rows written" in told
    assert told[-1].startswith(f"Loaded {many}: {ROWS + MANY} new, 0 changed, 0 unchanged;")
    edit(many, "evidence.csv", 6, kind="x")
    with nothing_changes(), pytest.raises(CommandError, match="Nothing was loaded from"):
        call_command("load_package", str(many))


def test_evidence_withdrawn_during_the_load_is_said_beside_what_stays(
    load_by_steps: Load, many: Path
) -> None:
    """What points to it comes when it is loaded again without that row."""

    def withdraw(words: str) -> None:
        if words.endswith("43 of 43 rows written"):
            memo = Evidence.objects.get(slug="ev-memo")
            retract_evidence(evidence=memo, reason="Forged.", by=record.user(), now=NOW)

    with pytest.raises(PackageRefused) as refusal:
        load_by_steps(many, progress=withdraw)
    report = refusal.value.report
    assert "withdrawn on the desk just now" in str(report.sorted_faults[0])
    faults = f"{report.faults.count} fault{'s' if report.faults.count > 1 else ''}."
    assert report.outcome() == f"Nothing but 43 rows of evidence was loaded from {many}: {faults}"
    assert Evidence.objects.count() == 3 + MANY
    assert verify_chain().fault == ""
