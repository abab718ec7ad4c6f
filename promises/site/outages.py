"""What a page says when it cannot be made: 503 while the record cannot be read, else 500."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

# After how many seconds to ask again (RFC 9110, 10.2.3).
RETRY_AFTER = 30


def page_of_failure(request: HttpRequest) -> HttpResponse:
    """Answer a request whose view failed; Django asks this while it holds the exception.

    503 tells search engines and proxies that the page is still there and to come back, which 500
    does not.
    """
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return server_error(request)
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
