"""How views describe what they answer, for the schema to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from promises.api.deprecating import Deprecated
from promises.api.parameters import Parameter
from promises.api.rows import RowSerializer


@dataclass(frozen=True, kw_only=True)
class Operation:
    """How a view describes what it answers: `path` are the parts of its address."""

    name: str
    tag: str
    summary: str
    answer: Any
    path: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[Parameter] = ()
    is_list: bool = False
    has_csv: bool = False
    # What a key needs; without `is_public` there must be one.
    scope: str = "read"
    is_public: bool = True
    # Of what changes something: what the body holds, and with which status it is answered.
    body: Any = None
    status: int = 200
    about: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    deprecated: Deprecated | None = None


@cache
def envelope(serializer: type[RowSerializer]) -> Any:
    """Return the serializer of one page of rows."""
    return inline_serializer(
        f"{serializer.__name__.removesuffix('Serializer')}Page",
        {
            "next": serializers.URLField(
                allow_null=True, help_text="Address of the next page; null on the last."
            ),
            "previous": serializers.URLField(
                allow_null=True, help_text="Address of the page before; null on the first."
            ),
            "results": serializer(many=True, help_text="The rows of this page."),
        },
    )
