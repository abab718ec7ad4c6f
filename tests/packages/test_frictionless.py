"""A package of the seeds is clean for the reference implementation of Frictionless."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from promises.packages.dumping import dump_package
from promises.packages.leaving import LEAVING
from promises.packages.management.commands.load_seeds import SEEDS
from promises.packages.report import Report

pytestmark = pytest.mark.django_db


def report_on(descriptor: Path, *options: str) -> dict[str, Any]:
    """Return what `frictionless validate` says."""
    command = [sys.executable, "-m", "frictionless", "validate", "--json", *options]
    done = subprocess.run(
        [*command, descriptor.name], cwd=descriptor.parent, capture_output=True, check=False
    )
    assert done.stdout, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_row_of_the_seeds_is_as_the_package_describes_it(
    in_the_record: Callable[[Path], AbstractContextManager[Report]], tmp_path: Path
) -> None:
    with in_the_record(SEEDS):
        dump_package(folder=tmp_path / "package")
    # What is in the archive is whole by itself.
    with ZipFile(tmp_path / "package" / "package.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    report = report_on(tmp_path / "unpacked" / "datapackage.json")
    faults = [(task["name"], error) for task in report["tasks"] for error in task["errors"]]
    warnings = [(task["name"], told) for task in report["tasks"] for told in task["warnings"]]
    assert (report["errors"], report["warnings"], faults, warnings) == ([], [], [], [])
    assert [task["name"] for task in report["tasks"]] == [table.name for table in LEAVING]
    assert report["stats"]["errors"] == 0
    assert report["valid"] is True
    # It does find what is wrong.
    (tmp_path / "unpacked" / "terms.csv").write_text("slug,person\nx,nobody\n", encoding="utf-8")
    report = report_on(tmp_path / "unpacked" / "datapackage.json", "--resource-name", "terms")
    assert report["valid"] is False
