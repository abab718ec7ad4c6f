"""The door of the API: what holds for every address below /api/, whatever answers there.

Finds out who asks, counts requests, makes every error a problem, gives every answer a strong ETag
that is the same for every caller, answers 304, and lets other sites' scripts read.
"""

import hashlib
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response

from promises.api import limits, problems
from promises.api.callers import Caller, caller_of
from promises.api.reading import PRIVATE
from promises.serving.answers import REVALIDATED
from promises.serving.bodies import REFUSED
from promises.serving.marks import UNSPENT, may_keep

PREFIX = "/api/"
METHODS = "GET, HEAD, OPTIONS"
# Scripts of other sites may read the API. Credentials are never allowed.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, ETag, RateLimit, RateLimit-Policy, Retry-After,"
    " Deprecation, Sunset",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_UNREAD = (
    "Too much is being sent at once, and this body was not read. Send it again after "
    "`Retry-After` seconds."
)
Answer = Callable[[HttpRequest], Any]
log = logging.getLogger(__name__)


class ApiDoor:
    """Middleware for the addresses of the API; all others pass untouched."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        """Answer a request."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        try:
            caller = caller_of(request)
        except (OperationalError, InterfaceError):
            log.exception("A key could not be looked up")
            return _finished(request, problems.unavailable(request), {})
        # Whoever tries keys is counted everywhere.
        is_free = not (caller.fault or limits.is_counted(request.path_info))
        is_free = is_free or request.method == "OPTIONS"
        quota = None if is_free else limits.take(request)
        if quota:
            request.META[UNSPENT] = partial(_unspent, request, caller, quota)
        response = self._counted(request, caller, quota)
        if quota and quota.is_granted and response.status_code == 304:
            limits.give_back(request)
            quota = quota.given_back()
        told = limits.look(caller) if is_free else quota
        return _finished(request, response, limits.headers(caller, told))

    def _counted(
        self, request: HttpRequest, caller: Caller, quota: limits.Quota | None
    ) -> HttpResponse:
        """Return the answer to a request that may be one too many, or come with a bad key."""
        if quota is not None and not quota.is_granted:
            if limits.may_ask_for_news(request):
                response = self._answer(request)
                if response.status_code == 304:
                    return response
            response = problems.response(request, problems.TOO_MANY_REQUESTS)
            response["Retry-After"] = str(quota.resets_in)
            return response
        if caller.fault and request.method != "OPTIONS":
            return problems.response(request, problems.UNAUTHENTICATED, caller.fault)
        return self._answer(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Speak English to everybody: the same address gives the same bytes."""
        if request.path_info.startswith(PREFIX):
            translation.activate(settings.LANGUAGE_CODE)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """Return what the view answers: as a problem if it failed, else with its ETag."""
        response: HttpResponse = self.get_response(request)
        if response.status_code >= 400 and response["Content-Type"] != problems.MEDIA_TYPE:
            return _as_problem(request, response)
        if request.method in {"GET", "HEAD"} and response.status_code == 200:
            if response.get("Cache-Control") != PRIVATE:
                may_keep(request)
            return _conditional(request, response)
        return response


def _unspent(request: HttpRequest, caller: Caller, quota: limits.Quota) -> list[tuple[str, str]]:
    """Take back the count of a request whose caller has the answer already."""
    limits.give_back(request)
    return list(limits.headers(caller, quota.given_back()).items())


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return a failure that something other than a view of the API has answered with."""
    status = response.status_code
    unread = _UNREAD if request.META.get(REFUSED) in {429, 503} else ""
    problem = problems.response(request, problems.of_status(status), unread, status=status)
    for name in ("Allow", "Retry-After"):
        if response.has_header(name):
            problem[name] = response[name]
    return problem


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the answer with its ETag, or 304 or 412 as the caller's conditions have it."""
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    if answer is not None and answer.status_code == 412:
        return problems.response(request, problems.PRECONDITION_FAILED)
    return answer or response


def _cache_control(request: HttpRequest, response: HttpResponse) -> str:
    """Return who may keep an answer: everybody what everybody is answered, else nobody."""
    if response.get("Cache-Control") == PRIVATE:
        return PRIVATE
    is_read = request.method in {"GET", "HEAD", "OPTIONS"}
    return REVALIDATED if is_read and response.status_code < 400 else "no-store"


def _finished(
    request: HttpRequest, response: HttpResponse, quota_headers: dict[str, str]
) -> HttpResponse:
    """Return the answer with the headers that all answers have."""
    headers = {**CORS, **quota_headers, "Vary": "Accept, Accept-Encoding"}
    if response.has_header("Retry-After"):
        # What refused for a while knows better for how long.
        headers.pop("Retry-After", None)
    headers["Cache-Control"] = _cache_control(request, response)
    if request.method == "OPTIONS":
        headers |= PREFLIGHT
    for name, value in headers.items():
        response[name] = value
    # An answer that is the same for everybody leaves nothing behind at anybody's.
    response.cookies.clear()
    return response
