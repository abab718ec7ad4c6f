"""Addresses: of public pages, and of rows that have no slug of their own."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import register_converter
from drf_spectacular.utils import extend_schema_field

from promises.api.rows import MadeField
from promises.common.canonical import plain, timestamp


@extend_schema_field({"type": "string", "format": "uri"})
class PageField(MadeField):
    """The absolute address of the public page of a row: `/<section>/<slug>/`."""

    def __init__(self, section: str, **more: Any) -> None:
        def address(slug: str) -> str:
            return f"{settings.SITE_URL}/{section}/{slug}/"

        super().__init__(paths=["slug"], make=address, **more)


class IdField(MadeField):
    """The public id of a row that has no slug: the parts of its address, joined by /."""

    def __init__(self, *paths: str, **more: Any) -> None:
        def joined(*parts: Any) -> str:
            return "/".join(str(plain(part)) for part in parts)

        super().__init__(paths=paths, make=joined, **more)


class MomentConverter:
    """A moment in an address, exactly as the API writes it: 2026-03-02T12:00:00.000000Z."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"

    def to_python(self, value: str) -> datetime:
        """Return the moment. Raises ValueError, which means: no such address."""
        return datetime.fromisoformat(value)

    def to_url(self, value: datetime) -> str:
        """Return how the API writes the moment."""
        return timestamp(value)


class DayConverter:
    """A day in an address: 2026-03-02."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Return the day. Raises ValueError, which means: no such address."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Return how the API writes the day."""
        return value.isoformat()


register_converter(MomentConverter, "moment")
register_converter(DayConverter, "day")
