"""docs/api.md is true: its examples run on the seed record, its tables are those of the code."""

import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

import pytest
from django.core.management import call_command
from django.db import transaction

from promises.api import problems
from promises.api.urls import RESOURCES
from promises.metrics.models import Observation
from promises.packages.dumping import dump_package
from tests.api.conftest import Api

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ (curl [^\n]+)\n(.*?)```", PAGE, re.DOTALL)
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
EVERYWHERE = {"ordering", "fields", "page_size", "cursor", "format"}


@pytest.fixture(scope="module")
def seeds(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The seed record, of its many figures only the file that the examples ask for."""
    folder = tmp_path_factory.mktemp("docs") / "seeds"
    shutil.copytree(ROOT / "seeds", folder)
    for file in (folder / "observations").glob("*.csv"):
        if file.name != "philadelphia_stop_frisk_court_reports.csv":
            file.unlink()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_seeds", folder=folder)
        yield
        transaction.set_rollback(True)


def matches(expected: Any, found: Any) -> bool:
    """Return whether an answer is as the page says; `…` stands for anything."""
    if expected == "…":
        return True
    if isinstance(expected, dict):
        named = {name: value for name, value in expected.items() if name != "…"}
        if "…" not in expected and set(named) != set(found):
            return False
        return all(name in found and matches(value, found[name]) for name, value in named.items())
    if isinstance(expected, list):
        if expected[-1:] == ["…"]:
            expected, found = expected[:-1], found[: len(expected) - 1]
        return len(expected) == len(found) and all(map(matches, expected, found))
    return bool(expected == found)


@pytest.mark.django_db
@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[one for one, _ in EXAMPLES])
def test_an_example_answers_as_the_page_says(
    command: str, output: str, api: Api, seeds: None
) -> None:
    words = shlex.split(command)
    address = urlsplit(words[-1])
    assert address.netloc == "127.0.0.1:8000"
    is_head = words[1:-1] == ["-sI"]
    assert is_head or words[1:-1] == ["-s"]
    ask = api.client.head if is_head else api.client.get
    response = ask(f"{address.path}?{address.query}")
    if response.headers["Content-Type"].startswith("text/csv"):
        assert response.content.decode().splitlines() == output.splitlines()
        return
    if not is_head:
        assert matches(json.loads(output), response.json()), response.content.decode()
        return
    first, *headers = output.strip().splitlines()
    assert first == f"HTTP/1.1 {response.status_code} {response.reason_phrase}"
    for line in headers:
        name, value = line.split(": ", 1)
        pattern = re.escape(value).replace("…", ".*")
        assert re.fullmatch(pattern, response[name]), line


class Answer(BytesIO):
    """What urlopen gives back, asked of Django itself."""

    def __init__(self, response: Any) -> None:
        super().__init__(response.content)
        self.status, self.headers = response.status_code, response.headers


@pytest.fixture
def opened(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let urlopen ask this process."""

    def urlopen(asked: str | Request, timeout: float = 0) -> Answer:
        request = Request(asked) if isinstance(asked, str) else asked
        address = urlsplit(request.full_url)
        assert address.netloc == "127.0.0.1:8000"
        path = f"{address.path}?{address.query}"
        answer = Answer(api.client.get(path, headers=dict(request.header_items())))
        if answer.status >= 300:
            raise HTTPError(request.full_url, answer.status, "", answer.headers, answer)  # type: ignore[arg-type]
        return answer

    monkeypatch.setattr("urllib.request.urlopen", urlopen)


@pytest.mark.django_db
def test_the_python_example_reads_and_checks_every_change(
    api: Api, seeds: None, opened: None, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(PROGRAMS[0], "docs/api.md", "exec"), {})
    edition = api.read("")["edition"]
    assert edition > 500
    assert capsys.readouterr().out == f"The record stands at edition {edition}\n"


@pytest.mark.django_db
def test_the_example_of_the_client_copies_the_record(
    api: Api,
    seeds: None,
    opened: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.PACKAGES = str(tmp_path / "packages")
    (tmp_path / "client.py").write_bytes(api.ask("/api/client.py").content)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "client", raising=False)
    names: dict[str, Any] = {}
    exec(compile(PROGRAMS[1], "docs/api.md", "exec"), names)
    copy = names["copy"]
    assert capsys.readouterr().out.splitlines() == [
        "Support harm-reduction centers to prevent overdoses since 2026-01-05",
        "Not found",
        f"The copy stands at edition {api.read('')['edition']}",
        "51 pledges",
    ]
    # Of figures the ledger names the files alone; the copy has their rows.
    assert len(list(copy.rows("observations"))) == Observation.objects.count() > 0
    dump_package(folder=tmp_path / "package")
    copy.write(tmp_path / "copy")
    copy.close()
    for file in (tmp_path / "copy").iterdir():
        lines = (tmp_path / "package" / file.name).read_bytes().splitlines()
        assert file.read_bytes().splitlines() == sorted(lines), file.name
    del sys.modules["client"]


def test_there_are_enough_examples() -> None:
    assert len(EXAMPLES) == PAGE.count("```console") >= 9
    assert len(PROGRAMS) == 2


def test_the_table_of_resources_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| [^|]+ \| `(\w+)`[^|]* \| `([^`]+)` \|$", PAGE, re.M)
    written = {name: (key, filters.split()) for name, key, filters in rows}
    assert written == {
        one.section: (
            next(key for key in ("slug", "id", "prosecutor", "edition")
                 if key in one.serializer().fields),
            [p.name for p in one.list_parameters() if p.name not in EVERYWHERE],
        )
        for one in RESOURCES
    }  # fmt: skip


def test_the_table_of_problems_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", PAGE, re.M)
    assert rows == [(str(kind.status), kind.name) for kind in problems.KINDS]
