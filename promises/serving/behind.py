"""What can be read is older than what readers were told before: then it is not read."""

from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from promises.serving.marks import BEHIND

Answer = Callable[[HttpRequest], HttpResponseBase]


def reading_nothing_older(get_response: Answer) -> Answer:
    """Middleware: where the front found that the database is behind, it counts as away."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        if BEHIND not in request.META:
            return get_response(request)
        with connection.execute_wrapper(_refused):
            return get_response(request)

    return answered


def _refused(*_asked: Any) -> Any:
    raise OperationalError("A copy of the database is behind what was read before.")
