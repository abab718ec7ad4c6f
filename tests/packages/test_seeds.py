"""The real seed record: every row arrives, twice changes nothing, statuses can be rebuilt."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import models

from promises.evidence.models import EvidenceLink
from promises.ledger.chain import current_edition, verify_chain
from promises.ledger.models import Entry
from promises.metrics.models import Observation
from promises.packages.management.commands.load_seeds import SEEDS
from promises.packages.report import PackageRefused, Report
from promises.packages.rows import Verdict
from promises.packages.tables import IN_FOLDERS, ORDER, REQUESTS, shape_of
from promises.pledges.models import Pledge
from promises.updates.models import StatusUpdate
from tests.packages.conftest import Load, nothing_changes
from tests.packages.folder import add, edit, replace, rows_of
from tests.packages.rebuilt import COUNTS, OBSERVATION_FILES, rebuilt_statuses

TABLES = [table for table in ORDER if table not in REQUESTS]  # The seeds hold no requests.
EDITIONS = sum(COUNTS.values()) - COUNTS["observations"] + OBSERVATION_FILES


@pytest.fixture(scope="module")
def first(in_the_record: Callable[[Path], AbstractContextManager[Report]]) -> Iterator[Report]:
    """The seeds are in the record for all tests of this file."""
    with in_the_record(SEEDS) as report:
        yield report


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the seeds to spoil."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


@pytest.fixture
def in_record(first: Report, db: None) -> Report:
    """The seeds are in the record."""
    return first


def test_the_package_describes_the_tables_as_the_loader_reads_them() -> None:
    described = json.loads((SEEDS / "datapackage.json").read_text(encoding="utf-8"))
    columns = {
        resource["path"] if isinstance(resource["path"], str) else "observations": [
            field["name"] for field in resource["schema"]["fields"]
        ]
        for resource in described["resources"]
    }
    for table in TABLES:
        names = shape_of(table).names
        files = [path for path in columns if path.startswith(table.name)]
        files = [path for path in files if path in {table.name, f"{table.name}.csv"}] or files
        assert files, table.name
        assert all(columns[path] == names for path in files), table.name


def test_each_table_follows_those_it_points_to() -> None:
    names = [table.name for table in ORDER]
    for number, table in enumerate(ORDER):
        for reference in shape_of(table).references:
            assert names.index(reference.target.name) <= number


def test_every_row_arrives(in_record: Report) -> None:
    assert in_record.totals == {Verdict.NEW: sum(COUNTS.values())}
    assert {one.name: one.model._default_manager.count() for one in TABLES} == COUNTS
    assert in_record.files[: len(TABLES) - 1] == [f"{table.name}.csv" for table in TABLES[:-1]]
    assert len(in_record.files) == len(TABLES) - 1 + OBSERVATION_FILES
    assert StatusUpdate.objects.filter(is_imported=True, state="published").count() == 87
    assert Pledge.objects.published().filter(status_is_provisional=True).count() == 51


def test_the_record_says_what_the_files_say(in_record: Report) -> None:
    """Every cell of every file but the observations, read by the standard library alone."""
    for table in TABLES:
        if table.name in IN_FOLDERS:
            continue
        shape = shape_of(table)
        forms = [_FORMS.get(type(shape.fields[name]), str) for name in shape.names]
        stored = {
            tuple(
                "" if value is None else form(value) for form, value in zip(forms, row, strict=True)
            )
            for row in table.model._default_manager.values_list(*shape.sources)
        }
        written = {
            tuple(
                form(cell) if cell else "" for form, cell in zip(forms, row.values(), strict=True)
            )
            for row in rows_of(SEEDS, f"{table.name}.csv")
        }
        assert len(written) == COUNTS[table.name]
        assert stored == written, table.name


_FORMS: dict[type, Callable[[Any], str]] = {
    models.DecimalField: lambda number: str(Decimal(number).normalize()),
    models.BooleanField: lambda value: str(value).lower(),
}


def test_the_ledger_tells_of_every_row_once_and_of_observations_by_file(in_record: Report) -> None:
    assert (in_record.edition_before, in_record.edition) == (0, EDITIONS)
    assert EDITIONS == 1908
    verdict = verify_chain()
    assert (verdict.entries, verdict.fault) == (EDITIONS, "")
    events = Counter(Entry.objects.values_list("event", flat=True))
    assert events == {
        f"{table.kind}:imported": COUNTS[table.name]
        for table in TABLES
        if table.name not in IN_FOLDERS
    } | {"observations:imported": OBSERVATION_FILES}
    in_order = dict.fromkeys(Entry.objects.order_by("edition").values_list("event", flat=True))
    kinds = [table.kind for table in TABLES[:-1]]
    assert list(in_order) == [f"{kind}:imported" for kind in [*kinds, "observations"]]
    assert set(Entry.objects.values_list("by", flat=True)) == {"Seed import"}
    exonerations = Entry.objects.get(subject="observations/philadelphia_exonerations.csv")
    assert json.loads(exonerations.data) == {
        "file": "observations/philadelphia_exonerations.csv",
        "rows": 22,
        "sha256": _sha256(SEEDS / "observations/philadelphia_exonerations.csv"),
    }
    assert Pledge.objects.filter(edition=0).count() == 0


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_second_run_changes_nothing_and_says_so(
    in_record: Report,
    load: Load,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    # A savepoint and its release; the lock; the edition twice; the rows of 21 tables.
    with nothing_changes(), django_assert_num_queries(26):
        again = load(SEEDS)
    assert again.totals == {Verdict.UNCHANGED: sum(COUNTS.values())}
    assert again.outcome() == f"Nothing to do: the record already holds {SEEDS}."
    assert current_edition() == EDITIONS


def test_the_statuses_are_those_rebuilt_from_the_files(in_record: Report) -> None:
    expected = rebuilt_statuses(SEEDS)
    assert len(expected) == 51
    stored = {
        pledge.slug: (
            pledge.status,
            pledge.status_since,
            pledge.status_assessed_on,
            pledge.confidence,
            pledge.supports_count,
            pledge.contradicts_count,
            pledge.context_count,
        )
        for pledge in Pledge.objects.all()
    }
    assert stored == expected
    assert Counter(values[0] for values in stored.values()) == {
        "kept": 24,
        "compromise": 11,
        "in_the_works": 10,
        "stalled": 2,
        "broken": 2,
        "not_yet_rated": 2,
    }


def test_the_founding_document_has_its_five_pledges(in_record: Report) -> None:
    links = EvidenceLink.objects.published().filter(
        evidence__slug=settings.FOUNDING_DOCUMENT, is_source=True
    )
    assert sorted(links.values_list("pledge__slug", flat=True)) == [
        "krasner-end-illegal-stop-and-frisk",
        "krasner-end-mass-incarceration",
        "krasner-justice-for-victims-culture",
        "krasner-no-death-penalty",
        "krasner-reform-cash-bail",
    ]


def test_every_vintage_of_a_value_is_kept(in_record: Report) -> None:
    january = Observation.objects.filter(
        metric__slug="philadelphia-county-pa--arrests-all",
        observed_on=date(2014, 1, 1),
        period="month",
    ).order_by("vintage_on")
    in_files = sorted(
        (row["vintage_on"], float(row["value"]))
        for path in (SEEDS / "observations").glob("*.csv")
        for row in rows_of(SEEDS, f"observations/{path.name}")
        if row["metric"] == "philadelphia-county-pa--arrests-all"
        and (row["observed_on"], row["period"]) == ("2014-01-01", "month")
    )
    assert [(str(v.vintage_on), float(v.value)) for v in january] == in_files
    assert len(in_files) > 1


def test_a_value_of_a_later_vintage_is_a_new_row(in_record: Report, load: Load, copy: Path) -> None:
    before = list(Observation.objects.order_by("pk").values_list())
    add(
        copy,
        "observations/philadelphia_exonerations.csv",
        metric="philadelphia-county-pa--exonerations-da-williams",
        observed_on="2016-12-01",
        period="month",
        value="2",
        vintage_on="2026-01-05",
        vintage_precision="day",
        source="phillydao-dashboard/exonerations",
    )
    report = load(copy)
    assert report.totals == {Verdict.NEW: 1, Verdict.UNCHANGED: sum(COUNTS.values())}
    assert list(Observation.objects.order_by("pk").values_list())[:-1] == before
    entry = Entry.objects.get(edition=EDITIONS + 1)
    assert (entry.event, json.loads(entry.data)["rows"]) == ("observations:imported", 1)
    assert current_edition() == EDITIONS + 1


def test_spoiled_seeds_are_refused_and_nothing_changes(
    in_record: Report, load: Load, copy: Path
) -> None:
    """One fault of each kind in one copy: all of them are found in one go."""
    edit(copy, "status_updates.csv", 2, status="keeping")
    edit(copy, "pledges.csv", 3, topic="bial")
    edit(copy, "terms.csv", 2, started_on="2018-02-30")
    edit(copy, "people.csv", 3, slug="larry-krasner")
    replace(copy, "topics.csv", b"Diversion", b"Diver\xedion")
    with (copy / "metrics.csv").open("ab") as stream:
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
    with nothing_changes(), pytest.raises(PackageRefused) as refusal:
        load(copy)
    faults = [str(fault) for fault in refusal.value.report.sorted_faults]
    assert "people.csv, row 3: person “larry-krasner” stands there already in row 2." in faults
    assert "terms.csv, row 2: Column “started_on”: “2018-02-30” is not a day of the calendar." in (
        faults
    )
    assert (
        "metrics.csv, row 290: The row is longer than 1,000,000 bytes. The rest of the file was not"
        " read."
    ) in faults
    assert [fault.partition(":")[0] for fault in faults] == [
        "people.csv, row 3",
        "terms.csv, row 2",
        "topics.csv, row 3",
        "status_updates.csv, row 2",
        "metrics.csv, row 290",
    ]
    assert refusal.value.report.outcome() == f"Nothing was loaded from {copy}: 5 faults."


def test_published_words_and_updates_are_refused(in_record: Report, load: Load, copy: Path) -> None:
    edit(copy, "pledges.csv", 2, statement="He said something else.")
    edit(copy, "status_updates.csv", 3, status="stalled")
    with nothing_changes(), pytest.raises(PackageRefused) as refusal:
        load(copy)
    assert [str(fault) for fault in refusal.value.report.sorted_faults] == [
        "pledges.csv, row 2: Column “statement”: this is published. Change it on the desk by a"
        " correction, which keeps what it said; then bring the file into line.",
        "status_updates.csv, row 3: Published updates never change. Add a newer one. The record"
        " differs in “status”.",
    ]
