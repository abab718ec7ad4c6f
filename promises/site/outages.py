"""What a page says when it cannot be made: 503 while the record cannot be read, else 500.

And what it says to whoever sent something that was not read.
"""

import sys
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.defaults import bad_request

from promises.serving.aside import NoPlaceAside
from promises.serving.bodies import REFUSED

# After how many seconds to ask again (RFC 9110, 10.2.3).
RETRY_AFTER = 30
_TOO_MUCH = _(
    "Too much is being sent at the moment, and what you sent was not read. Please go back and"
    " send it again in a minute."
)
_WHY = {
    400: _("What you sent did not arrive whole, and nothing of it was kept. Please send it again."),
    413: _("What you sent is too large, and was not read."),
    429: _TOO_MUCH,
    503: _TOO_MUCH,
}


def page_of_failure(request: HttpRequest) -> HttpResponse:
    """Answer a request whose view failed; Django asks this while it holds the exception.

    503 tells search engines and proxies that the page is still there and to come back, which 500
    does not. Neither page asks who looks at it: that may be what fails.
    """
    where = {"path": request.path}
    error = sys.exception()
    if isinstance(error, NoPlaceAside):
        return _page_of_unread(request, 503)
    if not isinstance(error, OperationalError | InterfaceError):
        return HttpResponse(render_to_string("500.html", where), status=500)
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html", where), status=503, headers=headers)


def page_of_no_sense(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django would not read: 413 where it was too much of it, else 400."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return render(request, "unread.html", {"message": _WHY[413]}, status=413)
    return bad_request(request, exception)


def refusing_bodies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., Any]:
    """Middleware: say why the body of a request was not read (promises/serving/bodies.py)."""

    def answer(request: HttpRequest) -> HttpResponse:
        status = request.META.get(REFUSED)
        if status is None:
            return get_response(request)
        return _page_of_unread(request, status)

    return answer


def _page_of_unread(request: HttpRequest, status: int) -> HttpResponse:
    page = render(request, "unread.html", {"message": _WHY[status]}, status=status)
    page["Cache-Control"] = "no-store"
    if status in {429, 503}:
        page["Retry-After"] = str(RETRY_AFTER)
    return page
