"""The Model Context Protocol on two streams: JSON-RPC 2.0, one message a line.

From the specification, https://modelcontextprotocol.io/specification/: revisions that begin with
a handshake, and 2026-07-28, in which each request stands alone. Tools are all there is.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import InterfaceError, OperationalError

from promises.api.mcp.tools import Tool, ToolError, call

HANDSHAKES = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
VERSIONS = ("2026-07-28", *HANDSHAKES)
# Longer lines are refused, unread. An argument has a few hundred characters.
LONGEST_LINE = 1_000_000
MOST_AT_ONCE = 50
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND = -32700, -32600, -32601
INVALID_PARAMS, INTERNAL_ERROR, UNSUPPORTED_VERSION = -32602, -32603, -32022
_VERSION = "io.modelcontextprotocol/protocolVersion"
_SERVER = "io.modelcontextprotocol/serverInfo"
# What is listed never changes while the server runs.
_KEPT = {"ttlMs": 3_600_000, "cacheScope": "public"}
Message = dict[str, Any]
log = logging.getLogger(__name__)


class RpcError(Exception):
    """A request that cannot be answered, with the code of JSON-RPC."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.data = code, data


@dataclass(frozen=True)
class Server:
    """Answers the messages of one client. It keeps nothing between them."""

    tools: Mapping[str, Tool]
    info: Mapping[str, str]
    instructions: str
    # Called before each request, so that no connection is used that the database has closed.
    before: Callable[[], None] = field(default=lambda: None)

    def serve(self, lines: BinaryIO, out: BinaryIO) -> None:
        """Answer line by line until the client closes its stream."""
        for line in _lines(lines):
            answer = self.answer(line)
            if answer is not None:
                text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
                # A lone half of a character can only have come from the client: give it back.
                out.write(text.encode("utf-8", "backslashreplace") + b"\n")
                out.flush()

    def answer(self, line: bytes | None) -> Message | list[Message] | None:
        """Return the answer to a line, or None where there is none; None is a line too long."""
        if line is None:
            return _failure(None, RpcError(PARSE_ERROR, f"A line has {LONGEST_LINE:,} bytes."))
        try:
            found = json.loads(line.decode(), parse_constant=_no_number)
        except (ValueError, RecursionError):
            return _failure(None, RpcError(PARSE_ERROR, "This is not JSON in UTF-8."))
        if not isinstance(found, list):
            return self._one(found)
        if not 0 < len(found) <= MOST_AT_ONCE:
            refusal = RpcError(INVALID_REQUEST, f"Send 1 to {MOST_AT_ONCE} messages at once.")
            return _failure(None, refusal)
        return [answer for one in found if (answer := self._one(one))] or None

    def _one(self, message: Any) -> Message | None:
        """Return the answer to one message; a notification and an answer have none."""
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            return _failure(None, RpcError(INVALID_REQUEST, "This is no message of JSON-RPC 2.0."))
        if "method" not in message and ("result" in message or "error" in message):
            return None
        name = message.get("id")
        if isinstance(name, bool) or not isinstance(name, str | int | None):
            return _failure(None, RpcError(INVALID_REQUEST, "An id is a text or a number."))
        if "id" not in message and isinstance(message.get("method"), str):
            return None
        try:
            if name is None or not isinstance(message.get("method"), str):
                raise RpcError(INVALID_REQUEST, "A request has an id and a method.")
            return {"jsonrpc": "2.0", "id": name, "result": self._result(message)}
        except RpcError as error:
            return _failure(name, error)
        except Exception:
            log.exception("%s failed", message["method"])
            return _failure(name, RpcError(INTERNAL_ERROR, "The fault is ours; it is logged."))

    def _result(self, message: Message) -> Message:
        params = message.get("params", {})
        if not isinstance(params, dict):
            raise RpcError(INVALID_PARAMS, "params is an object.")
        meta = params.get("_meta")
        version = meta.get(_VERSION) if isinstance(meta, dict) else None
        if version is not None and version not in VERSIONS:
            data = {"supported": list(VERSIONS), "requested": version}
            raise RpcError(UNSUPPORTED_VERSION, "This revision is not spoken here.", data)
        methods: dict[str, Callable[[Message], Message]] = {
            "initialize": self._initialize,
            "server/discover": self._discover,
            "ping": lambda _params: {},
            "tools/list": self._list,
            "tools/call": self._call,
        }
        answer = methods.get(message["method"])
        if answer is None:
            known = ", ".join(methods)
            raise RpcError(METHOD_NOT_FOUND, f"There is no such method here. There are: {known}.")
        return {**answer(params), "resultType": "complete", "_meta": {_SERVER: dict(self.info)}}

    def _initialize(self, params: Message) -> Message:
        """Return who this is, in the revision the client asks for, or in the newest we know."""
        asked = params.get("protocolVersion")
        if not isinstance(asked, str):
            raise RpcError(INVALID_PARAMS, "protocolVersion is missing.")
        return {
            "protocolVersion": asked if asked in HANDSHAKES else HANDSHAKES[0],
            "capabilities": {"tools": {}},
            "serverInfo": dict(self.info),
            "instructions": self.instructions,
        }

    def _discover(self, _params: Message) -> Message:
        return {
            "supportedVersions": list(VERSIONS),
            "capabilities": {"tools": {}},
            "instructions": self.instructions,
            **_KEPT,
        }

    def _list(self, params: Message) -> Message:
        if params.get("cursor") is not None:
            raise RpcError(INVALID_PARAMS, "All tools are on one page: there is no cursor.")
        return {"tools": [tool.described() for tool in self.tools.values()], **_KEPT}

    def _call(self, params: Message) -> Message:
        """Return what a tool found, or, as a text for the model, why it cannot answer."""
        tool = self.tools.get(str(params.get("name")))
        if tool is None:
            known = ", ".join(self.tools)
            raise RpcError(INVALID_PARAMS, f"There is no such tool. There are: {known}.")
        arguments = params.get("arguments")
        if not isinstance(arguments, dict | None):
            raise RpcError(INVALID_PARAMS, "arguments is an object.")
        try:
            self.before()
            found = call(tool, arguments or {})
        except ToolError as error:
            return {"content": [_text(str(error))], "isError": True}
        except (OperationalError, InterfaceError):
            log.exception("The record cannot be read")
            return {"content": [_text("The record cannot be read now. Try again later.")],
                    "isError": True}  # fmt: skip
        written = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        return {"content": [_text(written)], "structuredContent": found, "isError": False}


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of a stream that hold something, None for each that is too long."""
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE:
            if line.strip():
                yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield None


def _failure(name: str | int | None, error: RpcError) -> Message:
    told = {"code": error.code, "message": str(error)}
    if error.data is not None:
        told["data"] = error.data
    return {"jsonrpc": "2.0", "id": name, "error": told}


def _text(text: str) -> Message:
    return {"type": "text", "text": text}


def _no_number(text: str) -> None:
    raise ValueError(text)
