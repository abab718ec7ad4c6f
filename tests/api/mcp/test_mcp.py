"""The server for language models: its protocol, its tools, and that it says nothing hidden."""

import io
import json
from typing import Any

import pytest
from django.db import connection
from jsonschema import Draft202012Validator

from promises.api.management.commands.mcp import INFO
from promises.api.mcp.catalogue import INSTRUCTIONS, TOOLS
from promises.api.mcp.protocol import HANDSHAKES, LONGEST_LINE, VERSIONS, Server
from promises.api.mcp.tools import ANSWER
from tests.api.hidden import add_hidden
from tests.api.world import World
from tests.conftest import without_database

pytestmark = pytest.mark.django_db
SERVER = Server(TOOLS, INFO, INSTRUCTIONS)


def ask(method: str, **params: Any) -> Any:
    """Return the answer to one request, as a client reads it."""
    request = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
    answer = SERVER.answer(json.dumps(request).encode())
    assert isinstance(answer, dict)
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", 7)
    return answer


def tool(name: str, **arguments: Any) -> Any:
    """Return what a tool answers, which must be as it promises."""
    result = ask("tools/call", name=name, arguments=arguments)["result"]
    assert result["isError"] is False, result
    found = result["structuredContent"]
    (content,) = result["content"]
    assert (content["type"], json.loads(content["text"])) == ("text", found)
    Draft202012Validator(ANSWER).validate(found)
    return found


def refusal(name: str, **arguments: Any) -> str:
    """Return why a tool does not answer."""
    result = ask("tools/call", name=name, arguments=arguments)["result"]
    assert result["isError"] is True
    assert "structuredContent" not in result
    (content,) = result["content"]
    return str(content["text"])


def fault(line: bytes | None) -> tuple[Any, int, str]:
    """Return to which id an error answers a line, its code and its words."""
    answer = SERVER.answer(line)
    assert isinstance(answer, dict)
    assert set(answer) == {"jsonrpc", "id", "error"}
    return answer["id"], answer["error"]["code"], answer["error"]["message"]


@pytest.mark.parametrize("version", HANDSHAKES)
def test_a_handshake_in_every_revision(version: str) -> None:
    result = ask("initialize", protocolVersion=version, capabilities={})["result"]
    assert result["protocolVersion"] == version
    assert result["capabilities"] == {"tools": {}}
    assert result["serverInfo"] == INFO
    assert "Prosecutor" in result["serverInfo"]["title"]


def test_a_handshake_in_a_revision_that_is_not_known_offers_the_newest() -> None:
    result = ask("initialize", protocolVersion="2031-01-01", capabilities={})["result"]
    assert result["protocolVersion"] == "2025-11-25"


def test_requests_that_stand_alone() -> None:
    key = "io.modelcontextprotocol/protocolVersion"
    result = ask("server/discover", _meta={key: "2026-07-28"})["result"]
    assert result["supportedVersions"] == list(VERSIONS)
    assert (result["resultType"], result["cacheScope"]) == ("complete", "public")
    error = ask("tools/list", _meta={key: "2031-01-01"})["error"]
    assert (error["code"], error["data"]) == (
        -32022, {"supported": list(VERSIONS), "requested": "2031-01-01"},
    )  # fmt: skip


def test_four_tools_that_only_read() -> None:
    listed = ask("tools/list")["result"]["tools"]
    assert [one["name"] for one in listed] == ["search", "pledge", "scorecard", "changes"]
    for one in listed:
        assert one["annotations"]["readOnlyHint"] is True
        assert one["description"]
        for schema in (one["inputSchema"], one["outputSchema"]):
            Draft202012Validator.check_schema(schema)
        assert one["inputSchema"]["additionalProperties"] is False
        assert all(shape["description"] for shape in one["inputSchema"]["properties"].values())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"{", (None, -32700)),
        (b'"\xff"', (None, -32700)),
        (b"[" * 100_000, (None, -32700)),
        (b'{"jsonrpc": "2.0", "id": NaN, "method": "ping"}', (None, -32700)),
        (None, (None, -32700)),
        (b"7", (None, -32600)),
        (b"[]", (None, -32600)),
        (b"[" + b"1," * 50 + b"1]", (None, -32600)),
        (b'{"id": 1, "method": "ping"}', (None, -32600)),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "ping"}', (None, -32600)),
        (b'{"jsonrpc": "2.0", "id": true, "method": "ping"}', (None, -32600)),
        (b'{"jsonrpc": "2.0", "id": null, "method": "ping"}', (None, -32600)),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 7}', (1, -32600)),
        (b'{"jsonrpc": "2.0", "id": "a", "method": "resources/list"}', ("a", -32601)),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}', (1, -32602)),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "initialize"}', (1, -32602)),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call"}', (1, -32602)),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"cursor": "a"}}',
         (1, -32602)),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_words(
    line: bytes | None, expected: tuple[Any, int]
) -> None:
    name, code, words = fault(line)
    assert ((name, code), bool(words)) == (expected, True)


def test_an_unknown_tool_and_arguments_that_are_none() -> None:
    error = ask("tools/call", name="delete", arguments={})["error"]
    assert (error["code"], error["message"]) == (
        -32602, "There is no such tool. There are: search, pledge, scorecard, changes.",
    )  # fmt: skip
    error = ask("tools/call", name="pledge", arguments="a")["error"]
    assert (error["code"], error["message"]) == (-32602, "arguments is an object.")


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("pledge", {}, "Add the parameter slug"),
        ("pledge", {"slug": "a/b"}, "slug cannot be 'a/b'"),
        ("pledge", {"slug": "never-was"}, "Nothing public has this name."),
        ("pledge", {"slug": "a", "as_off": "b"}, "There is no parameter 'as_off' here."),
        ("scorecard", {"prosecutor": ["a"]}, "prosecutor is a text or a whole number."),
        ("scorecard", {"prosecutor": True}, "prosecutor is a text or a whole number."),
        ("search", {"words": " "}, "Write one or more words"),
        (
            "search",
            {"words": "bail", "status": "kapt"},
            "Did you mean kept? Possible: not_yet_rated,"
            " in_the_works, stalled, compromise, kept, broken, unratable.",
        ),
        ("pledge", {"slug": "a", "zzz": "b"}, "There is no parameter 'zzz' here. Possible: slug."),
        ("search", {"words": "bail", "limit": 51}, "Write a whole number from 1 to 50."),
        ("changes", {"after": -1}, "Write a whole number from 0"),
        ("changes", {"limit": 1.5}, "limit is a text or a whole number."),
    ],
)
def test_a_tool_says_what_is_wrong_with_its_arguments(
    name: str, arguments: dict[str, Any], words: str
) -> None:
    assert words in refusal(name, **arguments)


def test_notifications_and_answers_are_not_answered_and_a_batch_is() -> None:
    assert SERVER.answer(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}') is None
    assert SERVER.answer(b'{"jsonrpc": "2.0", "id": 1, "result": {}}') is None
    batch = [
        {"jsonrpc": "2.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}},
        {"jsonrpc": "2.0", "id": "b", "method": "nothing"},
    ]
    answers = SERVER.answer(json.dumps(batch).encode())
    assert isinstance(answers, list)
    assert [(one["id"], "result" in one) for one in answers] == [(1, True), ("b", False)]


def test_lines_one_after_the_other() -> None:
    ping = b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "ping"}\n'
    sent = io.BytesIO(b"\n  \n" + ping + b" " * (2 * LONGEST_LINE) + b"{}\n" + ping.strip())
    out = io.BytesIO()
    SERVER.serve(sent, out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(one["id"], one.get("error", {}).get("code")) for one in answers] == [
        ("\ud800", None), (None, -32700), ("\ud800", None),
    ]  # fmt: skip


def test_every_answer_says_edition_licence_and_sources(world: World) -> None:
    for name, arguments in (
        ("search", {"words": "bail"}),
        ("pledge", {"slug": "end-cash-bail"}),
        ("scorecard", {"prosecutor": "jane-example"}),
        ("changes", {}),
    ):
        found = tool(name, **arguments)
        edition = found["edition"]
        assert edition > 10
        assert found["today"] == "2026-03-02"
        assert found["licence"]["name"] == "CC-BY-4.0"
        assert f"edition {edition}" in found["cite_as"]
        assert found["sources"], name


def test_search_finds_pledges_and_evidence_with_their_names(world: World) -> None:
    found = tool("search", words="BAIL")
    assert [row["slug"] for row in found["result"]["pledges"]] == ["end-cash-bail"]
    assert [row["slug"] for row in found["result"]["evidence"]] == ["bail-report"]
    assert found["sources"] == [
        {"title": "End all cash bail", "url": "http://127.0.0.1:8000/pledges/end-cash-bail/"},
        {"title": "Bail report", "url": "https://news.example.org/bail",
         "publisher": "The Example Gazette", "published": "May 2025"},
    ]  # fmt: skip
    kept = tool("search", words="bail", status="kept")
    assert (kept["result"]["pledges"], kept["result"]["evidence"]) == ([], [])
    limited = tool("search", words="example", limit=1)["result"]
    assert (len(limited["pledges"]), limited["there_are_more_pledges"]) == (1, False)


def test_a_pledge_with_all_that_is_known_of_it(world: World) -> None:
    row = tool("pledge", slug="end-cash-bail")["result"]["pledge"]
    assert (row["status"], row["title"]) == ("in_the_works", "End all cash bail")
    (update,) = row["status_updates"]
    assert (update["slug"], update["reasoning"]) == ("bail-update", "The evidence says so.")
    assert update["corrected_at"] is None
    assert [one["slug"] for one in row["responses"]] == ["bail-reply"]
    assert [one["note"] for one in row["corrections"]] == ["Too short."]
    assert [one["evidence"] for one in row["evidence"]] == ["bail-report"]


def test_a_scorecard_with_the_pledges_it_counts(world: World) -> None:
    found = tool("scorecard", prosecutor="jane-example")["result"]
    assert found["scorecard"]["pledges"] == len(found["pledges"]) == 1
    assert found["scorecard"]["statuses"]["in_the_works"] == 1


def test_changes_newest_first_or_after_an_edition(world: World) -> None:
    newest = tool("changes", limit=3)
    edition = newest["edition"]
    rows = newest["result"]["changes"]
    assert [row["edition"] for row in rows] == [edition, edition - 1, edition - 2]
    assert newest["result"]["there_are_more_changes"] is True
    rows = tool("changes", after=edition - 2)["result"]["changes"]
    assert [row["edition"] for row in rows] == [edition - 1, edition]
    rows = tool("changes", pledge="end-cash-bail", limit=100)["result"]["changes"]
    assert {row["pledge"] for row in rows} == {"end-cash-bail", None}
    assert {row["subject"].split("/")[0] for row in rows if row["pledge"] is None} == {
        "corrections", "evidence", "metrics",
    }  # fmt: skip


def test_nothing_hidden_is_said(world: World) -> None:
    add_hidden(world)
    names = ("secret-pledge", "withdrawn-pledge", "withdrawn-2")
    people = ("secret-person", "withdrawn-person")
    assert {refusal("pledge", slug=name) for name in names} == {refusal("pledge", slug="never-was")}
    assert {refusal("scorecard", prosecutor=name) for name in people} == {
        refusal("pledge", slug="never-was")
    }
    answers = [
        *(tool("search", words=words) for words in ("secret", "withdrawn", "bail", "a")),
        tool("search", words="secret", prosecutor="withdrawn-person"),
        tool("pledge", slug="end-cash-bail"),
        tool("scorecard", prosecutor="jane-example"),
        tool("changes", pledge="secret-pledge"),
        *(tool("changes", after=after, limit=100) for after in range(0, 300, 100)),
    ]
    assert "secret" not in json.dumps([one["result"] for one in answers]).lower()
    assert "withdrawn" not in json.dumps(answers[1:7])
    told = [
        (row["event"], row["data"])
        for one in answers[7:]
        for row in one["result"]["changes"]
        if "withdrawn" in json.dumps(row)
    ]
    assert {event.partition(":")[2] for event, _ in told} == {"retracted"}
    assert {frozenset(data) for _, data in told} == {frozenset({"slug", "reason"})}


def test_without_the_database_it_says_so_and_stays(world: World) -> None:
    with connection.execute_wrapper(without_database):
        assert refusal("scorecard", prosecutor="jane-example") == (
            "The record cannot be read now. Try again later."
        )
    assert tool("scorecard", prosecutor="jane-example")["edition"] > 0


def test_a_fault_of_ours_is_logged_and_told_without_a_word_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_resource: Any) -> None:
        raise RuntimeError("a private word")

    monkeypatch.setattr("promises.api.resources.scorecards.Scorecards.rows", broken)
    error = ask("tools/call", name="scorecard", arguments={"prosecutor": "a"})["error"]
    assert (error["code"], error["message"]) == (-32603, "The fault is ours; it is logged.")
    assert "a private word" in caplog.text
