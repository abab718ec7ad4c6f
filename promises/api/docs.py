"""The schema as a file, the documentation as a page of its own, and a page to try requests."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from promises.api import problems
from promises.api.parameters import read_query
from promises.api.reading import ReadOnly, nothing
from promises.api.whole_schema import schema


class SchemaView(ReadOnly, APIView):
    """The OpenAPI schema: JSON unless YAML is asked for."""

    schema = None
    renderer_classes = [
        OpenApiJsonRenderer2,
        OpenApiJsonRenderer,
        OpenApiYamlRenderer2,
        OpenApiYamlRenderer,
    ]

    def get(self, request: Request, **parts: Any) -> Response:
        """Answer with the schema."""
        read_query(request.query_params, [])
        return Response(schema())


@csrf_exempt
@require_http_methods(["GET", "HEAD", "OPTIONS"])
def client_file(request: HttpRequest) -> HttpResponse:
    """Hand out the client: one file of Python, made from the same schema."""
    from promises.api.client.writing import client_source

    if request.method == "OPTIONS":
        response = nothing()
        response["Allow"] = "GET, HEAD, OPTIONS"
        return response
    return HttpResponse(client_source(), content_type="text/x-python; charset=utf-8")


@csrf_exempt
def try_page(request: HttpRequest) -> HttpResponse:
    """Show Swagger UI."""
    from promises.api.trying import TryView

    shown: HttpResponse = TryView.as_view()(request)
    return shown


@csrf_exempt
@require_http_methods(["GET", "HEAD", "OPTIONS"])
def docs_page(request: HttpRequest) -> HttpResponse:
    """Show the documentation: everything the schema says, without any script."""
    if request.method == "OPTIONS":
        response = nothing()
        response["Allow"] = "GET, HEAD, OPTIONS"
        return response
    shown = {
        "sections": sections(),
        "problems": [(kind, with_code(kind.about)) for kind in problems.KINDS],
        "site_url": settings.SITE_URL,
        "quota": settings.API_REQUESTS_PER_HOUR,
    }
    return render(request, "api/docs.html", shown)


@cache
def sections() -> list[dict[str, Any]]:
    """Return the resources as the page shows them: parameters, fields, addresses."""
    found: dict[str, dict[str, Any]] = {}
    operations = [
        (method.upper(), path, operation)
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
    ]
    for method, path, operation in operations:
        name = operation["tags"][0]
        section = found.setdefault(
            name, {"name": name, "about": with_code(operation["description"]), "operations": []}
        )
        shown = {field["name"] for one in section["operations"] for field in one["fields"]}
        section["operations"].append(
            {
                "method": method,
                "path": path,
                "about": with_code(operation["description"]) if method != "GET" else "",
                "scope": "" if {} in operation["security"] else operation["security"][0]["key"][0],
                "parameters": [_parameter(one) for one in operation.get("parameters", [])],
                "body": list(_rows(_resolved(_body(operation)), "")),
                # A row alone says what it says in the list; only what it adds is shown again.
                "fields": [f for f in _fields(operation) if f["name"] not in shown],
            }
        )
    # What only few may write stands after what everyone reads.
    return sorted(found.values(), key=_is_written)


def _is_written(section: dict[str, Any]) -> bool:
    return any(one["method"] != "GET" for one in section["operations"])


def _body(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of the body of a request, without fields where there is none."""
    content = operation.get("requestBody", {}).get("content", {})
    return dict(content.get("application/json", {}).get("schema", {"properties": {}}))


def with_code(text: str) -> SafeString:
    """Return a text for the page: what stands between `backticks` is code."""
    parts = text.split("`")
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if place % 2 else part,)
                   for place, part in enumerate(parts)),
    )  # fmt: skip


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    """Return one parameter as a row of the page."""
    shape = parameter["schema"]
    inner = shape.get("items", shape)
    return {
        "name": parameter["name"],
        "place": parameter["in"],
        "is_required": parameter.get("required", False),
        "type": _type(shape),
        "default": shape.get("default"),
        "allowed": inner.get("enum", []),
        "about": with_code(parameter["description"]),
    }


def _fields(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of one row of an answer, nested ones with dotted names."""
    answers = [
        answer["content"]["application/json"]["schema"]
        for code, answer in operation["responses"].items()
        if code.startswith("2") and "content" in answer
    ]
    if not answers:
        return []
    answer = _resolved(answers[0])
    if "results" in answer["properties"]:
        answer = _resolved(answer["properties"]["results"]["items"])
    return list(_rows(answer, ""))


def _rows(component: dict[str, Any], prefix: str) -> Any:
    for name, shape in component["properties"].items():
        full = _resolved(shape)
        is_list = full.get("type") == "array"
        inner = _resolved(full["items"]) if is_list else full
        yield {
            "name": prefix + name,
            "type": _type(shape),
            "allowed": inner.get("enum", []),
            "about": with_code(shape.get("description", "").split("\n\n*")[0]),
        }
        if "properties" in inner:
            yield from _rows(inner, f"{prefix}{name}{'[]' if is_list else ''}.")


def _resolved(shape: dict[str, Any]) -> dict[str, Any]:
    """Return what a shape stands for: behind a reference, or the part that is not null."""
    for wrapper in ("oneOf", "allOf"):
        if wrapper in shape:
            shape = shape[wrapper][0]
    if "$ref" in shape:
        name = shape["$ref"].rsplit("/", 1)[1]
        return dict(schema()["components"]["schemas"][name])
    return shape


def _type(shape: dict[str, Any]) -> str:
    """Return the type of a value in words."""
    if "anyOf" in shape:
        return " or ".join(_type(one) for one in shape["anyOf"])
    full = _resolved(shape)
    types = full.get("type", "string")
    names = types if isinstance(types, list) else [types]
    if "oneOf" in shape:
        names = [*names, "null"]
    if "array" in names:
        return f"list of {_type(full['items'])}"
    words = [str(full.get("format", name)) if name == "string" else name for name in names]
    return " or ".join(words)
