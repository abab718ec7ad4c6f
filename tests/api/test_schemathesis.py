"""Schemathesis asks a real web process whatever the schema allows, and what it does not.

`make test` runs the short form; the long one is ARGS="-n 0 -m slow tests/api/test_schemathesis.py".
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from promises.api.whole_schema import schema
from tests import record
from tests.api.keyed import key_of
from tests.api.world import build_world
from tests.beside import ROOT, environment_beside
from tests.serving.test_processes import Web

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAM = Path(sys.executable).with_name("schemathesis")
CONFIG = Path(__file__).with_name("schemathesis.toml")
HOOKS = {"SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks", "PYTHONPATH": str(ROOT)}
NO_LIMIT = str(10**9)
LIMITS = ("API_REQUESTS_PER_HOUR", "API_REQUESTS_PER_HOUR_STANDARD")


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    """A web process over a small record, which counts requests and refuses none."""
    build_world()
    web = Web({**environment_beside(), **dict.fromkeys(LIMITS, NO_LIMIT)})
    try:
        web.wait()
        yield f"http://127.0.0.1:{web.port}"
    finally:
        web.program.terminate()
        web.program.wait()


def ask(address: str, folder: Path, *options: str) -> dict[str, Any]:
    """Return what Schemathesis reports. It must find nothing."""
    report = folder / "report.json"
    owner = record.user("asker")
    done = subprocess.run(
        [PROGRAM, "--no-color", "--config-file", CONFIG, "run", f"{address}/api/schema/",
         "--checks", "all", "--report", "json", "--report-json-path", report, *options],
        cwd=folder, env={**environment_beside(), **HOOKS, "API_KEY": key_of(owner)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    assert (found["complete"], found["failures"], found["errors"]) == (True, [], [])
    # The key was taken, so what it opens was asked as well.
    assert found["warnings"]["missing_auth"] == []
    return found


def test_a_few_requests_to_every_address(address: str, tmp_path: Path) -> None:
    few = ("--phases", "fuzzing,stateful", "--max-examples", "2", "--seed", "1")
    report = ask(address, tmp_path, *few)
    assert len(report["valid_rates"]) == sum(map(len, schema()["paths"].values()))


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
def test_twenty_thousand_requests_by_every_phase(address: str, tmp_path: Path) -> None:
    report = ask(address, tmp_path, "--max-examples", "350")
    assert report["test_cases"]["generated"] >= 20_000
