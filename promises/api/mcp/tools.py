"""What a tool is: its name, its arguments, and how its answer carries edition, licence, sources."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict

from promises.api.parameters import Parameter, read_query
from promises.api.problems import ProblemError
from promises.api.resource import today
from promises.common.snapshots import snapshot
from promises.ledger.chain import current_edition
from promises.packages.describing import LICENCE, citation

Asked = Mapping[str, Any]
Source = dict[str, Any]


class ToolError(Exception):
    """A tool cannot answer; the text says why, and what to do."""


@dataclass(frozen=True)
class Found:
    """What a tool found, and where it can be checked."""

    result: dict[str, Any]
    sources: list[Source]


@dataclass(frozen=True)
class Tool:
    """One question that can be asked of the record."""

    name: str
    title: str
    about: str
    parameters: Sequence[Parameter]
    read: Callable[[Asked, date], Found]

    def described(self) -> dict[str, Any]:
        """Return how the protocol lists it."""
        required = [one.name for one in self.parameters if one.is_required]
        return {
            "name": self.name,
            "title": self.title,
            "description": self.about,
            "inputSchema": {
                "type": "object",
                "properties": {
                    one.name: {**one.value.schema(), "description": one.about}
                    for one in self.parameters
                },
                **({"required": required} if required else {}),
                "additionalProperties": False,
            },
            "outputSchema": ANSWER,
            "annotations": {
                "title": self.title,
                "readOnlyHint": True,
                "destructiveHint": False,
                "idempotentHint": True,
                "openWorldHint": False,
            },
        }


def _object(about: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "required": list(properties),
    }


_NAMED = {"type": "string"}
ANSWER = _object(
    "What every tool answers.",
    edition={"type": "integer", "description": "Edition of the record: its newest change."},
    today={"type": "string", "format": "date", "description": "The day of the answer, in UTC."},
    licence=_object("Under which the answer may be used.", name=_NAMED, title=_NAMED, url=_NAMED),
    cite_as={"type": "string", "description": "How to name the source."},
    sources={
        "type": "array",
        "description": "Pages of the record, and the evidence, by which it can be checked.",
        "items": _object("One source.", title=_NAMED, url={"type": ["string", "null"]}),
    },
    result={"type": "object", "description": "What was found."},
)


def call(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer of a tool, read at one moment. Raises ToolError."""
    query = QueryDict(mutable=True)
    for name, value in arguments.items():
        query[name] = _written(name, value)
    try:
        asked = read_query(query, tool.parameters)
        day = today()
        with snapshot():
            edition = current_edition()
            found = tool.read(asked, day)
    except ProblemError as error:
        raise ToolError(_refusal(error)) from error
    except Http404 as error:
        raise ToolError("Nothing public has this name. The tool search finds names.") from error
    return {
        "edition": edition,
        "today": day.isoformat(),
        "licence": {"name": LICENCE["name"], "title": LICENCE["title"], "url": LICENCE["path"]},
        "cite_as": citation(edition, settings.SITE_URL),
        "sources": found.sources,
        "result": found.result,
    }


def _refusal(error: ProblemError) -> str:
    """Return what is wrong, and what is possible instead where the problem lists it."""
    allowed = ", ".join(error.more.get("allowed", ()))
    return f"{error.detail} Possible: {allowed}." if allowed else error.detail


def _written(name: str, value: Any) -> str:
    """Return an argument as the query of an address has it. Raises ToolError."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ToolError(f"{name} is a text or a whole number.")
