"""The OpenAPI schema: every parameter, field, header and problem, from the declarations.

Read in when someone asks for the schema: what makes it takes memory that few processes need.
"""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from promises.api import problems, sheets
from promises.api.operations import Operation
from promises.api.parameters import Parameter
from promises.api.values import Several


class FaultSerializer(serializers.Serializer[Any]):
    """One fault of a body."""

    field = serializers.CharField(help_text="The field at fault; empty for the body as a whole.")
    detail = serializers.CharField(help_text="What is wrong, and what to do.")


class ProblemSerializer(serializers.Serializer[Any]):
    """What went wrong, in the shape of RFC 9457."""

    type = serializers.URLField(help_text="Which kind of problem, and where it is explained.")
    title = serializers.CharField(help_text="The kind in a few words.")
    status = serializers.IntegerField(help_text="HTTP status of the answer.")
    detail = serializers.CharField(help_text="What is wrong here, and what to do.")
    instance = serializers.CharField(help_text="The address that was asked for.")
    parameter = serializers.CharField(required=False, help_text="The parameter at fault.")
    value = serializers.CharField(required=False, help_text="The value it had.")
    nearest = serializers.CharField(
        required=False,
        allow_null=True,
        help_text="The known parameter that is spelled much like an unknown one; null if none is.",
    )
    allowed = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="What is possible instead: parameters, values or methods.",
    )
    scope = serializers.CharField(required=False, help_text="The scope that the key lacks.")
    errors = serializers.ListField(  # type: ignore[assignment]  # a public field
        child=FaultSerializer(),
        required=False,
        help_text="What is wrong with the body, field by field.",
    )
    available = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Formats there are."
    )


HEADERS = (
    ("ETag", "Strong version of the answer, the same for every caller.", [200, 304]),
    ("RateLimit-Policy", "Requests an hour (IETF draft of RateLimit headers).", True),
    ("RateLimit", "Requests left, and seconds until the quota is full again.", True),
    ("Retry-After", "Seconds to wait before the next request; 0 while requests are left.", True),
)
LINK = ("Link", 'Addresses of the neighbouring pages: rel="next" and rel="prev".', [200])


class ResourceSchema(AutoSchema):
    """Describes views that have an `operation()`."""

    @property
    def operation(self) -> Operation:
        """What the view says of itself."""
        found: Operation = self.view.operation()  # type: ignore[attr-defined]
        return found

    def get_operation_id(self) -> str:
        """Return a name for the operation: list_pledges, get_pledges, show_index."""
        return self.operation.name

    def get_tags(self) -> list[str]:
        """Return the resource, under which its two operations stand."""
        return [self.operation.tag]

    def get_summary(self) -> str:
        """Return the operation in a few words."""
        return self.operation.summary

    def get_description(self) -> str:  # type: ignore[override]  # as its own base does
        """Return what the rows are."""
        about = self.operation.about or str(type(self.view).__doc__)
        deprecated = self.operation.deprecated
        return f"{about} {deprecated.about}" if deprecated else about

    def is_deprecated(self) -> bool:
        """Return whether the operation is on its way out."""
        return self.operation.deprecated is not None

    def _map_serializer_field(
        self, field: Any, direction: str, bypass_extensions: bool = False
    ) -> Any:
        """Return the schema of a field, which says so where it is on its way out."""
        shape = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        told = getattr(field.parent, "deprecated", {}).get(field.field_name)
        if told is None:
            return shape
        about = f"{told.about} {shape.get('description', '')}".strip()
        return {**shape, "description": about, "deprecated": True}

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Return what a caller must bring: a key with a scope, or where it is public nothing."""
        key = {"key": [self.operation.scope]}
        return [{}, key] if self.operation.is_public else [key]

    def get_override_parameters(self) -> list[Any]:
        """Return the parameters of path and query, and the headers of the answers."""
        headers: list[Any] = [*([LINK] if self.operation.is_list else []), *HEADERS]
        if self.method != "GET":
            headers.remove(HEADERS[0])
        return [
            *(
                OpenApiParameter(name, str, "path", description=about)
                for name, about in self.operation.path.items()
            ),
            *map(_described, self.operation.query),
            *(
                OpenApiParameter(name, str, "header", description=about)
                for name, about in self.operation.headers.items()
            ),
            *(
                OpenApiParameter(name, str, "header", description=about, response=codes)
                for name, about, codes in headers
            ),
        ]

    def get_request_serializer(self) -> Any:
        """Return what the body holds; nothing where there is none."""
        return self.operation.body

    def _get_request_body(self, direction: Any = "request") -> Any:
        """Return the body: where one is read there must be one, be it without a field."""
        found = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        return found and {**found, "required": True}

    def get_response_serializers(self) -> Any:
        """Return what each status answers with."""
        answers: dict[Any, Any] = {}
        if self.operation.status == 204:
            answers[204] = OpenApiResponse(description="Done; the answer is empty.")
        else:
            answers[self.operation.status, "application/json"] = self.operation.answer
        if self.operation.has_csv:
            answers[200, sheets.MEDIA_TYPE] = OpenApiTypes.STR
        if self.method == "GET":
            answers[304] = OpenApiResponse(
                description="Unchanged since the version in `If-None-Match`."
            )
        for status in self._failures():
            titles = [kind.title for kind in problems.KINDS if kind.status == status]
            answers[status, problems.MEDIA_TYPE] = OpenApiResponse(
                ProblemSerializer, description="; ".join(titles) + "."
            )
        return answers

    def _failures(self) -> list[int]:
        """Return the statuses of what can go wrong."""
        found = {400, 401, 403, 405, 406, 429, 500, 503}
        if self.method == "GET":
            found.add(412)
        if self.operation.path:
            found.add(404)
        if self.method != "GET":
            found.add(409)
        if self.operation.body is not None:
            found |= {411, 413, 415}
        if "Idempotency-Key" in self.operation.headers:
            found.add(422)
        return sorted(found)


def _described(parameter: Parameter) -> OpenApiParameter:
    """Return the schema of one parameter of the query."""
    is_list = isinstance(parameter.value, Several)
    return OpenApiParameter(
        parameter.name,
        parameter.value.schema(),
        "query",
        required=parameter.is_required,
        description=_about(parameter, is_list),
        deprecated=parameter.deprecated is not None,
        style="form" if is_list else None,
        explode=False if is_list else None,
    )


def _about(parameter: Parameter, is_list: bool) -> str:
    """Return what the documentation says of a parameter."""
    several = " Several are separated by commas." if is_list else ""
    deprecated = f" {parameter.deprecated.about}" if parameter.deprecated else ""
    return f"{parameter.about}{several}{deprecated}"
