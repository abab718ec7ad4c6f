"""Every error of the API: one shape (RFC 9457), one list of kinds, which is also its reference."""

import json
import logging
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from promises.common.refusals import Refused

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
REALM = "Promise tracker"
# How long a client waits before it tries again when the database cannot be reached, in seconds.
RETRY_AFTER_OUTAGE = 5
# A byte of an address that is no UTF-8: Django writes it as %FF, and then the % once more.
_BROKEN_BYTE = re.compile("%25([89A-F][0-9A-F])")
# Half of a pair, which JSON can write and UTF-8 cannot: named as it was sent.
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Kind:
    """One kind of problem: `name` ends the address that is its `type`."""

    name: str
    status: int
    title: str
    about: str

    @property
    def address(self) -> str:
        """Where the kind is explained; the `type` of RFC 9457."""
        return f"{settings.SITE_URL}/api/docs/#problem-{self.name}"


UNKNOWN_PARAMETER = Kind(
    "unknown-parameter",
    400,
    "Unknown parameter",
    "The query holds a parameter this address does not have. `parameter` names it, `nearest` the "
    "one that is spelled much like it, if any, `allowed` all there are.",
)
BAD_VALUE = Kind(
    "bad-value",
    400,
    "Value not allowed",
    "A parameter holds a value it cannot have. `parameter` and `value` name both; `allowed` lists "
    "the possible values where there are few.",
)
MISSING_PARAMETER = Kind(
    "missing-parameter",
    400,
    "Parameter missing",
    "This address needs a parameter that the query does not hold. `parameter` names it.",
)
BAD_CURSOR = Kind(
    "bad-cursor",
    400,
    "Cursor not valid",
    "The `cursor` is not one that this list has given out. Start again without it.",
)
INVALID_BODY = Kind(
    "invalid-body",
    400,
    "Body not valid",
    "The body of the request is not as this address needs it. `errors` says which `field` is at "
    "fault, and what to do.",
)
BAD_REQUEST = Kind("bad-request", 400, "Bad request", "The request cannot be understood.")
UNAUTHENTICATED = Kind(
    "unauthenticated",
    401,
    "Key needed",
    "The key that came along opens nothing: it is unknown, expired or revoked. Or none came along "
    "where one is needed.",
)
MISSING_SCOPE = Kind(
    "missing-scope",
    403,
    "Scope missing",
    "The key is good, and not for this. `scope` names what it lacks; make a key with that scope.",
)
FORBIDDEN = Kind("forbidden", 403, "Not allowed", "The caller may not do this.")
NOT_FOUND = Kind("not-found", 404, "Not found", "Nothing public has this address, now or any more.")
METHOD_NOT_ALLOWED = Kind(
    "method-not-allowed",
    405,
    "Method not allowed",
    "This address does not take that method: the public record is read-only. The `Allow` header "
    "says what it takes.",
)
NOT_ACCEPTABLE = Kind(
    "not-acceptable",
    406,
    "Not acceptable",
    "The `Accept` header asks for a format there is not. `available` lists those there are.",
)
PRECONDITION_FAILED = Kind(
    "precondition-failed",
    412,
    "Precondition failed",
    "The `If-Match` header names another version than the present one.",
)
CONFLICT = Kind(
    "conflict",
    409,
    "Not possible now",
    "What was asked for does not go with how things stand. `detail` says why, and what to do.",
)
LENGTH_REQUIRED = Kind(
    "length-required",
    411,
    "Length needed",
    "The body came in chunks, which are not read here. Send it whole, with its `Content-Length`.",
)
TOO_LARGE = Kind("too-large", 413, "Body too large", "The body of the request is too large.")
UNSUPPORTED_MEDIA_TYPE = Kind(
    "unsupported-media-type",
    415,
    "Unsupported media type",
    "The body of the request is in a format that is not read here.",
)
IDEMPOTENCY_KEY_REUSED = Kind(
    "idempotency-key-reused",
    422,
    "Idempotency key used before",
    "The `Idempotency-Key` came with another body before. Take a new one for a new request.",
)
TOO_MANY_REQUESTS = Kind(
    "too-many-requests",
    429,
    "Too many requests",
    "The quota of the hour is used up. Wait as many seconds as `Retry-After` says. From then on "
    "send the `ETag` you hold as `If-None-Match`: answers with status 304 cost nothing.",
)
SERVER_ERROR = Kind("server-error", 500, "Server error", "The fault is ours and has been logged.")
UNAVAILABLE = Kind(
    "unavailable",
    503,
    "Unavailable",
    "The record cannot be read at the moment. Try again after `Retry-After` seconds.",
)

KINDS = (
    UNKNOWN_PARAMETER,
    BAD_VALUE,
    MISSING_PARAMETER,
    BAD_CURSOR,
    INVALID_BODY,
    BAD_REQUEST,
    UNAUTHENTICATED,
    MISSING_SCOPE,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    CONFLICT,
    LENGTH_REQUIRED,
    PRECONDITION_FAILED,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    IDEMPOTENCY_KEY_REUSED,
    TOO_MANY_REQUESTS,
    SERVER_ERROR,
    UNAVAILABLE,
)
_BY_STATUS = {kind.status: kind for kind in KINDS if kind.status != 400} | {400: BAD_REQUEST}


class ProblemError(Exception):
    """A request is answered with this problem. `more` holds its extension members."""

    def __init__(self, kind: Kind, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.more = kind, detail, more


def of_status(status: int) -> Kind:
    """Return the kind that stands for an HTTP status."""
    return _BY_STATUS.get(status, BAD_REQUEST if status < 500 else SERVER_ERROR)


def response(
    request: HttpRequest, kind: Kind, detail: str = "", *, status: int = 0, **more: Any
) -> HttpResponse:
    """Return the answer that reports a problem with this request; `more` are extensions."""
    body = {
        "type": kind.address,
        "title": kind.title,
        "status": status or kind.status,
        "detail": detail or kind.about,
        "instance": _BROKEN_BYTE.sub(r"%\1", request.get_full_path()),
        **more,
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    answer = HttpResponse(
        _HALF.sub(lambda half: rf"\\u{ord(half[0]):04x}", text),
        status=status or kind.status,
        content_type=MEDIA_TYPE,
    )
    if kind is UNAUTHENTICATED:
        # Without a key there is no error yet to name (RFC 6750, 3.1).
        fault = ', error="invalid_token"' if "Authorization" in request.headers else ""
        answer["WWW-Authenticate"] = f'Bearer realm="{REALM}"{fault}'
    elif kind is MISSING_SCOPE:
        scope = more.get("scope", "")
        answer["WWW-Authenticate"] = (
            f'Bearer realm="{REALM}", error="insufficient_scope", scope="{scope}"'
        )
    return answer


def respond(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Return the problem for whatever a view raised (EXCEPTION_HANDLER of the framework)."""
    request: HttpRequest = context["request"]._request
    match error:
        case ProblemError():
            return response(request, error.kind, error.detail, **error.more)
        case Refused():
            return response(request, CONFLICT, str(error))
        case ValidationError():
            return response(request, INVALID_BODY, errors=_errors_of(error))
        case Http404() | exceptions.NotFound():
            return response(request, NOT_FOUND)
        case PermissionDenied():
            return response(request, FORBIDDEN)
        case SuspiciousOperation():
            return response(request, BAD_REQUEST, str(error))
        case exceptions.APIException():
            return _of_framework(request, error, context)
        case OperationalError() | InterfaceError():
            log.error("The database cannot be reached: %s", error)
            return unavailable(request)
    log.exception("%s failed", request.path, exc_info=error)
    return response(request, SERVER_ERROR)


def _errors_of(error: ValidationError) -> list[dict[str, str]]:
    """Return what an action found wrong, by the field at fault; "" is the body as a whole."""
    if not hasattr(error, "error_dict"):
        return [{"field": "", "detail": text} for text in error.messages]
    return [
        {"field": "" if name == "__all__" else name, "detail": text}
        for name, texts in error.message_dict.items()
        for text in texts
    ]


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return the answer for a moment without a database."""
    answer = response(request, UNAVAILABLE)
    answer["Retry-After"] = str(RETRY_AFTER_OUTAGE)
    return answer


def _of_framework(
    request: HttpRequest, error: exceptions.APIException, context: dict[str, Any]
) -> HttpResponse:
    """Return the problem for an error that the framework itself raises."""
    more: dict[str, Any] = {}
    if isinstance(error, exceptions.NotAcceptable):
        renderers = context["view"].get_renderers()
        more["available"] = list(dict.fromkeys(one.media_type for one in renderers))
    if isinstance(error, exceptions.MethodNotAllowed):
        more["allowed"] = context["view"].allowed_methods
    status = error.status_code
    answer = response(request, of_status(status), str(error.detail), status=status, **more)
    if isinstance(error, exceptions.MethodNotAllowed):
        answer["Allow"] = ", ".join(context["view"].allowed_methods)
    return answer
