"""Conditions of requests, as whatever answers them is to see them (RFC 9110, 13)."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from promises.serving.rules import accepts_gzip

_CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH")
# How the tag of a compressed answer ends, in a condition.
_PACKED, _PLAIN = '-gzip"', '"'

Answer = Callable[[HttpRequest], HttpResponseBase]


def by_tags_alone(get_response: Answer) -> Answer:
    """Let views compare the tag of the answer as it is, whichever encoding a caller has.

    Nothing here has a date of change, so If-Unmodified-Since is ignored (13.1.4).
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        had = request.META.get("HTTP_IF_NONE_MATCH", "")
        request.META.pop("HTTP_IF_UNMODIFIED_SINCE", None)
        for name in _CONDITIONS:
            if name in request.META:
                request.META[name] = request.META[name].replace(_PACKED, _PLAIN)
        response = get_response(request)
        if response.status_code == 304 and _PACKED in had:
            _name_what_they_have(request, response, had)
        return response

    return answered


def _name_what_they_have(request: HttpRequest, response: HttpResponseBase, had: str) -> None:
    """Name the compressed answer in a 304 to a caller who has it and takes it."""
    packed = response.get("ETag", "").removesuffix(_PLAIN) + _PACKED
    if packed in had and accepts_gzip(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        response["ETag"] = packed
