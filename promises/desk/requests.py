"""Tells the history which request a write came from."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from promises.common.writes import current_request


def naming_the_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: method and path of the request stand in the history of what it writes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = current_request.set(f"{request.method} {request.path}")
        try:
            return get_response(request)
        finally:
            current_request.reset(token)

    return middleware
