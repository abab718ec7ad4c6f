"""In which of its formats an answer is given (RFC 9110, 12.5.1)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http.request import MediaType
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class ByWeight(DefaultContentNegotiation):
    """Heeds how much the caller would like each format, which the framework does not."""

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return what writes the answer, and its media type. Raises NotAcceptable."""
        renderers = list(renderers)
        accepted = [MediaType(token) for token in self.get_accept_list(request)]
        # Of formats that are liked as much, the first.
        best = max(renderers, key=lambda renderer: _weight(renderer.media_type, accepted))
        if not _weight(best.media_type, accepted):
            raise NotAcceptable(available_renderers=renderers)
        return best, best.media_type


def _weight(media_type: str, accepted: Sequence[MediaType]) -> float:
    """Return how much a format is liked, from 0 to 1: what names it most closely says so.

    Parameters are left aside: there is one kind of JSON and one of CSV.
    """
    main, _, sub = media_type.partition("/")
    named = [
        ((one.main_type, one.sub_type).count("*"), one.quality)
        for one in accepted
        if one.main_type in {main, "*"} and one.sub_type in {sub, "*"}
    ]
    return min(named, key=lambda pair: (pair[0], -pair[1]))[1] if named else 0.0
