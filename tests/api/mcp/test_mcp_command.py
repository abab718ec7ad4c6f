"""`manage.py mcp` as a program: on its own streams, and asked by the official client."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from promises.pledges.actions import retract_pledge
from tests import record
from tests.beside import ROOT, environment_beside
from tests.record import NOW

pytestmark = pytest.mark.django_db(transaction=True)
COMMAND = ["manage.py", "mcp"]


def test_lines_in_lines_out_and_an_end(transactional_db: None) -> None:
    author = record.user("author")
    pledge = record.pledge(by=author, slug="a-pledge", title="Acabar con la fianza 🗳")
    record.draft_pledge(by=author, slug="a-secret", title="Secret")
    with subprocess.Popen(
        [sys.executable, *COMMAND], cwd=ROOT, env=environment_beside(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as program:  # fmt: skip
        sent, out = program.stdin, program.stdout
        assert sent is not None
        assert out is not None

        def ask(method: str, **params: Any) -> Any:
            request = {"jsonrpc": "2.0", "id": method, "method": method, "params": params}
            sent.write(json.dumps(request).encode() + b"\n")
            sent.flush()
            answer = json.loads(out.readline())
            assert answer["id"] == method
            return answer.get("result") or answer["error"]

        assert ask("initialize", protocolVersion="2025-11-25")["protocolVersion"] == "2025-11-25"
        sent.write(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
        assert ask("nothing")["code"] == -32601
        found = ask("tools/call", name="search", arguments={"words": "fianza"})
        (row,) = found["structuredContent"]["result"]["pledges"]
        assert row["title"] == pledge.title
        found = ask("tools/call", name="search", arguments={"words": "secret"})
        assert found["structuredContent"]["result"]["pledges"] == []
        # What happens meanwhile is known at the next question.
        retract_pledge(pledge=pledge, reason="A test.", by=author, now=NOW)
        assert ask("tools/call", name="pledge", arguments={"slug": "a-pledge"})["isError"] is True
        rest, words = program.communicate(timeout=60)
        assert (rest, words, program.returncode) == (b"", b"", 0)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_the_official_client_asks_every_tool(transactional_db: None, mode: Any) -> None:
    author = record.user("author")
    pledge = record.pledge(by=author, slug="a-pledge", title="End cash bail")
    arguments = {
        "search": {"words": "cash bail"},
        "pledge": {"slug": "a-pledge"},
        "scorecard": {"prosecutor": pledge.person.slug},
        "changes": {"limit": 5},
    }
    server = StdioServerParameters(
        command=sys.executable, args=COMMAND, cwd=ROOT, env=environment_beside()
    )

    async def talk() -> dict[str, Any]:
        async with Client(server, mode=mode) as client:
            listed = await client.list_tools()
            assert [one.name for one in listed.tools] == list(arguments)
            refused = await client.call_tool("pledge", {"slug": "never-was"})
            assert refused.is_error
            return {name: await client.call_tool(name, given) for name, given in arguments.items()}

    # In a thread of its own: a browser of other tests may keep a loop running in this one.
    with ThreadPoolExecutor(1) as apart:
        answers = apart.submit(lambda: asyncio.run(talk())).result()
    for name, answer in answers.items():
        assert not answer.is_error, name
        assert {"edition", "licence", "sources", "result"} <= set(answer.structured_content)
        assert answer.structured_content["sources"], name
