"""The client that is handed out: typed, of one file, and as the schema is today."""

import ast
import subprocess
import sys
from collections.abc import Callable
from email.message import Message
from io import BytesIO
from pathlib import Path
from socket import socket
from types import ModuleType
from typing import Any
from urllib.error import HTTPError

import pytest

from promises.api import whole_schema
from promises.api.client.tables import MIRRORED
from promises.api.client.writing import client_source
from promises.api.resources.changes import TABLES
from promises.staleness.columns import STALE_FLAGS
from tests.api.conftest import Api
from tests.mirror.handed_out import load_client

ADDRESS = "http://127.0.0.1:8000"
PROBLEM = b'{"title": "Too many requests", "status": 429, "detail": "Wait."}'


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The client as others have it."""
    module: ModuleType = load_client(tmp_path_factory.mktemp("client"))
    return module


Asked = Callable[..., list[Any]]


class Answer(BytesIO):
    """What urlopen gives back."""

    def __init__(self, body: bytes, status: int = 200, **headers: str) -> None:
        super().__init__(body)
        self.status, self.headers = status, Message()
        for name, value in headers.items():
            self.headers[name.replace("_", "-")] = value


@pytest.fixture
def answers(client: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Let the tracker answer with these one after the other; return what it was asked."""

    def given(*found: Answer) -> list[Any]:
        waiting, asked = list(found), []

        def urlopen(request: Any, timeout: float) -> Answer:
            asked.append(request)
            answer = waiting.pop(0)
            if answer.status >= 300:
                raise HTTPError(request.full_url, answer.status, "Why", answer.headers, answer)
            return answer

        monkeypatch.setattr(client, "urlopen", urlopen)
        return asked

    return given


@pytest.mark.django_db
def test_it_is_handed_out(api: Api) -> None:
    answer = api.ask("/api/client.py")
    assert answer["Content-Type"] == "text/x-python; charset=utf-8"
    assert answer.content.decode() == client_source()
    again = api.ask("/api/client.py", status=304, If_None_Match=answer["ETag"])
    assert again.content == b""
    assert 'href="/api/client.py"' in api.ask("/api/docs/").content.decode()


def test_its_types_are_strict_and_it_is_well_written(tmp_path: Path) -> None:
    file = tmp_path / "client.py"
    file.write_text(client_source(), encoding="utf-8")
    for command in (
        ["mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path / 'cache'}"],
        ["ruff", "check", "--isolated", "--no-cache", "--line-length=100", "--select=E,F,W,I,B,UP"],
        ["ruff", "format", "--isolated", "--no-cache", "--line-length=100", "--check"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command, str(file)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_it_needs_nothing_but_python() -> None:
    names = set()
    for node in ast.walk(ast.parse(client_source())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_it_has_everything_that_can_be_read(client: ModuleType) -> None:
    schemas = whole_schema.schema()["components"]["schemas"]
    for path, methods in whole_schema.schema()["paths"].items():
        if "get" in methods:
            method = getattr(client.Tracker, methods["get"]["operationId"])
            query = {p["name"] for p in methods["get"].get("parameters", ()) if p["in"] == "query"}
            assert query - {"cursor", "format"} <= set(method.__annotations__), path
    for name in ("PledgeDetail", "Evidence", "Change", "Problem", "WholeMessage"):
        assert set(getattr(client, name).__annotations__) == set(schemas[name]["properties"])


def test_a_copy_has_every_table_that_the_changes_tell_of(client: ModuleType) -> None:
    assert {table.kind for table in client.Mirror.tables} == {
        *(table.kind for table in TABLES),
        STALE_FLAGS.kind,
    }
    assert [table.name for table in client.Mirror.tables] == [table.name for table in MIRRORED]


def test_only_a_tracker_on_the_web_is_asked(client: ModuleType) -> None:
    with pytest.raises(ValueError, match="begins with https://"):
        client.Tracker("file:///etc")


def test_it_follows_next_on_its_own_host_alone(client: ModuleType, answers: Asked) -> None:
    asked = answers(
        Answer(b'{"next": "https://elsewhere.example/api/v1/topics/?cursor=x", "results": [1]}'),
        Answer(b'{"next": null, "results": [2]}'),
    )
    tracker = client.Tracker(ADDRESS, key="ppt_secret")
    assert list(tracker.list_topics(parent=["a", "b"], q="cash bail")) == [1, 2]
    assert [request.full_url for request in asked] == [
        f"{ADDRESS}/api/v1/topics/?page_size=200&parent=a,b&q=cash+bail",
        f"{ADDRESS}/api/v1/topics/?cursor=x",
    ]
    assert [request.get_header("Authorization") for request in asked] == ["Bearer ppt_secret"] * 2
    assert all("Authorization" in request.unredirected_hdrs for request in asked)


def test_what_it_has_is_asked_for_by_its_version(client: ModuleType, answers: Asked) -> None:
    asked = answers(
        Answer(b'{"slug": "a b"}', ETag='"one"'),
        Answer(b"", 304, ETag='"one"'),
        Answer(b'{"slug": "new"}', ETag='"two"'),
        Answer(b"", 304, ETag='"two"'),
    )
    tracker = client.Tracker(ADDRESS)
    found = [tracker.get_topics("a b")["slug"] for _ in range(3)]
    assert found == ["a b", "a b", "new"]
    assert tracker.ask("/api/v1/topics/a%20b/", etag='"two"') == client.Answer(304, '"two"', None)
    assert [request.get_header("If-none-match") for request in asked] == [
        None, '"one"', '"one"', '"two"',
    ]  # fmt: skip
    assert {request.full_url for request in asked} == {f"{ADDRESS}/api/v1/topics/a%20b/"}


def test_it_waits_as_long_as_it_is_told(client: ModuleType, answers: Asked) -> None:
    waited: list[float] = []
    tracker = client.Tracker(ADDRESS, patience=100, sleep=waited.append)
    answers(
        Answer(PROBLEM, 429, Retry_After="60"),
        Answer(b"", 503, Retry_After="5"),
        Answer(b'{"edition": 3}'),
    )
    assert tracker.show_index() == {"edition": 3}
    assert waited == [60, 5]
    answers(Answer(PROBLEM, 429, Retry_After="60"), Answer(PROBLEM, 429, Retry_After="60"))
    with pytest.raises(client.ProblemError) as refusal:
        tracker.list_topics().__next__()
    assert (refusal.value.status, refusal.value.retry_after) == (429, 60)
    assert waited == [60, 5, 60]


def test_it_waits_until_the_moment_that_a_proxy_names(client: ModuleType, answers: Asked) -> None:
    waited: list[float] = []
    tracker = client.Tracker(ADDRESS, sleep=waited.append)
    answers(
        Answer(b"", 503, Retry_After="Wed, 01 Jan 2020 00:00:00 GMT"), Answer(b'{"edition": 3}')
    )
    assert tracker.show_index() == {"edition": 3}
    assert waited == [0]


def test_a_problem_comes_with_its_document(client: ModuleType, answers: Asked) -> None:
    tracker = client.Tracker(ADDRESS)
    answers(Answer(PROBLEM, 429), Answer(b"<html>", 502, Retry_After="0"))
    with pytest.raises(client.ProblemError, match="429 Too many requests: Wait") as refusal:
        tracker.show_index()
    assert refusal.value.document["detail"] == "Wait."
    assert refusal.value.retry_after is None
    with pytest.raises(client.ProblemError, match="502 Why") as refusal:
        tracker.show_index()
    assert refusal.value.document == {"title": "Why", "status": 502, "detail": ""}
    # Every answer says when the next request may come: this one need not be sent again.
    assert refusal.value.retry_after is None


def test_what_is_deprecated_warns(client: ModuleType, answers: Asked) -> None:
    answers(Answer(b"{}", Deprecation="@1782864000", Sunset="Thu, 01 Jul 2027 23:59:59 GMT"))
    with pytest.warns(DeprecationWarning, match="goes on Thu, 01 Jul 2027"):
        client.Tracker(ADDRESS).show_index()


def test_a_run_that_reaches_nobody_says_so_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(client_source(), encoding="utf-8")
    with socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        done = subprocess.run(
            [sys.executable, "client.py", address, "record.sqlite"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("The copy is not up to date; run this again later. <urlopen error ")
