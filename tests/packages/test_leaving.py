"""Nothing that is hidden leaves, in any file, and what is left fits together."""

import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from promises.accounts.models import User
from promises.officials.models import Election
from promises.packages.describing import references
from promises.packages.dumping import dump_package
from promises.packages.leaving import LEAVING
from promises.staleness.actions import sweep_stale
from tests.packages.dumped import contents
from tests.packages.folder import rows_of
from tests.site.hidden import LATER, SECRET, hidden_record

pytestmark = pytest.mark.django_db
# Tables of which the record of this test has no public row.
EMPTY = {
    "captures", "capture_waivers", "general_terms", "metric_annotations", "metric_sources",
    "pledge_translations", "record_request_documents", "record_request_extensions",
}  # fmt: skip


@pytest.fixture
def package(author: User, tmp_path: Path) -> Path:
    """A dump of a public pledge of which everything is known, surrounded by what is hidden."""
    hidden_record(author)
    sweep_stale(by=author, now=LATER)
    # Elections are public from the start, as in the API, also where nobody who stood is.
    Election.objects.filter(note__contains=SECRET).update(note="")
    dump_package(folder=tmp_path / "package")
    return tmp_path / "package"


def test_nothing_hidden_is_in_any_file(package: Path) -> None:
    found = contents(package)
    with ZipFile(package / "package.zip") as archive:
        found |= {f"package.zip/{name}": archive.read(name) for name in archive.namelist()}
    assert [name for name, data in found.items() if SECRET.encode() in data.lower()] == []


def test_every_row_that_a_row_points_to_is_there_too(package: Path) -> None:
    with closing(sqlite3.connect(package / "tracker.sqlite")) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    lost = []
    for table in LEAVING:
        for own, other, there in references(table):
            known = {tuple(row[name] for name in there) for row in rows_of(package, f"{other}.csv")}
            for row in rows_of(package, f"{table.name}.csv"):
                key = tuple(row[name] for name in own)
                if any(key) and key not in known:
                    lost.append((table.name, own, key))
    assert lost == []


def test_the_columns_that_tell_rows_apart_do(package: Path) -> None:
    for table in LEAVING:
        rows = rows_of(package, f"{table.name}.csv")
        keys = [tuple(row[name] for name in table.key) for row in rows]
        assert len(keys) == len(set(keys)), table.name


def test_most_tables_have_rows_here(package: Path) -> None:
    empty = {table.name for table in LEAVING if not rows_of(package, f"{table.name}.csv")}
    assert empty - EMPTY == set()
