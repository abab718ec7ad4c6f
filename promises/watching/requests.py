"""The outermost middleware: gives each request a number, counts it, and writes one line of log.

What an answer needs beyond that (who asked, for which address) is not written down: addresses of
pages may hold the secret numbers of senders and followers, so a line names the route instead.
"""

import logging
import time
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.log import log_response

from promises.common.request_ids import request_id
from promises.common.tally import the_tally
from promises.serving.marks import ROUTE
from promises.watching.rules import classes_of, sample

log = logging.getLogger("tracker.requests")
HEADER = "X-Request-ID"


def watching_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware around everything that Django answers."""
    # Read in where requests are answered, not by every command that looks at its settings.
    from structlog.contextvars import bound_contextvars

    def middleware(request: HttpRequest) -> HttpResponseBase:
        number = request_id(request.META.get("HTTP_X_REQUEST_ID"))
        with bound_contextvars(request_id=number):
            began = time.perf_counter()
            response = get_response(request)
            _note(request, response, time.perf_counter() - began)
        response[HEADER] = number
        return response

    return middleware


def _note(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    route, status = route_of(request), response.status_code
    request.META[ROUTE] = route
    tally = the_tally()
    tally.add(sample("tracker_requests_total", route=route, status=str(status), kept="no"))
    for end in classes_of(seconds):
        tally.add(sample("tracker_request_seconds_bucket", route=route, le=end))
    tally.add(sample("tracker_request_seconds_sum", route=route), seconds)
    tally.add(sample("tracker_request_seconds_count", route=route))
    is_told = route not in settings.ROUTES_NOT_LOGGED
    if status >= 500:
        _say_first(request, response, level="error" if is_told else "debug")
    if is_told:
        log.info(
            "answered",
            extra={
                "method": request.method,
                "route": route,
                "status": status,
                "milliseconds": round(1000 * seconds, 1),
            },
        )


def _say_first(request: HttpRequest, response: HttpResponseBase, *, level: str) -> None:
    """Say what Django would say of an answer after us, when its number is no longer bound.

    It says nothing twice.
    """
    answer = cast(HttpResponse, response)  # Its status and reason are all that is read.
    reason = response.reason_phrase
    log_response("%s: %s", reason, request.path, response=answer, request=request, level=level)


def route_of(request: HttpRequest) -> str:
    """Return what a request was for: the name of its address in the code, never the address."""
    match = request.resolver_match
    if match is not None:
        # The desk has hundreds of pages that are all alike to who watches it.
        return "desk" if match.app_name == "admin" else match.view_name or "unnamed"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
