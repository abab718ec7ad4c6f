"""Packages that are kept ready: made after a publication and for each day, gone after 30 days."""

import fcntl
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.test import Client

from promises.accounts.models import User
from promises.ledger.chain import current_edition
from promises.ledger.models import Entry
from promises.packages.keeping import (
    Kept,
    keep_package,
    kept_packages,
    of_day,
    packages_to_hand_out,
)
from promises.packages.tasks import keep
from tests import record
from tests.conftest import without_database
from tests.packages.dumped import contents

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-26T12:00:00+00:00")


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    """A folder for the packages of one test."""
    settings.PACKAGES = str(tmp_path / "packages")
    return tmp_path / "packages"


def kept_package(day: str) -> Kept | None:
    return of_day(day, kept_packages())


def days(root: Path) -> list[str]:
    """Return the packages that are there, by day and edition."""
    return [name.rpartition(".")[0] for name in names(root)]


def names(root: Path) -> list[str]:
    """Return how the packages that are there are called."""
    return sorted(path.name for path in root.iterdir() if not path.name.startswith("."))


def test_nothing_is_kept_before_the_first_run() -> None:
    assert (kept_packages(), kept_package("latest"), kept_package("2026-11-26")) == ([], None, None)


def test_a_publication_makes_a_new_package_and_nothing_else_does(root: Path) -> None:
    assert keep_package(now=NOW)
    assert days(root) == ["2026-11-26.0"]
    assert not keep_package(now=NOW + timedelta(hours=1))
    record.pledge(by=record.user())
    edition = current_edition()
    assert keep_package(now=NOW + timedelta(hours=2))
    # What was made earlier on the same day has gone.
    assert days(root) == [f"2026-11-26.{edition}"]
    latest = kept_package("latest")
    assert latest is not None
    assert (latest.day, latest.edition) == (date(2026, 11, 26), edition)
    assert latest == kept_package("2026-11-26")


def test_each_day_has_a_package_with_the_same_bytes_for_the_same_edition(root: Path) -> None:
    record.pledge(by=record.user())
    edition = current_edition()
    assert [keep_package(now=NOW + timedelta(days=day)) for day in range(3)] == [True] * 3
    assert days(root) == [f"2026-11-{day}.{edition}" for day in (26, 27, 28)]
    first, second, third = (contents(root / name) for name in names(root))
    assert first == second == third
    # The files are the same on disk too.
    assert (root / names(root)[0] / "pledges.csv").stat().st_nlink == 3


def test_packages_go_after_thirty_days_but_never_the_newest(root: Path) -> None:
    assert keep_package(now=NOW)
    assert keep_package(now=NOW + timedelta(days=30))
    assert days(root) == ["2026-11-26.0", "2026-12-26.0"]
    assert keep_package(now=NOW + timedelta(days=31))
    assert days(root) == ["2026-12-26.0", "2026-12-27.0"]


def test_one_run_at_a_time_and_what_a_killed_one_left_is_cleared(root: Path) -> None:
    (root / ".next").mkdir(parents=True)
    (root / ".next" / "people.csv").write_text("half", encoding="utf-8")
    (root / "..next.part").mkdir()
    (root / "..next.part" / "people.csv").write_text("half", encoding="utf-8")
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert not keep_package(now=NOW)
        assert days(root) == []
    assert keep()
    assert len(days(root)) == 1
    assert sorted(path.name for path in root.iterdir() if path.is_dir()) == names(root)


def test_what_a_restored_database_does_not_know_is_no_package(root: Path, client: Client) -> None:
    by = record.user()
    record.pledge(by=by, slug="in-both")
    edition, tomorrow = current_edition(), NOW + timedelta(days=1)
    assert keep_package(now=NOW)
    (first,) = kept_packages()
    assert first.ledger_hash == Entry.objects.get(edition=edition).hash
    before = transaction.savepoint()
    record.pledge(by=by, slug="lost")
    lost_edition = current_edition()
    assert keep_package(now=tomorrow)
    assert [kept.edition for kept in kept_packages()] == [edition, lost_edition]
    said = b"".join(client.get("/data/2026-11-27/pledges.csv"))  # type: ignore[arg-type]
    assert b"lost" in said
    # As after a restore of the backup of the day before.
    transaction.savepoint_rollback(before)
    assert kept_packages() == [first] == [kept_package("latest")]
    for address in ("/data/2026-11-27/", "/data/2026-11-27/pledges.csv"):
        assert client.get(address).status_code == 404
    # The ledger gets as far again, with something else.
    record.pledge(by=by, slug="another")
    assert current_edition() == lost_edition
    assert kept_package("latest") == first
    assert keep_package(now=tomorrow)
    latest = kept_package("latest")
    assert latest is not None
    assert latest.edition == lost_edition
    said = b"".join(client.get("/data/latest/pledges.csv"))  # type: ignore[arg-type]
    assert (b"another" in said, b"lost" in said) == (True, False)
    # The lost one is handed out to nobody, and goes when it is old.
    assert days(root) == [f"2026-11-26.{edition}", *[f"2026-11-27.{lost_edition}"] * 2]
    assert keep_package(now=NOW + timedelta(days=40))
    assert names(root) == [f"2027-01-05.{lost_edition}.{latest.ledger_hash}"]


def test_a_package_from_before_gets_its_name_if_the_ledger_knows_it(root: Path) -> None:
    record.pledge(by=record.user())
    assert keep_package(now=NOW)
    (kept,) = kept_packages()
    old = root / f"2026-11-26.{kept.edition}"
    kept.folder.rename(old)
    assert kept_packages() == []
    assert not keep_package(now=NOW)
    assert kept_packages() == [kept]
    kept.folder.rename(old)
    told = (old / "datapackage.json").read_text().replace('"created": "2', '"created": "1')
    (old / "datapackage.json").write_text(told)
    assert keep_package(now=NOW)
    assert names(root) == [old.name, kept.folder.name]


def test_packages_are_handed_out_while_the_database_is_away() -> None:
    record.pledge(by=record.user())
    assert keep_package(now=NOW)
    kept = kept_packages()
    with connection.execute_wrapper(without_database):
        assert packages_to_hand_out() == kept
        # Whoever makes and removes packages does not take them for what the ledger knows.
        with pytest.raises(OperationalError):
            kept_packages()


def test_hashes_are_those_of_the_files() -> None:
    assert keep_package(now=NOW)
    latest = kept_package("latest")
    assert latest is not None
    listed = latest.files()
    assert {file.size for file in listed} == {
        len(data) for data in contents(latest.folder).values()
    }
    assert latest.file("../../manage.py") is None


def test_the_command_makes_one_at_once_and_says_so(root: Path, author: User) -> None:
    def said() -> str:
        out = StringIO()
        call_command("keep_package", stdout=out)
        return out.getvalue()

    record.pledge(by=author)
    assert said() == f"Made the package of edition {current_edition()}.\n"
    made = names(root)
    assert said() == "The newest package is of this edition, or another run makes one.\n"
    assert names(root) == made
    root.joinpath(made[0]).rename(root.parent / "aside")
    root.joinpath(".next").write_text("in the way")
    with pytest.raises(CommandError, match="No package was made: "):
        said()
    assert names(root) == []
