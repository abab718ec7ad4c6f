"""What answers below /api/ where no resource does."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from promises.api import problems
from promises.api.callers import READING
from promises.api.operations import Operation
from promises.api.parameters import read_query
from promises.api.reading import ReadOnly, answer
from promises.api.rows import RowSerializer
from promises.ledger.chain import current_edition


@csrf_exempt
def unknown_route(request: HttpRequest, **parts: str) -> HttpResponse:
    """Say that nothing has this address, or where it is when only the last / is missing."""
    slashed = f"{request.path_info}/"
    if request.method in {"GET", "HEAD"} and not request.path_info.endswith("/"):
        try:
            is_known = resolve(slashed).func is not unknown_route
        except Resolver404:
            is_known = False
        if is_known:
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{slashed}?{query}" if query else slashed)
    return problems.response(
        request,
        problems.NOT_FOUND,
        "Nothing public has this address. The resources are listed at /api/v1/.",
    )


class ResourceLinkSerializer(RowSerializer):
    """One resource of the API."""

    name = serializers.CharField(help_text="Its name.")
    about = serializers.CharField(help_text="What its rows are.")
    url = serializers.URLField(help_text="Address of its list.")


class IndexSerializer(RowSerializer):
    """Where everything is."""

    edition = serializers.IntegerField(
        help_text="Edition of the record: the number of the newest ledger entry."
    )
    documentation = serializers.URLField(help_text="The documentation, for people.")
    schema = serializers.URLField(help_text="The OpenAPI schema, for programs.")
    resources = ResourceLinkSerializer(many=True, help_text="The resources.")


class Index(ReadOnly, APIView):
    """Lists the resources, and says which edition the record has."""

    permission_classes = READING
    # Name and sentence of each resource; the addresses give it (urls.py).
    resources: tuple[tuple[str, str], ...] = ()

    def operation(self) -> Operation:
        """Return how the schema describes the index."""
        return Operation(
            name="show_index", tag="index", summary="List the resources", answer=IndexSerializer
        )

    def get(self, request: Request, **parts: Any) -> HttpResponse:
        """Answer with the index."""
        read_query(request.query_params, [])
        base = f"{settings.SITE_URL}/api"
        return answer(
            {
                "edition": current_edition(),
                "documentation": f"{base}/docs/",
                "schema": f"{base}/schema/",
                "resources": [
                    {"name": name, "about": about, "url": f"{base}/v1/{name}/"}
                    for name, about in self.resources
                ],
            }
        )
