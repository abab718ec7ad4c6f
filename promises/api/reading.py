"""What all views of the API have in common: they are read, and answer the same to everybody."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.response import Response


class ReadOnly:
    """A view that can only be read."""

    http_method_names: Sequence[str] = ("get", "head", "options")

    def options(self, request: HttpRequest, *args: Any, **parts: Any) -> Response:
        """Say which methods there are: the Allow header does."""
        return Response(status=204)


def answer(value: Any) -> HttpResponse:
    """Return a value as JSON, the same bytes for everybody."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, content_type="application/json")
