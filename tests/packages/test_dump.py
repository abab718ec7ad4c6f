"""What a dump holds: every file described and counted, the same bytes each time."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from promises.ledger.chain import current_edition
from promises.ledger.models import Entry
from promises.packages.dumping import dump_package
from promises.packages.leaving import LEAVING, ONLY_OUT
from promises.packages.rows import Verdict
from promises.packages.tables import ORDER
from tests.packages.conftest import Hold, Load
from tests.packages.dumped import FILES, TEXTS, contents
from tests.packages.folder import rows_of, small_package


@pytest.fixture(scope="module")
def dumped(in_the_record: Hold, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The small package loaded and dumped; it is in the record while the tests of this file run."""
    place = tmp_path_factory.mktemp("dumped")
    source = small_package(place / "source")
    with in_the_record(source):
        dump_package(folder=place / "package")
        yield place / "package"


@pytest.mark.django_db
def test_every_file_is_there_and_its_hash_is_listed(dumped: Path) -> None:
    found = contents(dumped)
    assert sorted(found) == FILES
    sums = dict(line.split("  ")[::-1] for line in found.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}
    assert [path.name for path in dumped.parent.iterdir() if path.is_dir()] in (
        ["source", "package"],
        ["package", "source"],
    )


@pytest.mark.django_db
def test_the_same_edition_gives_the_same_bytes(dumped: Path, tmp_path: Path) -> None:
    assert dump_package(folder=tmp_path / "again") == current_edition()
    assert contents(tmp_path / "again") == contents(dumped)


@pytest.mark.django_db
def test_the_descriptor_says_what_the_files_hold(dumped: Path) -> None:
    package = json.loads((dumped / "datapackage.json").read_bytes())
    newest = Entry.objects.order_by("-edition")[0]
    assert package["version"] == str(newest.edition)
    assert package["created"] == newest.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert [licence["name"] for licence in package["licenses"]] == ["CC-BY-4.0"]
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert list(resources) == [table.name for table in LEAVING]
    for name, resource in resources.items():
        data = (dumped / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert data.decode().splitlines()[0] == ",".join(fields)
        assert set(resource["schema"].get("primaryKey", [])) <= set(fields)
        for key in resource["schema"].get("foreignKeys", []):
            assert set(key["fields"]) <= set(fields)
            other = resources[key["reference"]["resource"] or name]
            assert key["reference"]["fields"] == other["schema"]["primaryKey"]
    assert resources["standings"]["schema"]["foreignKeys"] == [
        {"fields": ["pledge"], "reference": {"resource": "pledges", "fields": ["slug"]}}
    ]
    assert resources["topics"]["schema"]["foreignKeys"][0]["reference"]["resource"] == ""


@pytest.mark.django_db
def test_the_database_file_holds_the_rows_of_the_sheets(dumped: Path) -> None:
    with closing(sqlite3.connect(dumped / "tracker.sqlite")) as database:
        for table in LEAVING:
            [(count,)] = database.execute(f'SELECT count(*) FROM "{table.name}"')
            assert count == len(rows_of(dumped, f"{table.name}.csv"))
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute(
            "SELECT status FROM standings JOIN pledges ON slug = pledge WHERE title = ?",
            ["Publish data"],
        ).fetchall() == [("kept",)]
        assert dict(database.execute("SELECT * FROM package"))["edition"] == str(current_edition())


@pytest.mark.django_db
def test_the_archive_is_a_package_of_its_own(dumped: Path, load: Load, tmp_path: Path) -> None:
    with ZipFile(dumped / "package.zip") as archive:
        assert archive.namelist() == sorted(
            [
                "datapackage.json",
                "popolo.json",
                *TEXTS,
                *(f"{table.name}.csv" for table in LEAVING),
            ]
        )
        archive.extractall(tmp_path / "unpacked")
    assert set(load(tmp_path / "unpacked").totals) == {Verdict.UNCHANGED}


def test_tables_that_only_leave_are_no_tables_of_a_load() -> None:
    assert {table.name for table in ONLY_OUT} & {table.name for table in ORDER} == set()
