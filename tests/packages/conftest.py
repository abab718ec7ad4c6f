"""Packages, and the proof that a refusal changed nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.packages.actions import load_package
from promises.packages.report import PackageRefused, Report
from promises.packages.rows import Verdict
from tests.packages.folder import ROWS, larger_package, small_package
from tests.record import NOW

Load = Callable[..., Report]
Hold = Callable[[Path], AbstractContextManager[Report]]
FaultsOf = Callable[[Path], list[str]]


def record_as_it_is() -> dict[str, tuple[int, str]]:
    """Return how many rows each table has, with a hash of them all: ledger and history too."""
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("promises.") and model._meta.managed
    )
    counts = [
        f"SELECT '{table}', count(*), md5(string_agg(t::text, ' ' ORDER BY t::text))"
        f' FROM "{table}" t'
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts))
        return {table: (count, digest) for table, count, digest in cursor.fetchall()}


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Assert that the block leaves every row of the record as it was."""
    before = record_as_it_is()
    yield
    assert record_as_it_is() == before


@pytest.fixture
def importer(db: None) -> User:
    """The account that imports."""
    return service_account(name="import", display_name="Seed import")


@pytest.fixture(scope="session")
def in_the_record(
    django_db_setup: None, django_db_blocker: Any
) -> Callable[[Path], AbstractContextManager[Report]]:
    """Load a folder once for many tests: each of them works in a savepoint on top of it."""

    @contextmanager
    def hold(folder: Path) -> Iterator[Report]:
        with django_db_blocker.unblock(), transaction.atomic():
            by = service_account(name="import", display_name="Seed import")
            yield load_package(folder=folder, by=by, now=NOW)
            transaction.set_rollback(True)

    return hold


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small package."""
    return small_package(tmp_path / "small")


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A package with more evidence."""
    return larger_package(tmp_path / "many")


@pytest.fixture
def load(importer: User) -> Load:
    """Load a folder as the command does."""

    def run(folder: Path, **more: Any) -> Report:
        return load_package(folder=folder, by=importer, now=more.pop("now", NOW), **more)

    return run


@pytest.fixture
def faults_of(load: Load) -> Callable[[Path], list[str]]:
    """Load a folder that must be refused; return every fault, and prove that nothing changed."""

    def run(folder: Path) -> list[str]:
        with nothing_changes(), pytest.raises(PackageRefused) as refusal:
            load(folder)
        return [str(fault) for fault in refusal.value.report.sorted_faults]

    return run


@pytest.fixture(scope="module")
def small_in_the_record(
    in_the_record: Callable[[Path], AbstractContextManager[Report]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Report]:
    """The small package is in the record for all tests of a file."""
    with in_the_record(small_package(tmp_path_factory.mktemp("first"))) as report:
        yield report


@pytest.fixture
def loaded(small_in_the_record: Report, small: Path) -> Path:
    """A copy of the package that is in the record, to edit and load again."""
    assert small_in_the_record.totals == {Verdict.NEW: ROWS}
    return small
