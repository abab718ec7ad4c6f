"""Headers that every answer has: what a page may use of a browser, and who may build it in.

Django's own middleware adds the others (nosniff, Referrer-Policy, Cross-Origin-Opener-Policy,
Strict-Transport-Security), django-csp the Content-Security-Policy.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
# Nothing here needs any of these (W3C Permissions Policy). Passkeys need one: its default stays.
_UNUSED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS = ", ".join(f"{feature}=()" for feature in _UNUSED)


def closing_headers(get_response: Answer) -> Answer:
    """Middleware: add them where the answer does not say otherwise."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware
