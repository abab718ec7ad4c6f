"""The schema of the whole API, made once in a process."""

import threading
from functools import cache
from typing import Any

from django.utils import translation

# The generator lends what it finds to the views while it works: two at once spoil each other's.
_ONE_MAKES_IT = threading.Lock()


def schema() -> dict[str, Any]:
    """Return the OpenAPI schema, in English. It follows from the code alone, so it is made once."""
    with _ONE_MAKES_IT, translation.override("en"):
        return _made_schema()


@cache
def _made_schema() -> dict[str, Any]:
    from drf_spectacular.generators import SchemaGenerator

    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found
