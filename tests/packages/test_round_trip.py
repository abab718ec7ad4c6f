"""A dump and what comes of it: only what is public leaves, and all of that comes back."""

import csv
import json
import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from promises.evidence.actions import retract_evidence
from promises.evidence.models import Evidence
from promises.officials.models import Person
from promises.packages.actions import load_package
from promises.packages.dumping import NoRoomForPackage, dump_package
from promises.packages.leaving import LEAVING
from promises.packages.management.commands.load_seeds import SEEDS
from promises.packages.rows import Verdict
from promises.packages.shielding import bare
from promises.packages.verifying import differences
from tests import record
from tests.packages.conftest import Hold, Load
from tests.packages.dumped import FILES, TRAVEL, as_python_writes, contents, shielded
from tests.packages.folder import add, rows_of, small_package

# Texts that a spreadsheet would run, and texts with apostrophes and lines of their own.
WILD = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1+1", "'tis", "''", 'a "b", c\nd', "é ñ 🗳"]


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["small", "seeds"])
def test_what_was_dumped_comes_back_byte_for_byte(
    in_the_record: Hold, tmp_path: Path, source: str
) -> None:
    first = SEEDS if source == "seeds" else _wild_package(tmp_path / "wild")
    with in_the_record(first):
        dump_package(folder=tmp_path / "once")
    with in_the_record(tmp_path / "once") as report:
        assert set(report.totals) == {Verdict.NEW}
        assert list(differences()) == []
        dump_package(folder=tmp_path / "twice")
    once, twice = contents(tmp_path / "once"), contents(tmp_path / "twice")
    assert {name: twice[name] for name in TRAVEL} == {name: once[name] for name in TRAVEL}
    assert twice["standings.csv"] == once["standings.csv"]


@pytest.mark.django_db
def test_no_sheet_holds_a_formula_and_json_holds_the_texts_as_they_are(
    in_the_record: Hold, tmp_path: Path
) -> None:
    with in_the_record(_wild_package(tmp_path / "wild")):
        dump_package(folder=tmp_path / "package")
    cells = [row["background"] for row in rows_of(tmp_path / "package", "people.csv")]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []
    lines = (tmp_path / "package" / "people.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["background"] for line in lines][2:] == WILD


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["small", "seeds"])
def test_the_database_writes_the_bytes_that_python_would(
    in_the_record: Hold, tmp_path: Path, source: str
) -> None:
    with in_the_record(SEEDS if source == "seeds" else _wild_package(tmp_path / "wild")):
        dump_package(folder=tmp_path / "package")
        expected = {table.name: as_python_writes(table) for table in LEAVING}
    found = contents(tmp_path / "package")
    for name, (sheet, lines) in expected.items():
        assert found[f"{name}.csv"].decode() == sheet
        assert found[f"{name}.jsonl"].decode() == lines


@pytest.mark.django_db
def test_what_is_not_published_stays_here(load: Load, small: Path, tmp_path: Path) -> None:
    load(small)
    by = record.user()
    record.draft_pledge(by=by, title="A secret draft")
    record.draft_evidence(by=by, title="A secret paper")
    jane = Person.objects.get(slug="jane-example")
    record.withdrawn_person(person=jane, by=by)
    dump_package(folder=tmp_path / "package")
    found = contents(tmp_path / "package")
    # Another Jane Example of the tests has a number behind her name.
    hers = re.compile(rb"jane-(example(?!-)|term|no-bail|open-data)")
    assert [name for name, data in found.items() if hers.search(data)] == []
    assert [name for name, data in found.items() if b"secret" in data] == []
    # The term before hers is there without her name.
    terms = rows_of(tmp_path / "package", "terms.csv")
    assert [(row["slug"], row["successor"]) for row in terms if row["slug"] == "john-term"] == [
        ("john-term", "")
    ]


@pytest.mark.django_db
def test_ratings_that_lost_their_evidence_are_left_out_and_all_else_comes_back(
    in_the_record: Hold, small: Path, tmp_path: Path
) -> None:
    # What is left under a rating of “kept” does not carry it.
    add(small, "citations.csv", status_update="st-data-2", evidence="ev-critic", position="2")
    once, twice = tmp_path / "once", tmp_path / "twice"
    with in_the_record(small):
        news = Evidence.objects.get(slug="ev-news")
        retract_evidence(evidence=news, reason="Forged.", by=record.user(), now=record.NOW)
        dump_package(folder=once)
    with in_the_record(once) as report:
        left_out = [row.name for row in report.rows if row.verdict == Verdict.LEFT_OUT]
        assert left_out == ["st-data-2", "st-diversion", "st-data-2/ev-critic"]
        assert set(report.totals) == {Verdict.NEW, Verdict.LEFT_OUT}
        told = " Ratings left out, since evidence they rested on was withdrawn: 2."
        assert report.outcome().endswith(f"{report.edition}.{told}")
        again = load_package(folder=once, by=record.user(), now=record.NOW)
        assert again.outcome() == f"Nothing to do: the record already holds {once}.{told}"
        dump_package(folder=twice)
    same = [name for name in TRAVEL if contents(once)[name] == contents(twice)[name]]
    differ = {name.partition(".")[0] for name in set(TRAVEL) - set(same)}
    assert differ == {"status_updates", "citations"}
    slugs = [row["slug"] for row in rows_of(twice, "status_updates.csv")]
    assert slugs == ["st-bail", "st-data-1"]


def test_other_folders_are_left_alone(db: None, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("Dear Jane", encoding="utf-8")
    with pytest.raises(NoRoomForPackage, match="holds something else"):
        dump_package(folder=tmp_path / "home")
    assert contents(tmp_path / "home") == {"letter.txt": b"Dear Jane"}
    # Nor is a lock left beside it.
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_place_that_cannot_be_written_is_named(db: None, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Jane", encoding="utf-8")
    folder = tmp_path / "letter.txt" / "package"
    says = r"Nothing was written: .*letter\.txt'\. Name a folder that this user may write to\."
    with pytest.raises(CommandError, match=says):
        call_command("dump_package", str(folder), stderr=StringIO())
    assert contents(tmp_path) == {"letter.txt": b"Dear Jane"}


def test_a_run_that_was_killed_is_cleared_by_the_next(db: None, tmp_path: Path) -> None:
    (tmp_path / ".package.part").mkdir()
    (tmp_path / ".package.part" / "people.csv").write_text("half", encoding="utf-8")
    assert dump_package(folder=tmp_path / "package") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [".package.lock", "package"]
    assert sorted(contents(tmp_path / "package")) == FILES


def test_an_interruption_leaves_the_older_package(db: None, tmp_path: Path) -> None:
    dump_package(folder=tmp_path / "package")
    before = contents(tmp_path / "package")

    def interrupt(words: str) -> None:
        if words.startswith("pledges"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dump_package(folder=tmp_path / "package", progress=interrupt)
    assert contents(tmp_path / "package") == before
    assert not (tmp_path / ".package.part").exists()


@pytest.mark.django_db(transaction=True)
def test_the_command_reads_one_snapshot_and_says_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("dump_package", str(tmp_path / "package"))
    told = capsys.readouterr()
    assert told.out == f"Wrote edition 0 to {tmp_path / 'package'}.\n"
    assert "pledges: 0 rows\n" in told.err
    shutil.rmtree(tmp_path / "package")
    (tmp_path / "package").write_text("a file", encoding="utf-8")
    with pytest.raises(CommandError, match="holds something else"):
        call_command("dump_package", str(tmp_path / "package"))


@pytest.mark.parametrize("text", [*WILD, "", "'", "it is", "a=b"])
def test_every_text_comes_out_of_its_shield(text: str) -> None:
    assert bare(shielded(text)) == text
    assert not shielded(text).startswith(("=", "+", "-", "@", "\t"))


def test_apostrophes_of_hand_made_files_stay() -> None:
    assert [bare(text) for text in ("'tis", "'", "'90s")] == ["'tis", "'", "'90s"]


def _wild_package(folder: Path) -> Path:
    """The small package, with people about whom there are wild texts."""
    small_package(folder)
    with (folder / "people.csv").open("a", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for number, text in enumerate(WILD):
            writer.writerow([f"wild-{number}", f"Wild Example {number}", "", shielded(text)])
    return folder
