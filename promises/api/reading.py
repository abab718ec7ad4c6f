"""How views of the API answer: the same bytes to everybody, or to one caller alone."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

# What no cache keeps: it is one caller's own.
PRIVATE = "private, no-store"


def nothing() -> HttpResponse:
    """Return the answer to a question about methods."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


class WithOptions:
    """A view that says which methods there are, to everybody who asks."""

    def options(self, request: HttpRequest, *args: Any, **parts: Any) -> Any:
        """Answer with nothing, whatever the view shows otherwise: the Allow header says it."""
        return nothing()


class ReadOnly(WithOptions):
    """A view that can only be read."""

    http_method_names: Sequence[str] = ("get", "head", "options")


def answer(value: Any) -> HttpResponse:
    """Return a value as JSON, the same bytes for everybody."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, content_type="application/json")


def private_answer(value: Any, *, status: int = 200) -> HttpResponse:
    """Return a value as JSON to the one caller whose own it is."""
    response = answer(value) if status != 204 else HttpResponse()
    response.status_code = status
    response["Cache-Control"] = PRIVATE
    return response
