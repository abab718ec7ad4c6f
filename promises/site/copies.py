"""How copies of evidence are handed out: as downloads here, shown on an origin of their own.

A copy is somebody else's page. On `CAPTURE_ORIGIN` it is shown without cookies and in a sandbox:
no script, no form, no request of its own (CSP 3, `sandbox`). On the site itself it is only ever
a download.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from django.conf import settings
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from promises.captures.models import Capture
from promises.captures.previews import previewed
from promises.captures.store import NotStored, the_store
from promises.common.text import is_storable

POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    # A copy may be withdrawn at any moment.
    "Cache-Control": "no-cache",
}
# Media types that a browser shows as they are, inside of the sandbox; all others it downloads.
SHOWN = {"text/html": "text/html", "text/plain": "text/plain", "text/csv": "text/plain"}
ENDINGS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/csv": "csv",
    "text/html": "html",
    "text/plain": "txt",
}
Answer = Callable[[HttpRequest], HttpResponseBase]


def capture_host() -> str:
    """Return the host that shows copies, or "" where there is none."""
    return urlsplit(settings.CAPTURE_ORIGIN).netloc


class CopiesDoor:
    """Middleware that answers everything on the origin of copies, and nothing elsewhere."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        host = capture_host()
        if not host or request.get_host() != host:
            return self.get_response(request)
        return _on_its_own_origin(request)


@require_safe
def _on_its_own_origin(request: HttpRequest) -> HttpResponseBase:
    place, _, name = request.path_info.strip("/").partition("/")
    if place == "preview":
        return answer_with(request, Capture.objects.all(), previewed(name), is_shown=True)
    return answer_with(
        request, Capture.objects.published().filter(evidence__slug=place), name, is_shown=True
    )


def answer_with(
    request: HttpRequest, captures: Any, sha256: str, *, is_shown: bool
) -> HttpResponseBase:
    """Return a file of one of these captures, 304 to who has it as it is, or 404."""
    # Both names come as they stand in the address; nothing was asked of the database yet.
    if not is_storable(request.path_info):
        return _nothing()
    capture = captures.filter(_holds(sha256)).select_related("evidence").first()
    if capture is None:
        return _nothing()
    media_type = _media_type(capture, sha256)
    shown = SHOWN.get(media_type, "") if is_shown else ""
    kind = _with_charset(shown, capture.charset) if shown else "application/octet-stream"
    # The bytes never change, what they are taken for may.
    etag = f'"{sha256}-{crc32(kind.encode()):08x}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            file = the_store().open(sha256)
        except NotStored:
            return _nothing()
        name = file_name(capture.evidence.slug, media_type)
        response = FileResponse(file, as_attachment=not shown, filename=name, content_type=kind)
    response["ETag"] = etag
    return _guarded(response)


def file_name(slug: str, media_type: str) -> str:
    """Return what a downloaded copy is called."""
    return f"{slug}.{ENDINGS.get(media_type, 'warc.gz' if not media_type else 'bin')}"


def _holds(sha256: str) -> Q:
    return Q(body=sha256) | Q(rendering=sha256) | Q(warc=sha256)


def _media_type(capture: Capture, sha256: str) -> str:
    """Return what this file of a capture is; "" for a WARC."""
    if sha256 == capture.body_id:
        return capture.media_type
    return "application/pdf" if sha256 == capture.rendering_id else ""


def _with_charset(media_type: str, charset: str) -> str:
    """Name the encoding only in plain signs: it comes from a stranger's server."""
    is_plain = charset.replace("-", "").replace("_", "").isalnum() and charset.isascii()
    return f"{media_type}; charset={charset}" if is_plain else media_type


def _nothing() -> HttpResponseBase:
    return _guarded(HttpResponse("There is no such copy.\n", status=404, content_type="text/plain"))


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    for name, value in HEADERS.items():
        response[name] = value
    return response
